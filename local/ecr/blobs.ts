import type { HttpResponse } from '../front/http.ts';
import type { Registry } from './registry.ts';

/** The URL from GetDownloadUrlForLayer: `/_registry/REPOSITORY/blobs/DIGEST`. */
export function blobOf(registry: Registry, path: string): HttpResponse {
  const [, repository = '', digest = ''] = /^\/_registry\/(.+)\/blobs\/(.+)$/.exec(path) ?? [];
  const content = registry.repositories.get(repository)?.blobs.get(digest);
  if (!content) return { status: 404, headers: {}, body: '' };
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: content };
}
