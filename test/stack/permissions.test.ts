import { readFileSync } from 'node:fs';
import { compileConfiguration, loadConfiguration } from '../../shared/config/load.ts';
import { buildStack } from '../../stack/build.ts';
import { FUNCTIONS, roleLogicalId } from '../../stack/names.ts';
import { aConfiguration, type Size, stackOf } from './configurations.ts';
import { grantsOf } from './grants.ts';
import { describeRoles } from './roleRules.ts';

const EXAMPLE = loadConfiguration('fairway.yml');
const SIZES: readonly (readonly [string, Size])[] = [
  ['1 service', { apps: 1, services: 1 }],
  ['50 services', { apps: 5, services: 10 }],
];

describeRoles([
  ['the example', EXAMPLE],
  ...SIZES.map(([name, size]) => [name, aConfiguration(size)] as const),
]);

describe('the role of each function', () => {
  const grants = grantsOf(stackOf(EXAMPLE));
  const may = (action: string): readonly string[] =>
    FUNCTIONS.filter((name) =>
      grants.some(({ role, actions }) => role === roleLogicalId(name) && actions.includes(action)),
    );

  it('is its own', () => {
    const { functions } = buildStack(EXAMPLE, 0);
    expect(functions).toEqual(
      Object.fromEntries(
        FUNCTIONS.map((name) => [
          name,
          expect.objectContaining({ role: { 'Fn::GetAtt': [roleLogicalId(name), 'Arn'] } }),
        ]),
      ),
    );
  });

  it.each([
    ['lists what the table has', 'dynamodb:Query', ['sweep', 'operate']],
    ['hands over events that failed', 'sqs:SendMessage', ['image-pushed', 'ecs-changed', 'run-task']],
    ['reads what containers wrote', 'logs:GetLogEvents', FUNCTIONS],
    ['deletes from the table', 'dynamodb:DeleteItem', []],
    ['deploys', 'ecs:UpdateService', FUNCTIONS],
    ['makes its own log group, which the stack does', 'logs:CreateLogGroup', []],
  ])('allows only some functions: %s', (_, action, functions) => {
    expect(may(action)).toEqual(functions);
  });

  it.each(['mail: { sns: {} }', 'deploys: { slack: { channel: C0123456789, token: { ssm: /x } } }'])(
    'allows nothing twice, with the channel %s',
    (channel) => {
      const [name = ''] = channel.split(':');
      const text = readFileSync('fairway.yml', 'utf8')
        .replace(/^channels:\n(?: .*\n)+/m, `channels: { ${channel} }\n`)
        .replace(/^ {2}channels: .*$/m, `  channels: [${name}]`);
      const each = grantsOf(stackOf(compileConfiguration(text, 'fairway.yml'))).flatMap(
        ({ role, actions, resources, ...rest }) =>
          actions.flatMap((action) =>
            resources.map((resource) => JSON.stringify([role, action, resource, rest])),
          ),
      );
      expect(each.filter((grant, index) => each.indexOf(grant) !== index)).toEqual([]);
      expect(each.some((grant) => grant.includes('SweepRole') && grant.includes('sns:Publish'))).toBe(true);
    },
  );

  it.each(FUNCTIONS)('lets %s write only its own log', (name) => {
    const logs = grants.filter(
      ({ role, actions }) => role === roleLogicalId(name) && actions.includes('logs:PutLogEvents'),
    );
    expect(logs.map(({ resources }) => resources)).toEqual([
      [`arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/fairway-production-${name}:*`],
    ]);
  });

  const tagging = (of: typeof EXAMPLE) =>
    grantsOf(stackOf(of)).filter(({ actions }) => actions.includes('ecs:TagResource'));

  it('allows tags on revisions only when they are registered, and on tasks only when they start', () => {
    const tags = tagging(EXAMPLE);
    expect(tags).toHaveLength(FUNCTIONS.length);
    for (const { condition, resources } of tags) {
      const actions = ['RegisterTaskDefinition', 'RunTask'];
      expect(condition).toEqual({ StringEquals: { 'ecs:CreateAction': actions } });
      expect(resources).toContain('arn:aws:ecs:us-east-1:123456789012:task/app-prod/*');
    }
  });

  it('allows no tags on tasks if there are none', () => {
    const apps = EXAMPLE.apps.map((app) => ({ ...app, before: [], after: [], tasks: [] }));
    for (const { condition, resources } of tagging({ ...EXAMPLE, apps })) {
      expect(condition).toEqual({ StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } });
      expect(resources.filter((resource) => resource.includes(':task/'))).toEqual([]);
    }
  });

  it('reads target groups only where the configuration asks for it', () => {
    const reading = (of: typeof EXAMPLE) =>
      grantsOf(stackOf(of)).filter(({ actions }) =>
        actions.some((action) => action.startsWith('elasticloadbalancing:')),
      );
    expect(reading(EXAMPLE)).toEqual([]);
    const diagnosis = { loadBalancers: true };
    const grants = reading({ ...EXAMPLE, diagnosis });
    // Each function runs the loop, and may be the one that looks for the cause.
    expect(grants.map(({ role }) => role)).toEqual(FUNCTIONS.map(roleLogicalId));
    for (const { actions, resources, condition } of grants) {
      expect(actions).toEqual([
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ]);
      // Neither has a resource type (Service Authorization Reference, Elastic Load Balancing V2).
      expect(resources).toEqual(['*']);
      expect(condition).toEqual({});
    }
    const apps = EXAMPLE.apps.map((app) => ({ ...app, services: [] }));
    expect(reading({ ...EXAMPLE, diagnosis, apps })).toEqual([]);
  });

  it('passes volume roles to ECS itself, and only for tasks that have one', () => {
    const passing = (of: typeof EXAMPLE) =>
      grantsOf(stackOf(of)).filter(({ condition }) =>
        JSON.stringify(condition).includes('"ecs.amazonaws.com"'),
      );
    expect(passing(EXAMPLE)).toEqual([]);
    const apps = EXAMPLE.apps.map((app) => ({
      ...app,
      services: app.services.map((service) => ({ ...service, volumeRole: 'of-a-service' })),
      before: app.before.map((task) => ({ ...task, volumeRole: 'infra/volumes' })),
    }));
    const grants = passing({ ...EXAMPLE, apps });
    expect(grants).toHaveLength(FUNCTIONS.length);
    for (const { actions, resources } of grants) {
      expect(actions).toEqual(['iam:PassRole']);
      expect(resources).toEqual(['arn:aws:iam::123456789012:role/infra/volumes']);
    }
  });

  it('reads only the secrets of channels that are used', () => {
    const slack = (ssm: string) => ({ kind: 'slack', channel: 'C0123456789', token: { ssm } }) as const;
    const configuration = {
      ...EXAMPLE,
      channels: { deploys: slack('/used'), unused: slack('/unused') },
      apps: EXAMPLE.apps.map((app) => ({ ...app, channels: ['deploys'] })),
    };
    const secrets = grantsOf(stackOf(configuration)).filter(({ actions }) =>
      actions.some((action) => /^(ssm|secretsmanager):/.test(action)),
    );
    expect(new Set(secrets.flatMap(({ resources }) => resources))).toEqual(
      new Set(['arn:aws:ssm:us-east-1:123456789012:parameter/used']),
    );
  });

  it('without a channel, only the sweep publishes to the topic of the stack', () => {
    const slack = { kind: 'slack', channel: 'C0123456789', token: { ssm: '/used' } } as const;
    const configuration = {
      ...EXAMPLE,
      channels: { deploys: slack },
      apps: EXAMPLE.apps.map((app) => ({ ...app, channels: ['deploys'] })),
    };
    const publishing = grantsOf(stackOf(configuration)).filter(({ actions }) =>
      actions.includes('sns:Publish'),
    );
    expect(publishing.map(({ role }) => role)).toEqual([roleLogicalId('sweep')]);
  });
});
