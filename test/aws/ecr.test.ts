import { ECRClient } from '@aws-sdk/client-ecr';
import { createClock } from '../../local/clock.ts';
import { ecrApi } from '../../local/ecr/api.ts';
import { createRegistry } from '../../local/ecr/registry.ts';
import { serve } from '../../local/front/server.ts';
import { createImages } from '../../shared/aws/ecr.ts';
import { aTime, START } from '../builders.ts';

const OCI = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

describe('createImages', () => {
  const clock = createClock(START);
  const registry = createRegistry({ clock, emit: () => {}, account: '123456789012', region: 'us-east-1' });
  const api = ecrApi({
    registry,
    account: '123456789012',
    password: 'unused',
    blobUrl: (_, digest) => `https://blobs/${digest}`,
    now: () => START,
  });
  let server: Awaited<ReturnType<typeof serve>>;
  let client: ECRClient;
  let calls: string[] = [];
  /** What happens between the description of an image and its manifest. */
  let moves: (() => void) | undefined;

  beforeAll(async () => {
    server = await serve(0, async (request) => {
      const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      calls.push(operation);
      if (operation === 'BatchGetImage' && moves) {
        while (!calls.includes('DescribeImages')) await new Promise(setImmediate);
        moves();
        moves = undefined;
      }
      const call = { caller: 'test', callerArn: 'arn', account: '123456789012', region: 'us-east-1' };
      const output = await api.operations[operation]?.(JSON.parse(request.body.toString()), call);
      const headers = { 'content-type': 'application/x-amz-json-1.1' };
      return { status: 200, headers, body: JSON.stringify(output) };
    });
    client = new ECRClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  beforeEach(() => {
    registry.reset();
    registry.create('web-app');
    calls = [];
  });

  function images() {
    const download = async (url: string | URL | Request) => {
      calls.push('blob');
      const content = registry.repositories.get('web-app')?.blobs.get(String(url).slice(14));
      return new Response(content && new TextDecoder().decode(content));
    };
    return createImages({ ecr: client, ecrIn: () => client }, aTime(), download);
  }

  function put(manifest: object, tag?: string, mediaType = OCI): string {
    const text = JSON.stringify(manifest);
    return registry.put({ repository: 'web-app', manifest: text, mediaType, tag }).digest;
  }

  function blob(content: object): string {
    return registry.putBlob('web-app', new TextEncoder().encode(JSON.stringify(content)));
  }

  function anImage(config: object, type = CONFIG, layer = LAYER) {
    const layers = [{ mediaType: layer, digest: blob({ layer }), size: 1 }];
    return { schemaVersion: 2, mediaType: OCI, config: { mediaType: type, digest: blob(config) }, layers };
  }

  const arm = { os: 'linux', architecture: 'arm64' };
  const entry = (digest: string, more: object = {}) => ({ mediaType: OCI, digest, size: 1, ...more });

  it('reads an image in 3 calls and an index in 4', async () => {
    const child = put(anImage({ ...arm, config: { Labels: {} } }), '1.0.0');
    put({ mediaType: INDEX, manifests: [entry(child, { platform: arm })] }, '2.0.0', INDEX);
    const known = { image: { platforms: [arm] }, storage: 'ACTIVE' };
    expect(await images().inspect({ repository: 'web-app' }, { tag: '1.0.0' })).toMatchObject(known);
    expect(calls.toSorted()).toEqual(['BatchGetImage', 'DescribeImages', 'GetDownloadUrlForLayer', 'blob']);
    calls = [];
    expect(await images().inspect({ repository: 'web-app' }, { tag: '2.0.0' })).toMatchObject(known);
    expect(calls.toSorted()).toEqual([
      'BatchGetImage',
      'BatchGetImage',
      'DescribeImages',
      'GetDownloadUrlForLayer',
      'blob',
    ]);
  });

  it.each<[string, () => string, RegExp]>([
    ['a chart', () => put(anImage({}, 'application/vnd.cncf.helm.config.v1+json'), '4.0.0'), /helm/],
    [
      'a signature with the configuration of an image',
      () => put(anImage({}, CONFIG, 'application/vnd.dev.cosign.simplesigning.v1+json'), '4.0.0'),
      /simplesigning/,
    ],
    [
      'an index of charts',
      () => {
        const chart = put(anImage({}, 'application/vnd.cncf.helm.config.v1+json'));
        return put({ mediaType: INDEX, manifests: [entry(chart)] }, '4.0.0', INDEX);
      },
      /helm/,
    ],
    [
      'an index of attestations',
      () => {
        const child = put(anImage({}));
        const platform = { os: 'unknown', architecture: 'unknown' };
        return put({ mediaType: INDEX, manifests: [entry(child, { platform })] }, '4.0.0', INDEX);
      },
      /index without an image/,
    ],
  ])('refuses %s as not an image', async (_, push, why) => {
    const digest = push();
    expect(await images().inspect({ repository: 'web-app' }, { tag: '4.0.0' })).toEqual({
      digest,
      notAnImage: expect.stringMatching(why),
    });
  });

  it('reads the manifest again where the tag moves while it is described', async () => {
    const labels = (text: string) => ({
      ...arm,
      config: { Labels: { 'org.opencontainers.image.title': text } },
    });
    const before = put(anImage(labels('before')), '1.0.0');
    moves = () => void put(anImage(labels('after')), '1.0.0');
    const found = await images().inspect({ repository: 'web-app' }, { tag: '1.0.0' });
    expect(found).toMatchObject({ image: { digest: before, labels: { description: 'before' } } });
    expect(calls.filter((call) => call === 'BatchGetImage')).toHaveLength(2);
  });

  it('reads the image of an index that has a SOCI index, too', async () => {
    const child = put(
      anImage({ ...arm, config: { Labels: { 'org.opencontainers.image.revision': 'abc' } } }),
    );
    const soci = put(anImage({}, 'application/vnd.amazon.soci.index.v2+json'));
    const artifactType = 'application/vnd.amazon.soci.index.v2+json';
    const manifests = [entry(soci, { artifactType, platform: arm }), entry(child, { platform: arm })];
    put({ mediaType: INDEX, manifests }, '1.0.0-soci', INDEX);
    expect(await images().inspect({ repository: 'web-app' }, { tag: '1.0.0-soci' })).toMatchObject({
      image: { platforms: [arm], labels: { revision: 'abc' } },
    });
  });

  it('reads a schema 1 manifest, which has no configuration, as an image of unknown platform', async () => {
    const mediaType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    put({ schemaVersion: 1, name: 'web-app', tag: '1.0.0', fsLayers: [] }, '1.0.0', mediaType);
    expect(await images().inspect({ repository: 'web-app' }, { tag: '1.0.0' })).toMatchObject({
      image: { platforms: [] },
    });
  });

  it('keeps platform and labels if one label, or one entry of the index, is invalid', async () => {
    const labels = { 'org.opencontainers.image.revision': 'abc', count: 3 };
    const child = put(anImage({ ...arm, config: { Labels: labels } }));
    const odd = put(anImage({ other: true }));
    const manifests = [entry(odd, { platform: { architecture: 'amd64' } }), entry(child, { platform: arm })];
    put({ mediaType: INDEX, manifests }, '1.0.0', INDEX);
    expect(await images().inspect({ repository: 'web-app' }, { tag: '1.0.0' })).toMatchObject({
      image: { platforms: [arm], labels: { revision: 'abc' } },
    });
  });

  it('marks in the listing what is not an image', async () => {
    put(anImage(arm), '1.0.0');
    put(anImage({}, 'application/vnd.cncf.helm.config.v1+json'), '4.0.0');
    expect(await images().tagged({ repository: 'web-app' })).toEqual({
      images: [
        { tag: '1.0.0', digest: expect.any(String), pushedAt: START },
        {
          tag: '4.0.0',
          digest: expect.any(String),
          pushedAt: START,
          notAnImage: expect.stringMatching(/helm/),
        },
      ],
    });
  });
});
