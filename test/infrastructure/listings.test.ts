import type { App } from '../../shared/domain/app.ts';
import type { Registry } from '../../shared/domain/registry.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { type LiveImages, readListings } from '../../shared/infrastructure/listings.ts';
import { anApp, digestOf } from '../builders.ts';
import { PLACE } from './world.ts';

const OTHER_ACCOUNT: Registry = { account: '210987654321', region: PLACE.region };
const OTHER_REGION: Registry = { account: PLACE.account, region: 'eu-west-1' };

/** The digests that are used in the repository web-app, whose lifecycle policy changes. */
async function usedIn(image: string, app: App = anApp(), live: LiveImages = {}, home: Registry = PLACE) {
  const answers: Readonly<Record<string, object>> = {
    DescribeImages: {
      imageDetails: [{ imageDigest: digestOf('1.0.0'), imageTags: ['1.0.0'], imagePushedAt: 1 }],
    },
    ListTasks: { taskArns: ['task/1'] },
    DescribeTasks: { tasks: [{ group: 'service:web', containers: [{ image }] }] },
  };
  const aws: Aws = async (_, operation) => ({ ...answers[operation] });
  const policy = {
    kind: 'repository',
    name: 'web-app',
    members: { lifecyclePolicy: {} },
    tags: {},
    ignore: [],
  } as const;
  const existing = { members: {}, tags: {}, arn: '' };
  const actual = { get: () => existing };
  const listings = await readListings([policy], actual, [app], {
    aws,
    home,
    liveImages: async () => live,
    now: 2,
  });
  return listings.get('web-app')?.uses.map(({ digest }) => digest);
}

const imageAt = (host: string) => `${host}/web-app:1.0.0`;

describe('a task uses an image of a repository', () => {
  it.each([
    '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
    '123456789012.dkr-ecr.us-east-1.on.aws',
    '123456789012.dkr-ecr-fips.us-east-1.on.aws',
  ])('named with the host %s', async (host) => {
    expect(await usedIn(imageAt(host))).toEqual([digestOf('1.0.0')]);
  });

  it.each([
    ['cn-north-1', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn'],
    ['cn-north-1', '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn'],
    ['us-iso-east-1', '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov'],
  ])('in %s named with the host %s', async (region, host) => {
    expect(await usedIn(imageAt(host), anApp(), {}, { account: PLACE.account, region })).toHaveLength(1);
  });

  it.each([
    ['of another account', imageAt('210987654321.dkr.ecr.us-east-1.amazonaws.com')],
    ['of another region', imageAt('123456789012.dkr.ecr.eu-west-1.amazonaws.com')],
    ['of another registry', imageAt('ghcr.io')],
  ])('but not one %s with the same name', async (_, image) => {
    expect(await usedIn(image)).toEqual([]);
  });
});

describe('what an app has live is used', () => {
  const live = { live: digestOf('1.0.0'), before: digestOf('0.9.0') };
  const appOf = (registry?: Registry) =>
    anApp({ image: { ...anApp().image, repository: 'web-app', ...(registry && { registry }) } });

  it.each([
    ['without a host', appOf()],
    ['with the host of the account and region', appOf({ account: PLACE.account, region: PLACE.region })],
  ])('where its repository is named %s', async (_, app) => {
    expect(await usedIn('busybox', app, live)).toEqual([live.live, live.before]);
  });

  it.each([
    ['account', OTHER_ACCOUNT],
    ['region', OTHER_REGION],
  ])('but not in the repository of the same name of another %s', async (_, registry) => {
    expect(await usedIn('busybox', appOf(registry), live)).toEqual([]);
  });
});
