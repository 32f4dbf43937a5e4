import type { EventDraft } from '../contract.ts';
import type { Place } from '../place.ts';
import type { Repository, StoredImage } from './repository.ts';

/** ECR's events. Source: Amazon ECR User Guide, "Amazon ECR events and EventBridge". */

/** A push to the registry, or the removal of an image. */
export function imageEvent(
  action: 'PUSH' | 'DELETE',
  where: Repository,
  image: StoredImage,
  tag: string,
): EventDraft {
  return {
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    resources: [],
    detail: {
      ...detailOf(where, image, tag),
      'action-type': action,
      'manifest-media-type': image.mediaType,
      ...(image.artifactMediaType === undefined ? {} : { 'artifact-media-type': image.artifactMediaType }),
    },
  };
}

/** An image has arrived by replication. */
export function replicationEvent(
  from: Place,
  where: Repository,
  image: StoredImage,
  tag: string,
): EventDraft {
  return {
    source: 'aws.ecr',
    'detail-type': 'ECR Replication Action',
    resources: [where.arn],
    detail: {
      ...detailOf(where, image, tag),
      'action-type': 'REPLICATE',
      'source-account': from.account,
      'source-region': from.region,
    },
  };
}

function detailOf(where: Repository, image: StoredImage, tag: string) {
  return {
    result: 'SUCCESS',
    'repository-name': where.name,
    'image-digest': image.digest,
    'image-tag': tag,
  };
}
