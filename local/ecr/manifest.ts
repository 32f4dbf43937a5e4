import { AwsError } from '../contract.ts';
import { parseJson } from '../json.ts';
import type { Repository, StoredImage } from './repository.ts';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const CONFIG_MEDIA_TYPE = 'application/vnd.oci.image.config.v1+json';

/** The facts that ECR shows about a manifest. Throws InvalidParameterException if it is not JSON. */
export function describeManifest(manifest: string, declared: string | undefined) {
  const json = parse(manifest);
  const mediaType = declared ?? (typeof json.mediaType === 'string' ? json.mediaType : MANIFEST);
  const children = Array.isArray(json.manifests) ? json.manifests.flatMap((child) => digestIn(child)) : [];
  const layers = Array.isArray(json.layers) ? json.layers : [];
  const size = layers.reduce((sum: number, layer) => sum + sizeIn(layer), 0);
  const config = record(json.config);
  const type = json.artifactType ?? config.mediaType;
  const isImage = typeof type === 'string' && mediaType === MANIFEST;
  return { mediaType, children, size, ...(isImage ? { artifactMediaType: type } : {}) };
}

/** "linux/amd64" and so on; empty if the configuration has no platform. */
export function platformsOf(where: Repository, image: StoredImage): string[] {
  const json = parse(image.manifest);
  if (Array.isArray(json.manifests)) {
    return json.manifests.flatMap((child) => {
      const { os, architecture } = record(record(child).platform);
      return typeof os === 'string' && os !== 'unknown' ? [`${os}/${String(architecture)}`] : [];
    });
  }
  const blob = where.blobs.get(String(record(json.config).digest));
  if (!blob) return [];
  const { os, architecture } = parse(new TextDecoder().decode(blob));
  return typeof os === 'string' ? [`${os}/${String(architecture)}`] : [];
}

function parse(text: string): Record<string, unknown> {
  try {
    return record(parseJson(text));
  } catch {
    throw new AwsError('InvalidParameterException', 'Invalid parameter at imageManifest: it is not JSON');
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function digestIn(child: unknown): string[] {
  const { digest } = record(child);
  return typeof digest === 'string' ? [digest] : [];
}

function sizeIn(layer: unknown): number {
  const { size } = record(layer);
  return typeof size === 'number' ? size : 0;
}
