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

/** OCI distribution specification, "Pulling manifests". */
export const TAG_GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

const DIGEST_GRAMMAR = /^sha256:[0-9a-f]{64}$/;

export const ONE_IMAGE =
  'a tag of at most 128 letters, digits, _ . - that does not start with . or -, or a digest';

/** Whether a text can be a tag or a digest. */
export function namesImage(text: string): boolean {
  return TAG_GRAMMAR.test(text) || DIGEST_GRAMMAR.test(text);
}

/** The twelve characters people compare digests by: `sha256:` and what follows is cut. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12);
}
