import { digestOf } from '../ecr/registry.ts';
import { RegistryError } from './errors.ts';

interface Upload {
  readonly repository: string;
  readonly chunks: Uint8Array[];
  size: number;
}

/** Uploads of blobs: one session each, until it is finished or canceled. */
interface Uploads {
  begin(repository: string): string;
  /** Bytes so far. Throws BLOB_UPLOAD_UNKNOWN. */
  size(id: string, repository: string): number;
  /**
   * Adds a chunk; answers the bytes so far. `range`: the header Content-Range, "first-last", in bytes.
   * Throws RANGE_INVALID when the chunk does not go on where the last one ended.
   */
  append(id: string, repository: string, chunk: Uint8Array, range?: string): number;
  /** Returns the whole blob and removes the session, even if the digest is wrong. Throws DIGEST_INVALID. */
  finish(id: string, repository: string, digest: string): Uint8Array;
  cancel(id: string, repository: string): void;
  reset(): void;
}

/** `location`: the path of a session. */
export function createUploads(
  freshId: () => string,
  location: (repository: string, id: string) => string,
): Uploads {
  const uploads = new Map<string, Upload>();

  function find(id: string, repository: string): Upload {
    const upload = uploads.get(id);
    if (upload?.repository === repository) return upload;
    throw new RegistryError('BLOB_UPLOAD_UNKNOWN', `there is no upload ${id} to '${repository}'`);
  }

  return {
    begin(repository) {
      const id = freshId();
      uploads.set(id, { repository, chunks: [], size: 0 });
      return id;
    },
    size: (id, repository) => find(id, repository).size,
    append(id, repository, chunk, range) {
      const upload = find(id, repository);
      if (range !== undefined && !fits(range, upload.size, chunk.length)) {
        const message = `the chunk ${range} of ${chunk.length} bytes does not go on at byte ${upload.size}`;
        throw new RegistryError('RANGE_INVALID', message, {
          location: location(repository, id),
          range: rangeOf(upload.size),
        });
      }
      upload.chunks.push(chunk);
      upload.size += chunk.length;
      return upload.size;
    },
    finish(id, repository, digest) {
      const { chunks } = find(id, repository);
      uploads.delete(id);
      const content = Buffer.concat(chunks);
      const actual = digestOf(content);
      if (digest === actual) return content;
      throw new RegistryError('DIGEST_INVALID', `the digest ${digest} is not that of the blob, ${actual}`);
    },
    cancel(id, repository) {
      find(id, repository);
      uploads.delete(id);
    },
    reset: () => uploads.clear(),
  };
}

/** "first-last", for the header Range of a session; "0-0" while it is empty. */
export function rangeOf(size: number): string {
  return `0-${Math.max(0, size - 1)}`;
}

/** Source: OCI Distribution Specification 1.1, "Pushing a blob in chunks". */
function fits(range: string, size: number, length: number): boolean {
  const [, first, last] = /^(?:bytes[ =])?(\d+)-(\d+)(?:\/.*)?$/.exec(range) ?? [];
  return Number(first) === size && Number(last) - Number(first) + 1 === length;
}
