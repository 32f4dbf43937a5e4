/** An image in ECR. Its identity is the digest; the tag is what people call it. */
export interface Image {
  readonly repository: string;
  readonly tag: string;
  /** The newest tag that it was pushed under later: it is compared with other images by that. */
  readonly newestTag?: string;
  /** Of the manifest or index that the tag points at: `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Epoch milliseconds. */
  readonly pushedAt: number;
  /** Its tag was found without an event, and came between `pushedAt` and this, epoch milliseconds. */
  readonly pushedBefore?: number;
  /** What the image can run on; empty if its manifest does not say. Attestations (`unknown/unknown`) are left out. */
  readonly platforms: readonly Platform[];
  /** OCI labels that Fairway shows. */
  readonly labels: ImageLabels;
}

/** OCI platform: `linux`/`windows`, `amd64`/`arm64`. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/** From `org.opencontainers.image.revision`, `.source`, `.authors`, `.title`/`.description`. */
export interface ImageLabels {
  readonly revision?: string;
  readonly source?: string;
  readonly author?: string;
  readonly description?: string;
}

/** Enough of an image to name it. */
export interface ImageName {
  readonly tag: string;
  readonly digest: string;
}

/** The twelve characters people compare digests by: `sha256:` and what follows is cut. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
