import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startTestCloud, type TestCloud } from './cloud.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../fairway.yml'), 'utf8');
/** The example, under a policy by time. */
const BY_TIME = EXAMPLE.replace('{ semver: ">=1.0.0" }', '{ newest: "*.*.*" }');

interface ImageOfEcr {
  readonly imageManifest: string;
  readonly imageManifestMediaType: string;
}

/** What ships, on the local cloud: pushes that are not heard, not images, or not to be looked up. */
describe('a push to the example', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud(BY_TIME);
  }, 120_000);
  afterAll(() => cloud?.stop());
  beforeEach(() => cloud.fresh(), 60_000);

  async function advance(minutes: number) {
    await cloud.quiet();
    await cloud.control('clock', { advance: `${minutes}m` });
    await cloud.quiet();
  }

  async function ecr(operation: string, input: object): Promise<{ images?: ImageOfEcr[] }> {
    const response = await fetch(cloud.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
    return JSON.parse(await response.text());
  }

  /** Puts a tag on an image that is there, as `docker tag` and `docker push` do. */
  async function retag(digest: string, imageTag: string) {
    const repositoryName = 'web-app';
    const { images } = await ecr('BatchGetImage', { repositoryName, imageIds: [{ imageDigest: digest }] });
    const { imageManifest, imageManifestMediaType } = images?.[0] ?? {};
    await ecr('PutImage', { repositoryName, imageManifest, imageManifestMediaType, imageTag });
  }

  const why = async (tag: string) => {
    const answer = await cloud.operate({ command: 'why', app: 'web', tag });
    return answer.ok ? answer.sentence : answer.message;
  };
  const said = async (text: RegExp) =>
    (await cloud.messages()).filter(({ payload }) => text.test(JSON.stringify(payload)));
  const denied = { error: 'AccessDeniedException', times: 100_000 };
  const withdraw = () => fetch(`${cloud.url}/_local/faults`, { method: 'DELETE' });
  const lose = () => cloud.fault({ event: 'ECR Image Action', do: 'drop', times: 1 });

  it('that puts a tag on an older image goes live, although its event is lost', async () => {
    const older = await cloud.push('sha-a', { content: 'a' });
    await advance(1);
    const newer = await cloud.push('sha-b', { content: 'b' });
    await advance(1);
    await retag(newer, '1.1.0');
    await cloud.settled('1.1.0');
    await lose();
    await retag(older, '1.2.0');
    await advance(12);
    expect(await cloud.settled('1.2.0')).toMatchObject({ tag: '1.2.0', state: 'live' });
    expect((await cloud.service()).image).toContain(older);
  }, 90_000);

  it.each(['heard', 'lost'])(
    'of a chart is not released, its event %s',
    async (how) => {
      const config = {
        mediaType: 'application/vnd.cncf.helm.config.v1+json',
        digest: 'sha256:none',
        size: 2,
      };
      if (how === 'lost') await lose();
      await ecr('PutImage', {
        repositoryName: 'web-app',
        imageManifest: JSON.stringify({ schemaVersion: 2, config, layers: [] }),
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
        imageTag: '4.0.0',
      });
      await advance(12);
      expect(await cloud.releases()).toEqual([]);
      expect(await why('4.0.0')).toMatch(/ignored.*helm.*is not an image/);
    },
    60_000,
  );

  it('whose look-up is denied is announced after 15 minutes, and goes live when the right is back', async () => {
    await cloud.fault({ operation: 'BatchGetImage', ...denied });
    await cloud.push('1.1.0');
    await advance(12);
    expect(await said(/has been retrying/)).toEqual([]);
    await advance(8);
    expect(await said(/has been retrying.*1\.1\.0.*ecr:BatchGetImage/)).not.toEqual([]);
    await withdraw();
    expect(await cloud.settled('1.1.0')).toMatchObject({ tag: '1.1.0', state: 'live' });
  }, 90_000);

  it('whose event is lost while images cannot be listed goes live later, and no one is left in the dark', async () => {
    await cloud.fault({ operation: 'DescribeImages', ...denied });
    await lose();
    await cloud.push('1.1.0');
    await advance(25);
    expect(await said(/list the images of web-app.*ecr:DescribeImages/)).toHaveLength(2);
    await advance(60);
    expect(await said(/list the images of web-app/)).toHaveLength(2);
    await withdraw();
    await advance(6);
    expect(await cloud.settled('1.1.0')).toMatchObject({ tag: '1.1.0', state: 'live' });
  }, 90_000);
});
