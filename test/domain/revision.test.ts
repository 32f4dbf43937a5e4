import {
  familyAndRevision,
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
const image = { tag: '1.1.0', digest };
const repository = { account: '123456789012', region: 'us-east-1', name: 'team/app' };
const release = { id: 'r-1', number: 7 };

type Overrides = Partial<Parameters<typeof nextRevision>[0]>;
function request(taskDefinition: RawDefinition, overrides: Overrides = {}) {
  return {
    taskDefinition,
    tags: [],
    app: 'web',
    stack: 'fairway-dev',
    containers: [],
    repository,
    image,
    release,
    ...overrides,
  };
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
    [HOST, 'us-east-1'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', 'us-east-1'],
    ['123456789012.dkr-ecr.us-east-1.on.aws', 'us-east-1'],
    ['123456789012.dkr-ecr-fips.us-east-1.on.aws', 'us-east-1'],
  ])('keeps the host %s', (host, region) => {
    const base = definition([{ name: 'web', image: `${host}/team/app:1` }]);
    const next = nextRevision(request(base, { repository: { ...repository, region } }));
    expect(next).toMatchObject({
      register: { containerDefinitions: [{ name: 'web', image: `${host}/team/app@${digest}` }] },
    });
  });

  it('leaves a container alone whose image has the same name in another registry', () => {
    const images = ['team/app:1', 'docker.io/team/app:1', 'public.ecr.aws/team/app:1', 'ghcr.io/team/app:1'];
    const others = images.map((image, index) => ({ name: `other-${index}`, image }));
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1` }, ...others]);
    const next = nextRevision(request(base));
    if ('refused' in next) throw new Error(next.refused);
    expect(next.changedContainers).toEqual(['web']);
    expect(next.register.containerDefinitions).toEqual([
      { name: 'web', image: `${HOST}/team/app@${digest}` },
      ...others,
    ]);
  });

  const FOREIGN = [
    '210987654321.dkr.ecr.us-east-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  ];

  it.each(FOREIGN)('leaves a sidecar of the same name in %s alone', (host) => {
    const sidecar = { name: 'sidecar', image: `${host}/team/app:1` };
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1` }, sidecar]);
    expect(nextRevision(request(base))).toMatchObject({
      changedContainers: ['web'],
      register: { containerDefinitions: [{ name: 'web', image: `${HOST}/team/app@${digest}` }, sidecar] },
    });
  });

  it.each(FOREIGN)('refuses a definition whose only image of that name is in %s', (host) => {
    const base = definition([{ name: 'web', image: `${host}/team/app:1` }]);
    const [account = '', , , region = ''] = host.split('.');
    for (const containers of [[], ['web']]) {
      const next = nextRevision(request(base, { containers }));
      const why = 'refused' in next ? next.refused : '';
      expect(why).toContain(`${host}/team/app:1`);
      expect(why).toContain('123456789012 in us-east-1');
      expect(why).toContain(`${account} in ${region}`);
    }
  });

  it('gives a named container the image, whatever of the same registry it ran', () => {
    const base = definition([
      { name: 'web', image: `${HOST}/old-name:1` },
      { name: 'worker', image: `${HOST}/team/app:1` },
    ]);
    expect(nextRevision(request(base, { containers: ['web'] }))).toMatchObject({
      changedContainers: ['web'],
      register: {
        containerDefinitions: [
          { name: 'web', image: `${HOST}/team/app@${digest}` },
          { name: 'worker', image: `${HOST}/team/app:1` },
        ],
      },
    });
  });

  it('refuses a named container whose registry is unknown', () => {
    const base = definition([{ name: 'web', image: 'amazon/amazon-ecs-sample' }]);
    expect(nextRevision(request(base, { containers: ['web'] }))).toEqual({
      refused: expect.stringMatching(
        /container web runs amazon\/amazon-ecs-sample, which names no ECR registry/,
      ),
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

  it.each([46, 49, 50])('keeps to 50 tags beside %i of its base, and says which gave way', (count) => {
    const tags = Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: 'v' }));
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1` }]);
    const next = nextRevision(request(base, { tags, gitRevision: 'abc' }));
    if ('refused' in next) throw new Error(next.refused);
    expect(next.register.tags).toHaveLength(50);
    expect(next.register.tags).toContainEqual({ key: 'fairway:release-id', value: 'r-1' });
    expect(next.droppedTags).toEqual(count === 50 ? ['k49'] : []);
  });

  it('says what the revision is in its tags, in characters that AWS takes', () => {
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1` }]);
    const next = nextRevision(
      request(base, {
        gitRevision: `a\n<b>${'x'.repeat(300)}`,
        tags: [{ key: 'AWS:stack', value: 's' }],
      }),
    );
    if ('refused' in next) throw new Error(next.refused);
    expect(next.register.tags).toEqual([
      { key: 'fairway:release-id', value: 'r-1' },
      { key: 'fairway:app', value: 'web' },
      { key: 'fairway:stack', value: 'fairway-dev' },
      { key: 'fairway:release', value: '7' },
      { key: 'fairway:image-tag', value: '1.1.0' },
      { key: 'fairway:git-revision', value: `a--b-${'x'.repeat(251)}` },
    ]);
  });

  it('strips exactly the nine members that only answers have', () => {
    const answered = {
      taskDefinitionArn: 'arn',
      revision: 3,
      status: 'ACTIVE',
      requiresAttributes: [],
      compatibilities: [],
      registeredAt: 1.5,
      registeredBy: 'x',
      deregisteredAt: 1,
      deleteRequestedAt: 1,
    };
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1` }], {
      ...answered,
      cpu: '256',
      future: null,
    });
    const next = nextRevision(request(base));
    if ('refused' in next) throw new Error(next.refused);
    expect(Object.keys(next.register).sort()).toEqual([
      'containerDefinitions',
      'cpu',
      'family',
      'future',
      'tags',
    ]);
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
    const copy = pinnedCopy(
      base,
      [{ key: 'team', value: 'a' }],
      { web: digest },
      { ...release, app: 'web', stack: 'fairway-dev' },
    );
    expect(copy.containerDefinitions).toEqual([{ name: 'web', image: `${HOST}/team/app@${digest}` }]);
    expect(copy.tags).toEqual([
      { key: 'team', value: 'a' },
      { key: 'fairway:release-id', value: 'r-1' },
      { key: 'fairway:release', value: '7' },
      { key: 'fairway:stack', value: 'fairway-dev' },
    ]);
    expect(copy.status).toBeUndefined();
  });

  it('keeps what the tags say of the image, not who registered it', () => {
    const base = definition([{ name: 'web', image: `${HOST}/team/app:1.0.0` }]);
    const tags = [
      { key: 'aws:x', value: 'y' },
      { key: 'fairway:release-id', value: 'old' },
      { key: 'fairway:release', value: '3' },
      { key: 'fairway:stack', value: 'fairway-staging' },
      { key: 'fairway:image-tag', value: '1.0.0' },
    ];
    expect(pinnedCopy(base, tags, {}, { ...release, app: 'web', stack: 'fairway-dev' })).toEqual({
      ...base,
      tags: [
        { key: 'fairway:image-tag', value: '1.0.0' },
        { key: 'fairway:release-id', value: 'r-1' },
        { key: 'fairway:release', value: '7' },
        { key: 'fairway:stack', value: 'fairway-dev' },
      ],
    });
  });
});

describe('familyAndRevision', () => {
  it.each([
    ['arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:11', { family: 'web-app', revision: 11 }],
    ['web-app:11', { family: 'web-app', revision: 11 }],
    ['web-app', { family: 'web-app' }],
  ])('%s', (reference, parts) => {
    expect(familyAndRevision(reference)).toEqual(parts);
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
  ])('%j runs on %j on Fargate', (base, platform) => {
    expect(runtimePlatformOf(base, true)).toEqual(platform);
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
