import type { ECRClient } from '@aws-sdk/client-ecr';
import { createImages } from '../../shared/aws/ecr.ts';
import { aTime, digestOf } from '../builders.ts';

/** Clients that answer what every call needs, and record where each call went. */
function aRegistry() {
  const calls: { readonly region: string; readonly input: object }[] = [];
  const clientIn = (region: string) => {
    const send = async ({ input }: { readonly input: object }) => {
      calls.push({ region, input });
      return ANSWER;
    };
    const client: Pick<ECRClient, 'send'> = { send: send as ECRClient['send'] };
    return client as ECRClient;
  };
  const clients = { ecr: clientIn('own'), ecrIn: clientIn };
  return { images: createImages(clients, aTime(), async () => new Response('{}')), calls };
}

const manifest = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { digest: digestOf('config'), mediaType: 'application/vnd.oci.image.config.v1+json' },
};
const ANSWER = {
  imageDetails: [{ imageDigest: digestOf('1.0.0'), imageTags: ['1.0.0'] }],
  images: [{ imageId: { imageDigest: digestOf('1.0.0') }, imageManifest: JSON.stringify(manifest) }],
  downloadUrl: 'https://layers/config',
};

describe('a repository in another account and region', () => {
  const repository = { repository: 'team/app', registry: { account: '210987654321', region: 'eu-west-1' } };

  it('is read there, with its registry in every call', async () => {
    const { images, calls } = aRegistry();
    await images.inspect(repository, { tag: '1.0.0' });
    await images.tagged(repository);
    expect(calls).toHaveLength(4);
    for (const { region, input } of calls) {
      expect(region).toBe('eu-west-1');
      expect(input).toMatchObject({ repositoryName: 'team/app', registryId: '210987654321' });
    }
  });
});

describe('a repository of the stack', () => {
  it('is read without naming a registry', async () => {
    const { images, calls } = aRegistry();
    await images.inspect({ repository: 'team/app' }, { tag: '1.0.0' });
    expect(calls).toHaveLength(3);
    for (const { region, input } of calls) {
      expect(region).toBe('own');
      expect(input).not.toHaveProperty('registryId');
    }
  });
});
