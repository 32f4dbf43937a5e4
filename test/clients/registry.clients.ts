import { join } from 'node:path';
import { startTestCloud, type TestCloud } from '../system/cloud.ts';
import { writeLayout } from './layout.ts';
import { describeWith } from './programs.ts';
import { openShell, type Shell } from './shell.ts';

const LABELS = {
  'org.opencontainers.image.revision': '4f9c2d1e0b7a68953c1d2e3f405162738495a6b7',
  'org.opencontainers.image.authors': 'platform@example.com',
  'org.opencontainers.image.source': 'https://git.example.com/web-app',
};

describeWith('skopeo', (skopeo) => {
  let cloud: TestCloud;
  let shell: Shell;

  beforeAll(async () => {
    cloud = await startTestCloud();
    shell = await openShell(cloud.url, '/usr/bin/aws');
  }, 120_000);

  afterAll(async () => {
    await shell?.close();
    await cloud?.stop();
  });

  beforeEach(() => cloud.reset());

  const registry = () => cloud.url.replace('http://', '');

  async function build(tag: string, platforms: readonly string[]): Promise<string> {
    return writeLayout(join(shell.directory, tag), tag, platforms, LABELS);
  }

  async function push(tag: string, repository = 'web-app'): Promise<void> {
    await shell.ok(
      `aws ecr get-login-password --region us-east-1 | '${skopeo}' login --tls-verify=false --username AWS --password-stdin ${registry()}`,
    );
    await shell.ok(
      `'${skopeo}' --insecure-policy copy --all --preserve-digests --dest-tls-verify=false oci:${tag}:${tag} docker://${registry()}/${repository}:${tag}`,
    );
  }

  it.each([
    ['of one platform', ['linux/amd64']],
    ['of two platforms', ['linux/amd64', 'linux/arm64']],
  ])('pushes an image %s, which is released once', async (_, platforms) => {
    const digest = await build('1.3.0', platforms);
    await push('1.3.0');
    const release = await cloud.settled('1.3.0');
    expect(release).toMatchObject({ state: 'live', digest, number: 1 });
    expect(await cloud.releases()).toHaveLength(1);
    expect((await cloud.service()).image).toBe(
      `123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app@${digest}`,
    );
    const told = JSON.stringify(await cloud.messages());
    expect(told).toContain('4f9c2d1e0');
    expect(told).toContain('platform@example.com');
  });

  it('pushes what is there already without another release', async () => {
    await build('1.3.0', ['linux/amd64']);
    await push('1.3.0');
    await cloud.settled('1.3.0');
    await push('1.3.0');
    await cloud.control('clock', { advance: '10m' });
    expect(await cloud.releases()).toHaveLength(1);
  });

  it('pulls what it pushed, inspects it and lists its tags', async () => {
    const digest = await build('1.3.0', ['linux/amd64']);
    await push('1.3.0');
    await shell.ok(
      `'${skopeo}' --insecure-policy copy --preserve-digests --src-tls-verify=false docker://${registry()}/web-app:1.3.0 oci:pulled:1.3.0`,
    );
    const pulled = await shell.json(`cat pulled/index.json`);
    expect(pulled.manifests[0].digest).toBe(digest);
    const seen = await shell.json(
      `'${skopeo}' inspect --tls-verify=false docker://${registry()}/web-app:1.3.0`,
    );
    expect(seen).toMatchObject({ Digest: digest, Labels: LABELS });
    const listed = await shell.json(
      `'${skopeo}' list-tags --tls-verify=false docker://${registry()}/web-app`,
    );
    expect(listed.Tags).toEqual(['1.0.0', '1.3.0']);
  });

  it('is refused where ECR refuses it', async () => {
    await build('1.3.0', ['linux/amd64']);
    const to = (where: string) =>
      `'${skopeo}' --insecure-policy copy --dest-tls-verify=false oci:1.3.0:1.3.0 docker://${registry()}/${where}`;
    await push('1.3.0');
    expect(await shell.fails(to('nowhere:1.3.0'))).toContain(
      "The repository with name 'nowhere' does not exist in the registry with id '123456789012'",
    );
    await shell.ok(
      'aws ecr put-image-tag-mutability --repository-name web-app --image-tag-mutability IMMUTABLE',
    );
    expect(await shell.fails(to('web-app:1.0.0'))).toContain('because the repository is immutable');
    await shell.ok(`'${skopeo}' logout ${registry()}`);
    expect(await shell.fails(to('web-app:1.4.0'))).toMatch(/authentication required|unauthorized/i);
  });
});
