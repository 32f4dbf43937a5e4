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
  readonly scanOnPush: boolean;
  readonly images: Map<string, StoredImage>;
  readonly blobs: Map<string, Uint8Array>;
}
