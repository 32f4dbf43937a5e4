import { createClock } from '../../../local/clock.ts';
import type { EventDraft, JsonObject } from '../../../local/contract.ts';
import { pushImage } from '../../../local/ecr/push.ts';
import { createRegistry } from '../../../local/ecr/registry.ts';
import { createReplication, type Replication } from '../../../local/ecr/replication.ts';
import { createIds } from '../../../local/ids.ts';
import type { Place } from '../../../local/place.ts';

const SOURCE = { account: '210987654321', region: 'eu-west-1' };
const SAME_ACCOUNT = { account: '210987654321', region: 'us-east-1' };
const OTHER_ACCOUNT = { account: '123456789012', region: 'us-east-1' };
const HOUR = 3_600_000;

function aRegistry(place: Place, send: (to: Place, image: JsonObject) => void = () => {}) {
  const clock = createClock(0);
  const events: EventDraft[] = [];
  const registry = createRegistry({
    clock,
    emit: (event) => void events.push(event),
    ...place,
    onPush: (where, image, tag) => replication.pushed(where, image, tag),
  });
  const replication: Replication = createReplication({ clock, place, registry, send });
  const push = (repository: string, tag: string, content = tag) => {
    if (!registry.repositories.has(repository)) registry.create(repository);
    return pushImage(registry, createIds(1), { repository, tag, content });
  };
  return { ...{ clock, registry, replication, events, push } };
}

/** A registry that replicates to another one. */
function replicating(to: Place, filters: readonly string[] = []) {
  const there = aRegistry(to);
  const source = aRegistry(SOURCE, (_, image) => void there.replication.receive(image));
  configure(source.replication, to, filters);
  return { source, there, arrive: () => source.clock.runUntil(HOUR) };
}

describe('replication', () => {
  it('stores a push in the destination a little later, and reports it there', () => {
    const { source, there, arrive } = replicating(SAME_ACCOUNT);
    const digest = source.push('team/web', '1.0.0');
    expect(there.events).toEqual([]);
    arrive();
    expect(there.events).toEqual([
      {
        source: 'aws.ecr',
        'detail-type': 'ECR Replication Action',
        resources: ['arn:aws:ecr:us-east-1:210987654321:repository/team/web'],
        detail: {
          result: 'SUCCESS',
          'repository-name': 'team/web',
          'image-digest': digest,
          'source-account': SOURCE.account,
          'action-type': 'REPLICATE',
          'source-region': SOURCE.region,
          'image-tag': '1.0.0',
        },
      },
    ]);
    const repository = there.registry.repository('team/web');
    expect(there.registry.find(repository, { tag: '1.0.0' })?.digest).toBe(digest);
    expect(repository.blobs.size).toBeGreaterThan(0);
  });

  it('is not passed on by the destination', () => {
    const { source, there, arrive } = replicating(SAME_ACCOUNT);
    const onward: object[] = [];
    there.replication.pushed = (...pushed) => void onward.push(pushed);
    source.push('web', '1.0.0');
    arrive();
    expect(onward).toEqual([]);
  });

  it('is for repositories whose name has a prefix of the rule', () => {
    const { source, there, arrive } = replicating(SAME_ACCOUNT, ['team/', 'shared/']);
    for (const name of ['team/web', 'shared/api', 'other']) source.push(name, '1.0.0');
    arrive();
    expect([...there.registry.repositories.keys()]).toEqual(['team/web', 'shared/api']);
  });

  it('does not move a tag that is immutable there', () => {
    const { source, there, arrive } = replicating(SAME_ACCOUNT);
    there.registry.create('web', { mutability: 'IMMUTABLE' });
    const first = there.push('web', '1.0.0', 'theirs');
    const second = source.push('web', '1.0.0', 'ours');
    arrive();
    const repository = there.registry.repository('web');
    expect(there.registry.find(repository, { tag: '1.0.0' })?.digest).toBe(first);
    expect([...(repository.images.get(second)?.tags ?? ['none'])]).toEqual([]);
  });

  it.each([
    ['no policy', undefined, ['web'], /ReplicateImage/],
    ['a policy without ecr:CreateRepository', ['ecr:ReplicateImage'], [], /CreateRepository/],
  ])('is refused by another account with %s', (_, actions, existing, message) => {
    const there = aRegistry(OTHER_ACCOUNT);
    for (const name of existing) there.registry.create(name);
    if (actions) allow(there.replication, actions);
    let refused: unknown;
    const source = aRegistry(SOURCE, (_to, image) => {
      try {
        there.replication.receive(image);
      } catch (error) {
        refused = error;
      }
    });
    configure(source.replication, OTHER_ACCOUNT);
    source.push('web', '1.0.0');
    source.clock.runUntil(HOUR);
    expect(String(refused)).toMatch(message);
    expect(there.events).toEqual([]);
  });

  it.each([
    {},
    { rules: [{}] },
    { rules: [{ destinations: [{}] }] },
    { rules: [{ destinations: [], repositoryFilters: [{ filter: 'team/' }] }] },
    { rules: [{ destinations: [{ registryId: SOURCE.account, region: SOURCE.region }] }] },
  ])('is not configured with what lacks a member, or to itself: %j', (replicationConfiguration) => {
    const { replication } = aRegistry(SOURCE);
    const { PutReplicationConfiguration: put, DescribeRegistry: describe } = replication.operations;
    const call = { caller: 'external', callerArn: '', ...SOURCE };
    expect(() => put?.({ replicationConfiguration }, call)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
    expect(describe?.({}, call)).toMatchObject({ replicationConfiguration: { rules: [] } });
  });

  it('is taken by another account whose policy allows it', () => {
    const { source, there, arrive } = replicating(OTHER_ACCOUNT);
    allow(there.replication, ['ecr:ReplicateImage', 'ecr:CreateRepository']);
    source.push('web', '1.0.0');
    arrive();
    expect(there.events).toHaveLength(1);
  });
});

function configure({ operations }: Replication, to: Place, prefixes: readonly string[] = []) {
  const repositoryFilters = prefixes.map((filter) => ({ filter, filterType: 'PREFIX_MATCH' }));
  const destinations = [{ registryId: to.account, region: to.region }];
  const call = { caller: 'external', callerArn: '', ...SOURCE };
  operations.PutReplicationConfiguration?.(
    { replicationConfiguration: { rules: [{ destinations, repositoryFilters }] } },
    call,
  );
}

function allow({ operations }: Replication, Action: readonly string[]) {
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${SOURCE.account}:root` },
      Action,
      Resource: `arn:aws:ecr:${OTHER_ACCOUNT.region}:${OTHER_ACCOUNT.account}:repository/*`,
    },
  ];
  const policyText = JSON.stringify({ Version: '2012-10-17', Statement });
  const call = { caller: 'external', callerArn: '', ...OTHER_ACCOUNT };
  operations.PutRegistryPolicy?.({ policyText }, call);
}
