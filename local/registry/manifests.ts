import { AwsError } from '../contract.ts';
import { digestOf, type Registry } from '../ecr/registry.ts';
import type { Repository, StoredImage } from '../ecr/repository.ts';
import { parseJson } from '../json.ts';
import { RegistryError } from './errors.ts';

/** By digest, or by tag. */
export function wanted(reference: string): { readonly digest: string } | { readonly tag: string } {
  return reference.startsWith('sha256:') ? { digest: reference } : { tag: reference };
}

/** Throws MANIFEST_UNKNOWN. */
export function manifestOf(registry: Registry, repository: Repository, reference: string): StoredImage {
  const image = registry.find(repository, wanted(reference));
  if (image) return image;
  throw new RegistryError('MANIFEST_UNKNOWN', `'${repository.name}' has no image ${reference}`);
}

/** Stores a manifest or an index, whose blobs and children must exist. No effect if the tag already points to it. */
export function putManifest(
  registry: Registry,
  repository: Repository,
  reference: string,
  body: Buffer,
  mediaType: string | undefined,
): string {
  const manifest = body.toString();
  const target = wanted(reference);
  const digest = digestOf(body);
  if (!('digest' in target) && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(reference)) {
    const message = `'${reference}' is not a tag: at most 128 letters, digits, "_", "." and "-", beginning with no "." or "-"`;
    throw new RegistryError('TAG_INVALID', message);
  }
  const missing = blobsOf(manifest).find((blob) => !repository.blobs.has(blob));
  if (missing !== undefined) {
    const message = `the manifest refers to ${missing}, which was not uploaded to '${repository.name}'`;
    throw new RegistryError('MANIFEST_BLOB_UNKNOWN', message);
  }
  try {
    registry.put({ repository: repository.name, manifest, mediaType, ...target });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ImageAlreadyExistsException') throw error;
  }
  return digest;
}

/** Digests of the configuration and the layers, without foreign layers. */
function blobsOf(manifest: string): string[] {
  const json = parse(manifest);
  const layers = Array.isArray(json.layers) ? json.layers.map(record) : [];
  const here = layers.filter((layer) => !Array.isArray(layer.urls));
  return [record(json.config), ...here].flatMap(({ digest }) => (typeof digest === 'string' ? [digest] : []));
}

function parse(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    throw new RegistryError('MANIFEST_INVALID', 'the manifest is not JSON');
  }
  const manifest = record(json);
  if (Array.isArray(manifest.manifests) || typeof record(manifest.config).digest === 'string')
    return manifest;
  throw new RegistryError(
    'MANIFEST_INVALID',
    'neither an image manifest nor an index: no config, no manifests',
  );
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
