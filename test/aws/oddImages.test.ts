import {
  BatchGetImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
} from '@aws-sdk/client-ecr';
import { createImages } from '../../shared/aws/ecr.ts';
import { aTime, digestOf } from '../builders.ts';

const CONFIG = 'application/vnd.oci.image.config.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

interface Faults {
  /** What GetDownloadUrlForLayer fails with. */
  readonly url?: Error;
  /** What the download of a layer answers. */
  readonly layer?: () => Response;
}

/** ECR with one image under the tag 1.0.0. The URL of a configuration is its digest. */
function anEcr(
  manifests: Readonly<Record<string, unknown>>,
  configs: Readonly<Record<string, string>>,
  faults: Faults = {},
) {
  const send = async (command: unknown) => {
    if (command instanceof DescribeImagesCommand)
      return {
        imageDetails: [{ imageDigest: digestOf('top'), imageTags: ['1.0.0'], imagePushedAt: new Date(0) }],
      };
    if (command instanceof BatchGetImageCommand) {
      const digest = command.input.imageIds?.[0]?.imageDigest ?? '';
      return { images: [{ imageManifest: JSON.stringify(manifests[digest]) }] };
    }
    if (command instanceof GetDownloadUrlForLayerCommand) {
      if (faults.url) throw faults.url;
      return { downloadUrl: `https://layers/${command.input.layerDigest}` };
    }
    throw new Error('unexpected call');
  };
  const download = async (address: string | URL | Request) => {
    if (faults.layer) return faults.layer();
    const body = configs[String(address).replace('https://layers/', '')] ?? '';
    return new Response(body, { headers: { 'content-length': String(Buffer.byteLength(body)) } });
  };
  const ecr: Pick<ECRClient, 'send'> = { send: send as ECRClient['send'] };
  return createImages(
    { ecr: ecr as ECRClient, ecrIn: () => ecr as ECRClient },
    aTime(),
    download as typeof fetch,
  );
}

const single = (config: string) => ({
  manifests: {
    [digestOf('top')]: {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: CONFIG, digest: digestOf('config') },
      layers: [],
    },
  },
  configs: { [digestOf('config')]: config },
});

async function inspect(
  manifests: Readonly<Record<string, unknown>>,
  configs: Readonly<Record<string, string>>,
  faults: Faults = {},
) {
  const found = await anEcr(manifests, configs, faults).inspect({ repository: 'web-app' }, { tag: '1.0.0' });
  if (!found || 'notAnImage' in found) throw new Error('no image was found');
  return found.image;
}

describe('the config of an image', () => {
  const of = (config: string, faults: Faults = {}) => {
    const { manifests, configs } = single(config);
    return inspect(manifests, configs, faults);
  };
  const ARM = '{"os": "linux", "architecture": "arm64"}';
  const faultOfUrl = (name: string) =>
    Object.assign(new Error(`${name}!`), { name, $metadata: { httpStatusCode: 400 } });

  it.each(['AccessDeniedException', 'ThrottlingException', 'ServerException', 'RepositoryNotFoundException'])(
    'is no unknown platform if ECR answers %s: the image is inspected again',
    async (name) => {
      await expect(of(ARM, { url: faultOfUrl(name) })).rejects.toMatchObject({
        code: name,
        message: `ecr:GetDownloadUrlForLayer: ${name}!`,
        passing: !/Denied|NotFound/.test(name),
      });
    },
  );

  it.each(['LayersNotFoundException', 'LayerInaccessibleException', 'InvalidParameterException'])(
    'is unknown if ECR answers %s',
    async (name) => {
      expect(await of(ARM, { url: faultOfUrl(name) })).toMatchObject({ platforms: [], labels: {} });
    },
  );

  it('is read again if S3 is out', async () => {
    const unreachable = () => {
      throw new TypeError('fetch failed');
    };
    for (const layer of [() => new Response('', { status: 503 }), unreachable])
      await expect(of(ARM, { layer })).rejects.toMatchObject({ name: 'AwsFault', passing: true });
  });

  it.each([403, 404])('is unknown if S3 answers %i', async (status) => {
    const image = await of(ARM, { layer: () => new Response('', { status }) });
    expect(image.platforms).toEqual([]);
  });

  it.each([
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '["a"]'],
    ['an object', '{"a": "b"}'],
  ])('keeps platform and labels if one label is %s', async (_, odd) => {
    const image = await of(
      `{"os": "linux", "architecture": "arm64", "config": {"Labels": {"odd": ${odd}, "org.opencontainers.image.title": ${odd}, "__proto__": ${odd}, "org.opencontainers.image.revision": "4c1f9e2"}}}`,
    );
    expect(image.platforms).toEqual([{ os: 'linux', architecture: 'arm64' }]);
    expect(image.labels).toEqual({ revision: '4c1f9e2' });
  });

  it.each([
    ['the labels are no object', '{"os": "linux", "architecture": "arm64", "config": {"Labels": "none"}}'],
    ['the config is no object', '{"os": "linux", "architecture": "arm64", "config": "none"}'],
  ])('keeps the platform if %s', async (_, config) => {
    expect((await of(config)).platforms).toEqual([{ os: 'linux', architecture: 'arm64' }]);
  });

  it('keeps the labels if the platform is invalid', async () => {
    const image = await of(
      '{"os": 7, "architecture": [], "config": {"Labels": {"org.opencontainers.image.revision": "4c1f9e2"}}}',
    );
    expect(image.labels).toEqual({ revision: '4c1f9e2' });
    expect(image.platforms).toEqual([]);
  });

  it('truncates prose, and leaves out names that are too long', async () => {
    const label = 'x'.repeat(395_000);
    const names = ['authors', 'description', 'revision', 'source'];
    const Labels = Object.fromEntries(names.map((name) => [`org.opencontainers.image.${name}`, label]));
    const { labels } = await of(JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Labels } }));
    expect(Object.keys(labels)).toEqual(['author', 'description']);
    expect(JSON.stringify(labels).length).toBeLessThan(1_000);
  });

  it('is not read if it is too large', async () => {
    const Labels = { padding: 'x'.repeat(5_000_000), 'org.opencontainers.image.revision': '4c1f9e2' };
    expect((await of(JSON.stringify({ config: { Labels } }))).labels).toEqual({});
  });
});

describe('an index of images', () => {
  const entry = (name: string, platform?: unknown) => ({
    mediaType: MANIFEST,
    digest: digestOf(name),
    ...(platform === undefined ? {} : { platform }),
  });
  const arm = { os: 'linux', architecture: 'arm64' };
  const Labels = { 'org.opencontainers.image.revision': '4c1f9e2' };
  const manifests = (entries: readonly unknown[]) => ({
    [digestOf('top')]: { schemaVersion: 2, mediaType: INDEX, manifests: entries },
    [digestOf('good')]: {
      mediaType: MANIFEST,
      config: { mediaType: CONFIG, digest: digestOf('config') },
      layers: [],
    },
  });
  const configs = { [digestOf('config')]: JSON.stringify({ ...arm, config: { Labels } }) };

  it.each([
    ['no platform', entry('odd')],
    ['no os', entry('odd', { architecture: 'amd64' })],
    ['an empty platform', entry('odd', {})],
    ['an os that is a number', entry('odd', { os: 7, architecture: 'amd64' })],
    ['a platform that is a word', entry('odd', 'linux/amd64')],
    ['no digest', { platform: { os: 'linux', architecture: 'amd64' } }],
    ['nothing', null],
    ['an os of 300 KB', entry('odd', { os: 'x'.repeat(300_000), architecture: 'amd64' })],
  ])('keeps the platforms and labels of the others if an entry has %s', async (_, odd) => {
    const image = await inspect(manifests([odd, entry('good', arm)]), configs);
    expect(image.platforms).toEqual([arm]);
    expect(image.labels).toEqual({ revision: '4c1f9e2' });
  });

  it('keeps at most as many platforms as fit into an item', async () => {
    const image = await inspect(manifests(Array.from({ length: 20_000 }, () => entry('good', arm))), configs);
    expect(image.platforms.length).toBeLessThanOrEqual(50);
  });
});
