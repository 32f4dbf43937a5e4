import type { JsonObject } from '../contract.ts';
import type { Tag } from '../ecs/definition.ts';

/** An image as ECR keeps it: a manifest or an index, and the tags that point at it. */
export interface StoredImage {
  readonly digest: string;
  readonly manifest: string;
  readonly mediaType: string;
  readonly artifactMediaType?: string;
  readonly pushedAt: number;
  readonly size: number;
  readonly children: readonly string[];
  readonly tags: Set<string>;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: number;
  mutability: string;
  /** `imageTagMutabilityExclusionFilters`: tags to which the opposite of `mutability` applies. */
  exclusions?: readonly JsonObject[];
  scanOnPush: boolean;
  readonly encryption?: JsonObject;
  /** As JSON text. */
  lifecyclePolicy?: string;
  lifecyclePolicyAt?: number;
  /** Who may use the repository, as JSON text. */
  policy?: string;
  tags?: readonly Tag[];
  /** Counts by severity, by the digest of the image. */
  findings?: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly images: Map<string, StoredImage>;
  readonly blobs: Map<string, Uint8Array>;
}
