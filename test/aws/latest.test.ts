import { ECSClient } from '@aws-sdk/client-ecs';
import { serve } from '../../local/front/server.ts';
import { createEcs } from '../../shared/aws/ecs.ts';
import { aTime, revision } from '../builders.ts';

interface Registered {
  readonly tags?: Readonly<Record<string, string>>;
  readonly status?: string;
}

describe('newestOfOthers', () => {
  let server: Awaited<ReturnType<typeof serve>>;
  /** By `family:number`. */
  let registered: Readonly<Record<string, Registered>> = {};
  let described: string[] = [];

  beforeAll(async () => {
    server = await serve(0, async (request) => {
      const input: unknown = JSON.parse(request.body.toString());
      const listing = (request.headers['x-amz-target'] ?? '').endsWith('ListTaskDefinitions');
      const body = JSON.stringify(listing ? list(input) : describeOne(input));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body };
    });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    described = [];
  });

  /** Two per page, newest first, including every family with that prefix, as in ECS. */
  function list(input: unknown) {
    const { familyPrefix, nextToken = '0' } = Object(input);
    const names = Object.keys(registered).filter(
      (name) => name.startsWith(familyPrefix) && registered[name]?.status !== 'INACTIVE',
    );
    const from = Number(nextToken);
    const page = names.slice(from, from + 2);
    const next = from + 2 < names.length ? { nextToken: String(from + 2) } : {};
    return { taskDefinitionArns: page.map(arnOf), ...next };
  }

  function describeOne(input: unknown) {
    const name = String(Object(input).taskDefinition).replace(/^.*\//, '');
    described.push(name);
    const { tags = {}, status = 'ACTIVE' } = registered[name] ?? {};
    return {
      taskDefinition: { taskDefinitionArn: arnOf(name), status, containerDefinitions: [] },
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    };
  }

  function arnOf(name: string): string {
    const [family = '', number] = name.split(':');
    return revision(family, Number(number));
  }

  function anEcs() {
    const client = new ECSClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    return createEcs({ ecs: client }, aTime());
  }
  const newestOfOthers = (family: string) => anEcs().newestOfOthers(family);

  const ours = { 'fairway:release-id': 'a-release' };
  const madeFrom = (base: string) => ({ ...ours, 'fairway:latest-base': base });

  it.each<[string, Record<string, Registered>, string | undefined]>([
    ['the newest, even if it was never deployed', { 'web:12': {}, 'web:11': { tags: ours } }, 'web:12'],
    ['past ours, over pages', { 'web:12': { tags: ours }, 'web:11': { tags: ours }, 'web:9': {} }, 'web:9'],
    ['not another family that begins alike', { 'web-app:99': {}, 'web:3': {} }, 'web:3'],
    ['none, where all are ours', { 'web:12': { tags: ours } }, undefined],
    [
      'past a base that was deregistered',
      { 'web:12': { tags: madeFrom('web:10') }, 'web:10': { status: 'INACTIVE' }, 'web:9': {} },
      'web:9',
    ],
  ])('finds %s', async (_, revisions, expected) => {
    registered = revisions;
    const found = await newestOfOthers('web');
    expect(found?.replace(/^.*\//, '')).toBe(expected);
  });

  it('stops at a revision of ours that names its base', async () => {
    const between = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`web:${50 - index}`, { tags: madeFrom('web:10') }]),
    );
    registered = { ...between, 'web:10': {} };
    expect(await newestOfOthers('web')).toMatch(/web:10$/);
    expect(described).toEqual(['web:50', 'web:10']);
  });

  describe('findMade', () => {
    const findMade = async (isWanted = true) =>
      (await anEcs().findMade('web', () => isWanted))?.replace(/^.*\//, '');

    it('finds the newest matching revision of ours', async () => {
      registered = { 'web:12': {}, 'web:11': { tags: ours }, 'web:10': { tags: ours }, 'web:9': {} };
      expect(await findMade()).toBe('web:11');
      expect(await findMade(false)).toBeUndefined();
    });

    it('stops after ten', async () => {
      registered = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`web:${50 - index}`, {}]));
      expect(await findMade()).toBeUndefined();
      expect(described).toHaveLength(10);
    });
  });
});
