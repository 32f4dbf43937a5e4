import { buildStack } from '../../stack/build.ts';
import { rightsChanges } from '../../stack/changedRights.ts';
import type { Template } from '../../stack/names.ts';
import { START } from '../builders.ts';
import { aConfiguration } from './configurations.ts';

type Statement = Readonly<Record<string, Template>>;

function role(...statements: readonly Statement[]) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statements } }] },
  };
}
const allow = (Action: Template, Resource: Template, more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const template = (resources: object) => ({ Resources: resources });
const changed = (before: object, after: object) => rightsChanges(template(before), template(after));

describe('the rights that change', () => {
  it('are only the resources that are new or gone, with all that is done to them', () => {
    const before = { R: role(allow(['ecs:A', 'ecs:B'], ['x', 'old']), allow('ecs:C', 'old')) };
    const after = { R: role(allow(['ecs:A', 'ecs:B'], ['x', 'n1', 'n2']), allow('ecs:C', ['n1', 'n2'])) };
    expect(changed(before, after)).toEqual([
      {
        roles: ['R'],
        gains: [{ effect: 'Allow', actions: ['ecs:A', 'ecs:B', 'ecs:C'], resources: ['n1', 'n2'] }],
        loses: [{ effect: 'Allow', actions: ['ecs:A', 'ecs:B', 'ecs:C'], resources: ['old'] }],
      },
    ]);
  });

  it('are none where statements are divided, merged or repeated', () => {
    const before = { R: role(allow(['ecs:A', 'ecs:B'], 'x'), allow('ecs:A', 'x')) };
    expect(changed(before, { R: role(allow('ecs:B', ['x']), allow(['ecs:A'], ['x'])) })).toEqual([]);
  });

  it('are none where rights move to a policy of the stack', () => {
    const moved = (attached: object, policy: object) => ({
      R: { Type: 'AWS::IAM::Role', Properties: attached },
      P: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Statement: [allow('ecs:A', 'x')] }, ...policy },
      },
    });
    const before = { R: role(allow('ecs:A', 'x')) };
    expect(changed(before, moved({ ManagedPolicyArns: [{ Ref: 'P' }] }, {}))).toEqual([]);
    expect(changed(before, moved({}, { Roles: [{ Ref: 'R' }] }))).toEqual([]);
    expect(changed(before, moved({}, {}))).toMatchObject([{ gains: [], loses: [{ actions: ['ecs:A'] }] }]);
  });

  it('are shown once for roles that have the same', () => {
    const grants = role(allow('ecs:A', 'x'));
    expect(changed({ R: role(), S: role() }, { R: grants, S: grants })).toMatchObject([
      { roles: ['R', 'S'] },
    ]);
  });

  it.each([
    ['NotAction', { NotAction: ['iam:*'], Resource: '*' }, ['all except iam:*'], ['*']],
    ['NotResource', { Action: 's3:Get', NotResource: ['b', 'a'] }, ['s3:Get'], ['all except a, b']],
  ])('have what a statement excludes: %s', (_, statement, actions, resources) => {
    expect(changed({ R: role() }, { R: role({ Effect: 'Allow', ...statement }) })).toEqual([
      { roles: ['R'], gains: [{ effect: 'Allow', actions, resources }], loses: [] },
    ]);
  });

  it('are others under another condition, or denied', () => {
    const condition = (tag: string) => ({ Condition: { StringEquals: { tag } } });
    const before = { R: role(allow('ecs:A', 'x', condition('a')), allow('ecs:B', 'x')) };
    const after = {
      R: role(allow('ecs:A', 'x', condition('b')), { ...allow('ecs:B', 'x'), Effect: 'Deny' }),
    };
    expect(changed(before, after)).toMatchObject([
      {
        gains: [
          { actions: ['ecs:A'], condition: { StringEquals: { tag: 'b' } } },
          { effect: 'Deny', actions: ['ecs:B'] },
        ],
        loses: [
          { actions: ['ecs:A'], condition: { StringEquals: { tag: 'a' } } },
          { effect: 'Allow', actions: ['ecs:B'] },
        ],
      },
    ]);
  });

  it('fit on a screen where one of 100 services is renamed', () => {
    const configuration = aConfiguration({ apps: 10, services: 10 });
    const text = JSON.stringify(configuration);
    const [service] = configuration.apps[3]?.services ?? [];
    if (service === undefined) throw new Error('the configuration has no service');
    const renamed = JSON.parse(text.replaceAll(`"${service.name}"`, '"renamed"'));
    const built = (of: typeof configuration) => JSON.parse(JSON.stringify(buildStack(of, START).resources));
    const changes = rightsChanges(built(configuration), built(renamed));
    const lines = changes.flatMap(({ gains, loses }) => [...gains, ...loses]);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThan(20);
    expect(JSON.stringify(changes).length).toBeLessThan(10_000);
  });
});
