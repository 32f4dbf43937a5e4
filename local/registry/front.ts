import type { Ids } from '../contract.ts';
import { INDEX } from '../ecr/manifest.ts';
import { referrersOf, subjectOf } from '../ecr/referrers.ts';
import type { Registry } from '../ecr/registry.ts';
import type { HttpRequest, HttpResponse } from '../front/http.ts';
import { answerError, RegistryError } from './errors.ts';
import { manifestOf, putManifest, wanted } from './manifests.ts';
import { createUploads, rangeOf } from './uploads.ts';

interface RegistryFront {
  /** Answers a request to a path below `/v2/`. */
  answer(request: HttpRequest): HttpResponse;
  reset(): void;
}

const PAGE = 1_000;
const OCTETS = 'application/octet-stream';

/**
 * The registry end of ECR: what docker, skopeo, crane and oras speak. Source: OCI Distribution Specification 1.1.
 * `password`: what GetAuthorizationToken gives; the user is always `AWS`.
 */
export function createRegistryFront(registry: Registry, ids: Ids, password: string): RegistryFront {
  const uploads = createUploads(() => ids.uuid(), uploadPath);
  const front: FrontState = { registry, password, uploads };

  return {
    answer(request) {
      const response = attempt(() => route(front, request));
      const headers = { 'docker-distribution-api-version': 'registry/2.0', ...response.headers };
      return { ...response, headers };
    },
    reset: uploads.reset,
  };
}

interface FrontState {
  readonly registry: Registry;
  readonly password: string;
  readonly uploads: ReturnType<typeof createUploads>;
}

function route(front: FrontState, request: HttpRequest): HttpResponse {
  authorize(request, front.password);
  const url = new URL(request.path, 'http://registry');
  const path = decoded(url.pathname);
  if (/^\/v2\/?$/.test(path)) return empty(200);
  const [, name = '', kind, rest = ''] =
    /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|tags|referrers)\/(.*)$/.exec(path) ?? [];
  if (kind === undefined) throw new RegistryError('UNSUPPORTED', `there is no ${request.method} ${path}`);
  front.registry.repository(name);
  switch (kind) {
    case 'blobs/uploads':
      return rest === ''
        ? beginUpload(front, name, request, url)
        : continueUpload(front, name, rest, request, url);
    case 'blobs':
      return blob(front, name, rest, request);
    case 'manifests':
      return manifest(front, name, rest, request);
    case 'tags':
      return tags(front, name, url);
    default:
      return referrers(front, name, rest, request, url);
  }
}

function beginUpload(front: FrontState, name: string, request: HttpRequest, url: URL): HttpResponse {
  only(request, 'POST');
  const mount = url.searchParams.get('mount');
  const from = url.searchParams.get('from');
  const mounted = mount && from ? front.registry.repositories.get(from)?.blobs.get(mount) : undefined;
  if (mounted) return created(name, front.registry.putBlob(name, mounted));
  const id = front.uploads.begin(name);
  const digest = url.searchParams.get('digest');
  if (digest === null) return accepted(name, id, 0);
  front.uploads.append(id, name, request.body);
  return created(name, front.registry.putBlob(name, front.uploads.finish(id, name, digest)));
}

function continueUpload(
  front: FrontState,
  name: string,
  id: string,
  request: HttpRequest,
  url: URL,
): HttpResponse {
  switch (request.method) {
    case 'GET':
      return progress(204, name, id, front.uploads.size(id, name));
    case 'PATCH':
      return accepted(
        name,
        id,
        front.uploads.append(id, name, request.body, request.headers['content-range']),
      );
    case 'PUT': {
      const digest = url.searchParams.get('digest');
      if (digest === null) throw new RegistryError('DIGEST_INVALID', 'the query has no digest');
      const range = request.headers['content-range'];
      if (request.body.length > 0) front.uploads.append(id, name, request.body, range);
      return created(name, front.registry.putBlob(name, front.uploads.finish(id, name, digest)));
    }
    case 'DELETE':
      front.uploads.cancel(id, name);
      return empty(204);
    default:
      throw unsupported(request);
  }
}

function blob(front: FrontState, name: string, digest: string, request: HttpRequest): HttpResponse {
  only(request, 'GET', 'HEAD');
  const content = front.registry.repository(name).blobs.get(digest);
  if (!content) throw new RegistryError('BLOB_UNKNOWN', `'${name}' has no blob ${digest}`);
  const headers = { 'content-type': OCTETS, 'docker-content-digest': digest, 'accept-ranges': 'bytes' };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: content };
  const from = Number(first);
  const to = Math.min(last ? Number(last) : content.length - 1, content.length - 1);
  if (from > to) {
    const message = `the blob has ${content.length} bytes only`;
    throw new RegistryError('RANGE_INVALID', message, { 'content-range': `bytes */${content.length}` });
  }
  const range = { 'content-range': `bytes ${from}-${to}/${content.length}` };
  return { status: 206, headers: { ...headers, ...range }, body: content.subarray(from, to + 1) };
}

function manifest(front: FrontState, name: string, reference: string, request: HttpRequest): HttpResponse {
  const repository = front.registry.repository(name);
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const image = manifestOf(front.registry, repository, reference);
      const headers = { 'content-type': image.mediaType, 'docker-content-digest': image.digest };
      return { status: 200, headers, body: image.manifest };
    }
    case 'PUT': {
      const type = request.headers['content-type'];
      const digest = putManifest(front.registry, repository, reference, request.body, type);
      const headers = { location: `/v2/${name}/manifests/${digest}`, 'docker-content-digest': digest };
      // Without this header, clients maintain their own index of referrers, under a tag.
      const subject = subjectOf(request.body.toString());
      return {
        status: 201,
        headers: { ...headers, ...(subject ? { 'oci-subject': subject } : {}) },
        body: '',
      };
    }
    case 'DELETE':
      manifestOf(front.registry, repository, reference);
      front.registry.remove(name, wanted(reference));
      return empty(202);
    default:
      throw unsupported(request);
  }
}

function referrers(
  front: FrontState,
  name: string,
  digest: string,
  request: HttpRequest,
  url: URL,
): HttpResponse {
  only(request, 'GET', 'HEAD');
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    throw new RegistryError('DIGEST_INVALID', `'${digest}' is not a digest`);
  const type = url.searchParams.get('artifactType');
  const all = referrersOf(front.registry.repository(name), digest);
  const manifests = type === null ? all : all.filter(({ artifactType }) => artifactType === type);
  const answer = json(200, { schemaVersion: 2, mediaType: INDEX, manifests }, INDEX);
  const filtered = type === null ? {} : { 'oci-filters-applied': 'artifactType' };
  return { ...answer, headers: { ...answer.headers, ...filtered } };
}

function tags(front: FrontState, name: string, url: URL): HttpResponse {
  const all = [...front.registry.repository(name).images.values()]
    .flatMap((image) => [...image.tags])
    .toSorted();
  const last = url.searchParams.get('last');
  const asked = Number(url.searchParams.get('n') ?? PAGE);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, PAGE) : PAGE;
  const after = last === null ? all : all.filter((tag) => tag > last);
  const page = after.slice(0, size);
  const next = `/v2/${name}/tags/list?n=${size}&last=${encodeURIComponent(page.at(-1) ?? '')}`;
  const more = after.length > size ? { link: `<${next}>; rel="next"` } : {};
  const answer = json(200, { name, tags: page });
  return { ...answer, headers: { ...answer.headers, ...more } };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new RegistryError('NAME_INVALID', `the path is not well-formed: ${path}`);
  }
}

function attempt(work: () => HttpResponse): HttpResponse {
  try {
    return work();
  } catch (error) {
    return answerError(error);
  }
}

function authorize({ headers }: HttpRequest, password: string): void {
  const [, token = ''] = /^Basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  if (Buffer.from(token, 'base64').toString() === `AWS:${password}`) return;
  const message = 'the user is AWS, the password is the output of `aws ecr get-login-password`';
  throw new RegistryError('UNAUTHORIZED', message, { 'www-authenticate': 'Basic realm="ecr"' });
}

function only(request: HttpRequest, ...methods: readonly string[]): void {
  if (!methods.includes(request.method)) throw unsupported(request);
}

function unsupported({ method, path }: HttpRequest): RegistryError {
  return new RegistryError('UNSUPPORTED', `${path} does not support ${method}`);
}

function uploadPath(repository: string, id: string): string {
  return `/v2/${repository}/blobs/uploads/${id}`;
}

function accepted(name: string, id: string, size: number): HttpResponse {
  return progress(202, name, id, size);
}

function progress(status: number, name: string, id: string, size: number): HttpResponse {
  const headers = { location: uploadPath(name, id), range: rangeOf(size), 'docker-upload-uuid': id };
  return { status, headers, body: '' };
}

function created(name: string, digest: string): HttpResponse {
  const headers = { location: `/v2/${name}/blobs/${digest}`, 'docker-content-digest': digest };
  return { status: 201, headers, body: '' };
}

function empty(status: number): HttpResponse {
  return { status, headers: {}, body: '' };
}

function json(status: number, content: object, type = 'application/json'): HttpResponse {
  return { status, headers: { 'content-type': type }, body: JSON.stringify(content) };
}
