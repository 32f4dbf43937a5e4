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
      result: 'SUCCESS',
      'repository-name': where.name,
      'image-digest': image.digest,
      'action-type': action,
      'image-tag': tag,
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
      result: 'SUCCESS',
      'repository-name': where.name,
      'image-digest': image.digest,
      'source-account': from.account,
      'action-type': 'REPLICATE',
      'source-region': from.region,
      'image-tag': tag,
    },
  };
}
