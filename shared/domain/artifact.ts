/**
 * Whether what a tag points at can run as a container. Registries keep other artifacts under tags, too: Helm charts,
 * SBOMs, signatures, build caches. One rule for all ways in: events, listings and manifests.
 */

/** What is known of an artifact; what is absent is unknown, and unknown is an image. */
export interface Artifact {
  /** Media type of the manifest or index. */
  readonly manifest?: string | undefined;
  /** The manifest's `artifactType`, else the media type of its configuration. */
  readonly type?: string | undefined;
  /** Media types of its layers. */
  readonly layers?: readonly string[] | undefined;
  /** The entries of an index. */
  readonly entries?: readonly IndexEntry[] | undefined;
}

/** An entry of an image index. Source: OCI Image Specification, "Image Index". */
interface IndexEntry {
  readonly mediaType?: string | undefined;
  readonly artifactType?: string | undefined;
  readonly os?: string | undefined;
}

/** Single images and indexes, by OCI and by Docker. Schema 1 is from before Docker 1.10 and has no configuration. */
export const MANIFEST_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];
const CONFIGURATION_TYPES: readonly string[] = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];
/** Layers of images, compressed or not, to be distributed or not. */
const LAYER = /^application\/vnd\.(oci\.image\.layer\.|docker\.image\.rootfs\.)/;

/** Why an artifact is not an image, in words for the ledger; undefined: it is one. */
export function whyNotAnImage({ manifest, type, layers = [], entries }: Artifact): string | undefined {
  if (manifest !== undefined && !MANIFEST_TYPES.includes(manifest)) return `${manifest} is not an image`;
  if (type !== undefined && !CONFIGURATION_TYPES.includes(type)) return `${type} is not an image`;
  if (entries !== undefined && !entries.some(isRunnable)) return 'an index without an image is not an image';
  const [first] = layers;
  // Signatures of cosign and attestations of BuildKit have the configuration of an image, but none of its layers.
  if (first !== undefined && !layers.some((layer) => LAYER.test(layer))) return `${first} is not an image`;
  return undefined;
}

/** Whether an entry of an index is an image: attestations, SOCI indexes and layers of caches are not. */
export function isRunnable({ mediaType, artifactType, os }: IndexEntry): boolean {
  return os !== 'unknown' && whyNotAnImage({ manifest: mediaType, type: artifactType }) === undefined;
}
