import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Writes an OCI image layout as build tools do: one layer with one file, for one platform or an index of several.
 * Answers the digest that `tag` stands for. Source: OCI Image Format Specification 1.1, "Image Layout".
 */
export async function writeLayout(
  directory: string,
  tag: string,
  platforms: readonly string[],
  labels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const blobs = join(directory, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });

  async function put(mediaType: string, content: string | Uint8Array): Promise<Descriptor> {
    const bytes = Buffer.from(content);
    const hex = createHash('sha256').update(bytes).digest('hex');
    await writeFile(join(blobs, hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  }

  async function image(platform: string): Promise<Descriptor> {
    const [os = '', architecture = ''] = platform.split('/');
    const files = tar('version', `${tag} for ${platform}\n`);
    const diff = `sha256:${createHash('sha256').update(files).digest('hex')}`;
    const layer = await put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(files));
    const config = await put(
      'application/vnd.oci.image.config.v1+json',
      JSON.stringify({
        os,
        architecture,
        config: { Labels: labels },
        rootfs: { type: 'layers', diff_ids: [diff] },
      }),
    );
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
    return put(MANIFEST, manifest);
  }

  const images = await Promise.all(
    platforms.map(async (platform) => {
      const [os, architecture] = platform.split('/');
      return { ...(await image(platform)), platform: { os, architecture } };
    }),
  );
  const [only] = images;
  const top =
    images.length === 1 && only
      ? { mediaType: only.mediaType, digest: only.digest, size: only.size }
      : await put(INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: images }));
  const annotations = { 'org.opencontainers.image.ref.name': tag };
  await writeFile(join(directory, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [{ ...top, annotations }] }),
  );
  return top.digest;
}

/** A tar archive of one file, in the ustar format: blocks of 512 bytes, two empty ones at the end. */
function tar(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, '0');
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(content.length, 12), 124);
  header.write(octal(0, 12), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 7)}\u0000 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}
