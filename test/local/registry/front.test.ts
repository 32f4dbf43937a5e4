import { createClock } from '../../../local/clock.ts';
import type { EventDraft } from '../../../local/contract.ts';
import { createRegistry, digestOf } from '../../../local/ecr/registry.ts';
import type { HttpResponse } from '../../../local/front/http.ts';
import { createIds } from '../../../local/ids.ts';
import { createRegistryFront } from '../../../local/registry/front.ts';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const AUTHORIZATION = `Basic ${Buffer.from('AWS:secret').toString('base64')}`;

function aRegistry() {
  const events: EventDraft[] = [];
  const registry = createRegistry({
    clock: createClock(0),
    emit: (event) => events.push(event),
    account: '123456789012',
    region: 'us-east-1',
  });
  registry.create('web-app');
  const front = createRegistryFront(registry, createIds(1), 'secret');

  function call(
    method: string,
    path: string,
    body: string | Buffer = '',
    headers: Readonly<Record<string, string>> = {},
  ): HttpResponse {
    return front.answer({
      method,
      path,
      headers: { authorization: AUTHORIZATION, ...headers },
      body: Buffer.from(body),
    });
  }

  function begin(): string {
    return call('POST', '/v2/web-app/blobs/uploads/').headers.location ?? '';
  }

  function putBlob(content: string): { digest: string; size: number } {
    const digest = digestOf(content);
    expect(call('POST', `/v2/web-app/blobs/uploads/?digest=${digest}`, content).status).toBe(201);
    return { digest, size: content.length };
  }

  function putImage(reference: string, content: string): HttpResponse {
    const config = putBlob(JSON.stringify({ os: 'linux', architecture: 'amd64', content }));
    const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers: [putBlob(content)] };
    return call('PUT', `/v2/web-app/manifests/${reference}`, JSON.stringify(manifest), {
      'content-type': MANIFEST,
    });
  }

  const pushed = () => events.map(({ detail }) => [detail['image-tag'], detail['image-digest']]);
  return { registry, call, begin, putBlob, putImage, pushed };
}

function codeOf(response: HttpResponse): string {
  return JSON.parse(String(response.body)).errors[0].code;
}

describe('the registry, asked without the right password', () => {
  it.each([undefined, 'Basic bm9ib2R5', 'Bearer secret'])('challenges %s', (authorization) => {
    const { call } = aRegistry();
    const response = call('GET', '/v2/', '', { authorization: authorization ?? '' });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Basic realm="ecr"');
    expect(codeOf(response)).toBe('UNAUTHORIZED');
  });

  it('says which protocol it speaks', () => {
    const { call } = aRegistry();
    expect(call('GET', '/v2/')).toMatchObject({
      status: 200,
      headers: { 'docker-distribution-api-version': 'registry/2.0' },
    });
  });
});

describe('an upload in chunks', () => {
  it('continues where it stopped, and exists when it is finished', () => {
    const { call, begin } = aRegistry();
    const session = begin();
    expect(call('PATCH', session, 'hello ', { 'content-range': '0-5' }).headers.range).toBe('0-5');
    expect(call('GET', session)).toMatchObject({ status: 204, headers: { range: '0-5' } });
    expect(call('PATCH', session, 'wor', { 'content-range': '6-8' }).headers.range).toBe('0-8');
    const digest = digestOf('hello world');
    expect(call('PUT', `${session}?digest=${digest}`, 'ld')).toMatchObject({
      status: 201,
      headers: { location: `/v2/web-app/blobs/${digest}`, 'docker-content-digest': digest },
    });
    expect(String(call('GET', `/v2/web-app/blobs/${digest}`).body)).toBe('hello world');
    expect(codeOf(call('GET', session))).toBe('BLOB_UPLOAD_UNKNOWN');
  });

  it.each(['6-8', '1-3', '0-9', 'odd'])('is refused with a gap or the wrong length: %s', (range) => {
    const { call, begin } = aRegistry();
    const session = begin();
    const response = call('PATCH', session, 'abc', { 'content-range': range });
    expect(response).toMatchObject({ status: 416, headers: { location: session } });
    expect(call('PATCH', session, 'abc', { 'content-range': '0-2' }).status).toBe(202);
  });

  it('is refused with a wrong digest, and starts again', () => {
    const { call, begin, registry } = aRegistry();
    const session = begin();
    const response = call('PUT', `${session}?digest=${digestOf('other')}`, 'content');
    expect(response.status).toBe(400);
    expect(codeOf(response)).toBe('DIGEST_INVALID');
    expect(registry.repository('web-app').blobs.size).toBe(0);
    expect(codeOf(call('GET', session))).toBe('BLOB_UPLOAD_UNKNOWN');
  });

  it('can be canceled', () => {
    const { call, begin } = aRegistry();
    const session = begin();
    expect(call('DELETE', session).status).toBe(204);
    expect(codeOf(call('PATCH', session, 'abc'))).toBe('BLOB_UPLOAD_UNKNOWN');
  });
});

describe('a blob', () => {
  it('is mounted from another repository', () => {
    const { call, putBlob, registry } = aRegistry();
    registry.create('other');
    const { digest } = putBlob('content');
    const mount = (from: string) => call('POST', `/v2/other/blobs/uploads/?mount=${digest}&from=${from}`);
    expect(mount('nowhere').status).toBe(202);
    expect(mount('web-app').status).toBe(201);
    expect(call('HEAD', `/v2/other/blobs/${digest}`).status).toBe(200);
  });

  it('can be read in part', () => {
    const { call, putBlob } = aRegistry();
    const { digest } = putBlob('hello world');
    const part = call('GET', `/v2/web-app/blobs/${digest}`, '', { range: 'bytes=6-' });
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': 'bytes 6-10/11' } });
    expect(String(part.body)).toBe('world');
    expect(call('GET', `/v2/web-app/blobs/${digest}`, '', { range: 'bytes=11-' }).status).toBe(416);
  });

  it('that is missing is an error', () => {
    const { call } = aRegistry();
    expect(codeOf(call('GET', `/v2/web-app/blobs/${digestOf('nothing')}`))).toBe('BLOB_UNKNOWN');
    expect(codeOf(call('GET', `/v2/nowhere/blobs/${digestOf('nothing')}`))).toBe('NAME_UNKNOWN');
  });
});

describe('a manifest', () => {
  it('that is put under a tag is one push, and none if it is put again', () => {
    const { putImage, pushed } = aRegistry();
    const digest = putImage('1.1.0', 'a').headers['docker-content-digest'];
    expect(putImage('1.1.0', 'a').status).toBe(201);
    expect(pushed()).toEqual([['1.1.0', digest]]);
  });

  it('of several platforms comes after its untagged children', () => {
    const { call, putImage, pushed } = aRegistry();
    const children = ['amd64', 'arm64'].map((architecture) => {
      const digest = digestOfImage(architecture);
      expect(putImage(digest, architecture).status).toBe(201);
      return { mediaType: MANIFEST, digest, size: 1, platform: { os: 'linux', architecture } };
    });
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: children });
    const response = call('PUT', '/v2/web-app/manifests/1.1.0', index, { 'content-type': INDEX });
    expect(response.status).toBe(201);
    expect(pushed()).toEqual([
      ['', children[0]?.digest],
      ['', children[1]?.digest],
      ['1.1.0', digestOf(index)],
    ]);
    expect(call('GET', '/v2/web-app/manifests/1.1.0')).toMatchObject({
      headers: { 'content-type': INDEX, 'docker-content-digest': digestOf(index) },
      body: index,
    });
  });

  it.each([
    [
      'without its layers',
      'later',
      { config: { digest: digestOf('none') }, layers: [] },
      'MANIFEST_BLOB_UNKNOWN',
    ],
    ['without its children', 'later', { manifests: [{ digest: digestOf('none') }] }, 'MANIFEST_BLOB_UNKNOWN'],
    ['that is neither image nor index', 'later', {}, 'MANIFEST_INVALID'],
    ['under an odd tag', '-later', { manifests: [] }, 'TAG_INVALID'],
    ['under a digest that is not its own', digestOf('other'), { manifests: [] }, 'DIGEST_INVALID'],
  ])('is refused %s', (_, reference, manifest, code) => {
    const { call, pushed } = aRegistry();
    const path = `/v2/web-app/manifests/${reference}`;
    expect(codeOf(call('PUT', path, JSON.stringify(manifest)))).toBe(code);
    expect(pushed()).toEqual([]);
  });

  it('is refused if it is not JSON', () => {
    const { call } = aRegistry();
    expect(codeOf(call('PUT', '/v2/web-app/manifests/later', '<html>'))).toBe('MANIFEST_INVALID');
  });

  it('refuses a tag that exists in an immutable repository', () => {
    const { putImage, registry } = aRegistry();
    putImage('1.1.0', 'a');
    registry.repository('web-app').mutability = 'IMMUTABLE';
    expect(codeOf(putImage('1.1.0', 'b'))).toBe('TAG_INVALID');
    expect(putImage('1.2.0', 'b').status).toBe(201);
  });

  it('can be deleted', () => {
    const { call, putImage } = aRegistry();
    putImage('1.1.0', 'a');
    expect(call('DELETE', '/v2/web-app/manifests/1.1.0').status).toBe(202);
    expect(codeOf(call('GET', '/v2/web-app/manifests/1.1.0'))).toBe('MANIFEST_UNKNOWN');
  });
});

describe('the tags of a repository', () => {
  it('are listed in pages, each with a link to the next', () => {
    const { call, putImage } = aRegistry();
    for (const tag of ['c', 'a', 'b']) putImage(tag, 'one image');
    const first = call('GET', '/v2/web-app/tags/list?n=2');
    expect(JSON.parse(String(first.body))).toEqual({ name: 'web-app', tags: ['a', 'b'] });
    expect(first.headers.link).toBe('</v2/web-app/tags/list?n=2&last=b>; rel="next"');
    const second = call('GET', '/v2/web-app/tags/list?n=2&last=b');
    expect(JSON.parse(String(second.body)).tags).toEqual(['c']);
    expect(second.headers.link).toBeUndefined();
  });
});

/** As `putImage` builds it. */
function digestOfImage(content: string): string {
  const config = JSON.stringify({ os: 'linux', architecture: 'amd64', content });
  const blob = (text: string) => ({ digest: digestOf(text), size: text.length });
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: blob(config), layers: [blob(content)] };
  return digestOf(JSON.stringify(manifest));
}

describe('a referrer of an image', () => {
  const SBOM = 'application/spdx+json';
  const EMPTY = { mediaType: 'application/vnd.oci.empty.v1+json' };

  /** As `oras attach` does: a manifest without a tag, whose subject is the image. */
  function anAttachment(artifactType: string, subject: string, annotations = { by: 'oras' }) {
    const registry = aRegistry();
    const config = { ...EMPTY, ...registry.putBlob('{}') };
    const made = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType,
      config,
      layers: [config],
      annotations,
    };
    const text = JSON.stringify({ ...made, subject: { mediaType: MANIFEST, digest: subject, size: 1 } });
    const put = () =>
      registry.call('PUT', `/v2/web-app/manifests/${digestOf(text)}`, text, { 'content-type': MANIFEST });
    return { ...registry, put, digest: digestOf(text), size: text.length };
  }
  const referrers = (call: ReturnType<typeof aRegistry>['call'], rest: string) => {
    const { status, headers, body } = call('GET', `/v2/web-app/referrers/${rest}`);
    return { status, headers, index: JSON.parse(String(body)) };
  };

  it('is listed with its type and its annotations', () => {
    const subject = digestOfImage('a');
    const { call, put, putImage, digest, size } = anAttachment(SBOM, subject);
    putImage('1.1.0', 'a');
    expect(referrers(call, subject).index).toMatchObject({ mediaType: INDEX, manifests: [] });
    expect(put()).toMatchObject({ status: 201, headers: { 'oci-subject': subject } });
    expect(referrers(call, subject)).toMatchObject({ status: 200, headers: { 'content-type': INDEX } });
    expect(referrers(call, subject).index.manifests).toEqual([
      { mediaType: MANIFEST, digest, size, artifactType: SBOM, annotations: { by: 'oras' } },
    ]);
    expect(referrers(call, digest).index.manifests).toEqual([]);
  });

  it('is filtered by its type, as the answer shows', () => {
    const subject = digestOfImage('a');
    const { call, put, putImage } = anAttachment(SBOM, subject);
    putImage('1.1.0', 'a');
    put();
    const asked = (type: string) => referrers(call, `${subject}?artifactType=${encodeURIComponent(type)}`);
    expect(asked(SBOM).index.manifests).toHaveLength(1);
    expect(asked('text/plain').index.manifests).toEqual([]);
    expect(asked(SBOM).headers['oci-filters-applied']).toBe('artifactType');
  });

  it('can exist before the image, until it is deleted', () => {
    const subject = digestOfImage('a');
    const { call, put, digest } = anAttachment(SBOM, subject);
    expect(put().status).toBe(201);
    expect(referrers(call, subject).index.manifests).toHaveLength(1);
    call('DELETE', `/v2/web-app/manifests/${digest}`);
    expect(referrers(call, subject).index.manifests).toEqual([]);
  });

  it('is requested by digest, in an existing repository', () => {
    const { call, putImage } = aRegistry();
    putImage('1.1.0', 'a');
    expect(codeOf(call('GET', '/v2/web-app/referrers/1.1.0'))).toBe('DIGEST_INVALID');
    expect(codeOf(call('GET', `/v2/nowhere/referrers/${digestOfImage('a')}`))).toBe('NAME_UNKNOWN');
    expect(codeOf(call('PUT', `/v2/web-app/referrers/${digestOfImage('a')}`))).toBe('UNSUPPORTED');
  });

  it('has no subject if the manifest has none', () => {
    expect(aRegistry().putImage('1.1.0', 'a').headers).not.toHaveProperty('oci-subject');
  });
});
