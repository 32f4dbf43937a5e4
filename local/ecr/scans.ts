import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { object, seconds, text } from '../ecs/read.ts';
import type { Registry } from './registry.ts';
import type { Repository, StoredImage } from './repository.ts';

/** What scans of images found: what the control interface says, or nothing, in repositories that scan on push. */

export interface FindingsRequest {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly critical?: number;
  readonly high?: number;
}

interface ScanOptions {
  readonly registry: Registry;
  readonly account: string;
  /** The repository that an input names. Throws RepositoryNotFoundException. */
  readonly named: (input: JsonObject) => Repository;
}

/** Sets the findings of an image. Throws for an image that does not exist. */
export function setFindings(registry: Registry, request: FindingsRequest): void {
  const { tag, digest, critical = 0, high = 0 } = request;
  const repository = registry.repository(request.repository);
  const image = registry.find(repository, { tag, digest });
  if (image === undefined) throw new Error(`${request.repository} has no such image`);
  repository.findings = new Map([
    ...(repository.findings ?? []),
    [image.digest, { CRITICAL: critical, HIGH: high }],
  ]);
}

export function scanOperations({ registry, account, named }: ScanOptions): ServiceApi['operations'] {
  return {
    DescribeImageScanFindings(input) {
      const repository = named(input);
      const wanted = object(input, 'imageId') ?? {};
      const ids = { tag: text(wanted, 'imageTag'), digest: text(wanted, 'imageDigest') };
      const image = registry.find(repository, ids);
      if (image === undefined) throw imageNotFound(repository, ids.digest ?? ids.tag ?? '');
      const counts = countsOf(repository, image);
      if (counts === undefined) throw scanNotFound(repository, image);
      return {
        registryId: account,
        repositoryName: repository.name,
        imageId: { imageDigest: image.digest },
        imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
        imageScanFindings: {
          imageScanCompletedAt: seconds(image.pushedAt),
          vulnerabilitySourceUpdatedAt: seconds(image.pushedAt),
          findings: [],
          findingSeverityCounts: counts,
        },
      };
    },
  };
}

/** Those above zero. An index is not scanned, but the images in it are. */
function countsOf(repository: Repository, image: StoredImage): JsonObject | undefined {
  const known = repository.findings?.get(image.digest);
  if (known !== undefined) return Object.fromEntries(Object.entries(known).filter(([, count]) => count > 0));
  return repository.scanOnPush && image.children.length === 0 ? {} : undefined;
}

function imageNotFound({ name }: Repository, id: string): AwsError {
  const message = `The image with imageId ${id} does not exist within the repository with name '${name}'`;
  return new AwsError('ImageNotFoundException', message);
}

function scanNotFound({ name }: Repository, { digest }: StoredImage): AwsError {
  const message = `Image scan does not exist for the image with '{imageDigest:'${digest}'}' in the repository with name '${name}'`;
  return new AwsError('ScanNotFoundException', message);
}
