import {
  nextRevision,
  parseImage,
  pinnedCopy,
  platformFits,
  type RawDefinition,
  runtimePlatformOf,
} from '../../shared/domain/revision.ts';
import { digestOf } from '../builders.ts';

const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const digest = digestOf('1.1.0');
const image = { repository: 'team/app', tag: '1.1.0', digest };
const release = { id: 'r-1', number: 7 };

function request(taskDefinition: RawDefinition, overrides: Partial<Parameters<typeof nextRevision>[0]> = {}) {
  return { taskDefinition, tags: [], app: 'web', containers: [], image, release, ...overrides };
}
function definition(containers: { name: string; image: string }[], more: RawDefinition = {}): RawDefinition {
  return { family: 'app', containerDefinitions: containers, ...more };
}

describe('nextRevision', () => {
  it('changes only containers of the pushed repository, and pins them', () => {
    const base = definition([
      { name: 'web', image: `${HOST}/team/app:1.0.0` },
      { name: 'worker', image: `${HOST}/team/app@${digestOf('old')}` },
      { name: 'other', image: `${HOST}/team/app-other:1.0.0` },
      { name: 'proxy', image: 'nginx:1' },
    ]);
    const next = nextRevision(request(base));
    expect(next).toMatchObject({
      changedContainers: ['web', 'worker'],
      register: {
        containerDefinitions: [
          { name: 'web', image: `${HOST}/team/app@${digest}` },
          { name: 'worker', image: `${HOST}/team/app@${digest}` },
          { name: 'other', image: `${HOST}/team/app-other:1.0.0` },
          { name: 'proxy', image: 'nginx:1' },
        ],
      },
    });
  });

  it.each([
    ['a container that is not there', ['wbe'], /has no container wbe, only web/],
    ['no container of the repository', [], /no container of it runs an image of the repository team\/app/],
  ])('refuses %s', (_, containers, why) => {
    const next = nextRevision(request(definition([{ name: 'web', image: 'nginx:1' }]), { containers }));
    expect('refused' in next && next.refused).toMatch(why);
  });

  it('carries tags, less those of AWS, and gives way to them but for the release id', () => {
    const own = Array.from({ length: 48 }, (_, index) => ({ key: `k${index}`, value: 'v' }));
    const tags = [...own, { key: 'aws:cloudformation:stack', value: 's' }];
    const next = nextRevision(request(definition([{ name: 'web', image: `${HOST}/team/app:1` }]), { tags }));
    if ('refused' in next) throw new Error(next.refused);
    const sent = next.register.tags;
    expect(sent).toHaveLength(50);
    expect(JSON.stringify(sent)).not.toContain('aws:');
    expect(sent).toContainEqual({ key: 'fairway:release-id', value: 'r-1' });
    for (const tag of own) expect(sent).toContainEqual(tag);
  });

  it('replaces the tags of an earlier release', () => {
    const tags = [
      { key: 'fairway:release-id', value: 'old' },
      { key: 'fairway:git-revision', value: 'old' },
    ];
    const next = nextRevision(request(definition([{ name: 'web', image: `${HOST}/team/app:1` }]), { tags }));
    expect(JSON.stringify(next)).not.toContain('old');
  });
});

describe('invariant 8, lossless', () => {
  /** Random JSON from a seed: whatever AWS may add one day. */
  function randomJson(random: () => number, depth: number): RawDefinition {
    const members = Array.from({ length: Math.floor(random() * 5) }, (_, index) => {
      const kind = Math.floor(random() * 6);
      const leafs = [null, true, 0, '', random(), 'text'] as const;
      const value = depth > 0 && kind > 3 ? randomJson(random, depth - 1) : (leafs[kind] ?? null);
      return [`m${index}`, kind === 2 ? [value, value] : value] as const;
    });
    return Object.fromEntries(members);
  }

  it.each(Array.from({ length: 50 }, (_, seed) => seed + 1))(
    'keeps everything but images, seed %i',
    (seed) => {
      let state = seed * 2_654_435_761;
      const random = () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 2 ** 32;
      };
      const base: RawDefinition = {
        ...randomJson(random, 3),
        family: 'app',
        containerDefinitions: [
          { ...randomJson(random, 3), name: 'web', image: `${HOST}/team/app:1.0.0` },
          { ...randomJson(random, 3), name: 'proxy', image: 'nginx' },
        ],
      };
      const next = nextRevision(request({ ...base, revision: 3, status: 'ACTIVE', registeredBy: 'x' }));
      if ('refused' in next) throw new Error(next.refused);
      const { tags: _, ...rest } = next.register;
      const text = JSON.stringify(rest).replace(`${HOST}/team/app@${digest}`, `${HOST}/team/app:1.0.0`);
      expect(JSON.parse(text)).toEqual(base);
    },
  );
});

describe('pinnedCopy', () => {
  it('pins the images that ran and keeps the tags', () => {
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1.0.0` }], {
      status: 'INACTIVE',
      revision: 4,
    });
    const copy = pinnedCopy(base, [{ key: 'team', value: 'a' }], { web: digest }, { ...release, app: 'web' });
    expect(copy.containerDefinitions).toEqual([{ name: 'web', image: `${HOST}/team/app@${digest}` }]);
    expect(copy.tags).toEqual([
      { key: 'team', value: 'a' },
      { key: 'fairway:release-id', value: 'r-1' },
    ]);
    expect(copy.status).toBeUndefined();
  });
});

describe('parseImage', () => {
  it.each([
    [`${HOST}/team/app:1.0.0`, { registry: HOST, repository: 'team/app', tag: '1.0.0' }],
    [`${HOST}/app@${digest}`, { registry: HOST, repository: 'app', digest }],
    ['127.0.0.1:4566/app:1', { registry: '127.0.0.1:4566', repository: 'app', tag: '1' }],
    ['nginx', { registry: '', repository: 'nginx' }],
    ['library/nginx:1', { registry: '', repository: 'library/nginx', tag: '1' }],
  ])('%s', (reference, parts) => {
    expect(parseImage(reference)).toEqual(parts);
  });
});

describe('platforms', () => {
  it.each([
    [{}, { os: 'linux', architecture: 'amd64' }],
    [
      { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } },
      { os: 'linux', architecture: 'arm64' },
    ],
    [
      { runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } },
      { os: 'windows', architecture: 'amd64' },
    ],
  ])('%j runs on %j', (base, platform) => {
    expect(runtimePlatformOf(base)).toEqual(platform);
  });

  it('says what an image was built for when it does not fit', () => {
    const arm = { os: 'linux', architecture: 'arm64' };
    expect(platformFits([arm], { os: 'linux', architecture: 'amd64' })).toBe(
      'it was built for linux/arm64, and the task runs on linux/amd64',
    );
    expect(platformFits([arm], arm)).toBeUndefined();
    expect(platformFits([], arm)).toBeUndefined();
  });
});
