import type { Ids } from '../contract.ts';
import { CONFIG_MEDIA_TYPE, INDEX, MANIFEST } from './manifest.ts';
import type { Registry } from './registry.ts';

export interface PushRequest {
  readonly repository: string;
  /** Absent: an untagged push. */
  readonly tag?: string;
  /** "linux/amd64"; several make an index, children first. */
  readonly platforms?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Makes digests differ or agree. */
  readonly content?: string;
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Pushes a generated image as a client would. Returns the digest that the tag points to. */
export function pushImage(registry: Registry, ids: Ids, request: PushRequest): string {
  const { repository, tag, labels = {} } = request;
  const platforms = request.platforms?.length ? request.platforms : ['linux/amd64'];
  const content = request.content ?? ids.hex(16);
  if (platforms.length === 1)
    return pushSingle(registry, { repository, tag, platform: platforms[0] ?? '', labels, content });
  const children = platforms.map((platform) => {
    const digest = pushSingle(registry, { repository, tag: undefined, platform, labels, content });
    return { mediaType: MANIFEST, digest, size: 500, platform: split(platform) };
  });
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: children });
  return putTolerant(registry, { repository, manifest, mediaType: INDEX, tag });
}

interface Single {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly content: string;
}

function pushSingle(registry: Registry, { repository, tag, platform, labels, content }: Single): string {
  const encoder = new TextEncoder();
  const layer = encoder.encode(`${content} for ${platform}`);
  const config = encoder.encode(
    JSON.stringify({
      ...split(platform),
      config: { Labels: labels },
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: CONFIG_MEDIA_TYPE,
      digest: registry.putBlob(repository, config),
      size: config.length,
    },
    layers: [{ mediaType: LAYER, digest: registry.putBlob(repository, layer), size: layer.length }],
  });
  return putTolerant(registry, { repository, manifest, mediaType: MANIFEST, tag });
}

/** Pushing an existing image succeeds for a client, without an event. */
function putTolerant(registry: Registry, input: Parameters<Registry['put']>[0]): string {
  try {
    return registry.put(input).digest;
  } catch (error) {
    const already = error instanceof Error && error.name === 'ImageAlreadyExistsException';
    const digest = already ? /sha256:[0-9a-f]{64}/.exec(error.message)?.[0] : undefined;
    if (digest === undefined) throw error;
    return digest;
  }
}

function split(platform: string): { os: string; architecture: string } {
  const [os = 'linux', architecture = 'amd64'] = platform.split('/');
  return { os, architecture };
}
