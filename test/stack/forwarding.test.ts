import type { Json } from '../../local/contract.ts';
import { allowsPrincipal } from '../../local/iam/evaluate.ts';
import { parsePolicy } from '../../local/iam/policy.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { forwardingOf } from '../../stack/forwarding.ts';
import { forwardingName, repositoryStatement } from '../../stack/forwardingNames.ts';
import { stackName } from '../../stack/names.ts';
import { ofType, stackOf } from './configurations.ts';

const HERE = { account: '123456789012', region: 'us-east-1' };
const THERE = { account: '333333333333', region: 'us-east-1' };
const REGISTRY = '210987654321.dkr.ecr.eu-west-1.amazonaws.com';
const LONGEST = `installation: ${'i'.repeat(15)}\nenvironment: ${'e'.repeat(23)}`;

const ofStack = (names: string, path = '') =>
  compileConfiguration(
    `
${names}
${path}
defaults: { cluster: app-prod }
apps:
  web: { image: { repository: ${REGISTRY}/web, tags: { semver: "*" } }, services: [{ name: web, executionRole: pull-web }] }
  api: { image: { repository: ${REGISTRY}/team/api, tags: { semver: "*" } }, services: [{ name: api, executionRole: pull-api }] }
`,
    'fairway.yml',
  );

const DEV = ofStack('environment: dev');

function onlyRegistry(configuration = DEV, receiver = HERE) {
  const [registry, ...more] = forwardingOf(configuration, receiver).registries;
  if (!registry || more.length > 0) throw new Error('expected one registry');
  return registry;
}

function ruleOf(receiver = HERE, configuration = DEV) {
  const rules: { Properties: { Name: string; Targets: { Id: string }[] } }[] = Object.values(
    Object(onlyRegistry(configuration, receiver).template).Resources,
  );
  const [{ Properties }] = rules.filter(({ Properties: { Name } }) => Name !== undefined) as [
    (typeof rules)[0],
  ];
  return { name: Properties.Name, id: Properties.Targets[0]?.Id ?? '' };
}

describe('what forwards pushes to a stack', () => {
  it('has other names for a stack of the same name in another account or region', () => {
    const places = [HERE, THERE, { ...HERE, region: 'eu-west-1' }];
    for (const part of ['name', 'id'] as const)
      expect(new Set(places.map((place) => ruleOf(place)[part])).size).toBe(3);
  });

  it('has names that AWS accepts, whatever the length of the stack name', () => {
    const place = { account: HERE.account, region: 'ap-southeast-1' };
    const { name, id } = ruleOf(place, ofStack(LONGEST));
    for (const each of [name, id, forwardingName(stackName(ofStack(LONGEST)), place)])
      expect(each).toMatch(/^[A-Za-z0-9._-]{1,64}$/);
    const first = forwardingName('s'.repeat(60), HERE, '-1');
    expect(forwardingName('s'.repeat(60), HERE, '-2')).not.toBe(first);
    expect(forwardingName('s'.repeat(60), THERE, '-1')).not.toBe(first);
  });
});

describe('the policy of the event bus of the stack', () => {
  const allows = (source: string, detailType: string, account = '210987654321') => {
    const { receiverTemplate } = forwardingOf(DEV, HERE);
    const [{ Properties }] = Object.values(Object(receiverTemplate).Resources) as [
      { Properties: { Statement: Json } },
    ];
    const policies = [parsePolicy('of the bus', { Statement: [Properties.Statement] })];
    return allowsPrincipal(policies, `arn:aws:iam::${account}:root`, {
      action: 'events:PutEvents',
      resource: 'arn:aws:events:us-east-1:123456789012:event-bus/default',
      context: { 'events:source': source, 'events:detail-type': detailType },
    });
  };

  it('lets the account of the registry send pushes and replications', () => {
    expect(allows('aws.ecr', 'ECR Image Action')).toBe(true);
    expect(allows('aws.ecr', 'ECR Replication Action')).toBe(true);
  });

  it.each([
    ['an event of an application', 'my.app', 'ECR Image Action'],
    ['an event of ECS', 'aws.ecs', 'ECS Task State Change'],
    ['another event of ECR', 'aws.ecr', 'ECR Image Scan'],
  ])('does not let it send %s', (_, source, detailType) => {
    expect(allows(source, detailType)).toBe(false);
  });

  it('lets no other account send anything', () => {
    expect(allows('aws.ecr', 'ECR Image Action', '444444444444')).toBe(false);
  });
});

describe('the policy of a repository', () => {
  const policyOf = (configuration = DEV, repository = 'web', receiver = HERE) =>
    Object(onlyRegistry(configuration, receiver).repositoryPolicies[repository]);

  const roleArns = (configuration: Configuration) =>
    ofType(stackOf(configuration, stackName(configuration)), 'AWS::IAM::Role').map(
      ({ attributes }) => attributes.Arn ?? '',
    );

  const mayRead = (policy: Json, role: string) =>
    allowsPrincipal([parsePolicy('of the repository', policy)], 'arn:aws:iam::123456789012:root', {
      action: 'ecr:DescribeImages',
      resource: `arn:aws:ecr:eu-west-1:210987654321:repository/web`,
      context: { 'aws:PrincipalArn': role },
    });

  it.each([
    ['a short name', DEV],
    ['the longest name', ofStack(LONGEST)],
    ['a path of its roles', ofStack('environment: dev', 'stack: { rolePath: /team/ }')],
  ])('lets every function of a stack with %s read images', (_, configuration) => {
    const roles = roleArns(configuration);
    expect(roles.length).toBeGreaterThanOrEqual(5);
    const policy = { ...policyOf(configuration), Statement: policyOf(configuration).Statement.slice(0, 1) };
    expect(roles.filter((role) => !mayRead(policy, role))).toEqual([]);
  });

  it('does not let a stack read images whose name begins alike', () => {
    const others = roleArns(ofStack('environment: dev-2'));
    expect(others.filter((role) => mayRead(policyOf(), role))).toEqual([]);
  });

  it('lets only the apps that use the repository pull its images', () => {
    const pulls = (repository: string) =>
      policyOf(DEV, repository).Statement[1].Condition.ArnLike['aws:PrincipalArn'];
    expect(pulls('web')).toEqual(['arn:aws:iam::123456789012:role/pull-web']);
    expect(pulls('team/api')).toEqual(['arn:aws:iam::123456789012:role/pull-api']);
  });

  it('has names of statements that no other stack has', () => {
    const names = [
      policyOf(),
      policyOf(ofStack('environment: dev-2')),
      policyOf(ofStack('environment: dev2')),
      policyOf(DEV, 'web', THERE),
      policyOf(DEV, 'web', { ...HERE, region: 'us-east-2' }),
    ].flatMap(({ Statement }) => Statement.map(({ Sid }: { Sid: string }) => Sid));
    expect(new Set(names).size).toBe(10);
    for (const name of names) expect(name).toMatch(/^[0-9A-Za-z]+$/);
    expect(repositoryStatement('fairway-dev', HERE, 'Reads')).toBe('FairwayDevN123456789012UsEastN1Reads');
  });
});
