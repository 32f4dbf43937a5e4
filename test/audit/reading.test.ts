import { setFindings } from '../../local/ecr/scans.ts';
import { findingsOf } from '../../shared/audit/findings.ts';
import { readWorkloads } from '../../shared/audit/read/workloads.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { EXAMPLE } from '../infrastructure/example.ts';
import { aRunningExample, type EmptyCloud } from '../infrastructure/world.ts';

const { apps } = compileConfiguration(
  `
environment: production
defaults: { cluster: app-prod }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    before: [{ name: db-migrate, container: migrate }]
    services: [{ name: web-app }]
`,
  'fairway.yml',
);

async function auditOf({ clock }: EmptyCloud, aws: Aws, wanted = apps) {
  const read = await readWorkloads({ apps: wanted, environment: 'production', now: clock.now() }, aws);
  return { findings: findingsOf(read.workloads), ...read };
}

async function rulesFound(cloud: EmptyCloud): Promise<readonly string[]> {
  const { findings } = await auditOf(cloud, cloud.aws);
  return findings.map(({ rule, resource }) => `${rule} ${resource}`);
}

const POLICY = { RoleName: 'web-app-task', PolicyName: 'all' };

describe('an audit of what runs', () => {
  let cloud: EmptyCloud;
  beforeAll(async () => {
    cloud = await aRunningExample(EXAMPLE);
    cloud.clock.runUntil(cloud.clock.now() + 10 * 60_000);
  });

  it('finds little in the example', async () => {
    expect(await rulesFound(cloud)).toEqual([
      'writable-root-filesystem container web-app/web',
      'writable-root-filesystem container db-migrate/migrate',
    ]);
  });

  it('changes nothing', async () => {
    const before = cloud.changes().length;
    await auditOf(cloud, cloud.aws);
    expect(cloud.changes().length).toBe(before);
  });

  it.each<[string, (cloud: EmptyCloud) => unknown]>([
    [
      'circuit-breaker-off service app-prod/web-app',
      ({ aws }) =>
        aws('ecs', 'UpdateService', {
          cluster: 'app-prod',
          service: 'web-app',
          deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } },
        }),
    ],
    [
      'exec-in-production service app-prod/web-app',
      ({ aws }) =>
        aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'web-app', enableExecuteCommand: true }),
    ],
    [
      'no-auto-scaling service app-prod/web-app',
      ({ aws }) =>
        aws('application-autoscaling', 'DeregisterScalableTarget', {
          ServiceNamespace: 'ecs',
          ScalableDimension: 'ecs:service:DesiredCount',
          ResourceId: 'service/app-prod/web-app',
        }),
    ],
    [
      'broad-role role web-app-task',
      ({ aws }) =>
        aws('iam', 'PutRolePolicy', {
          ...POLICY,
          PolicyDocument: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
        }),
    ],
    [
      'broad-role role web-app-execution',
      ({ aws }) =>
        aws('iam', 'AttachRolePolicy', {
          RoleName: 'web-app-execution',
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
    ],
    [
      'no-scan-on-push repository web-app',
      ({ aws }) =>
        aws('ecr', 'PutImageScanningConfiguration', {
          repositoryName: 'web-app',
          imageScanningConfiguration: { scanOnPush: false },
        }),
    ],
    [
      'critical-findings repository web-app',
      ({ registry }) => setFindings(registry, { repository: 'web-app', tag: '1.0.0', critical: 3 }),
    ],
    [
      'expiring-image repository web-app',
      async ({ aws, push }) => {
        push('web-app', '1.1.0');
        await aws('ecr', 'PutLifecyclePolicy', {
          repositoryName: 'web-app',
          lifecyclePolicyText: JSON.stringify({
            rules: [
              {
                rulePriority: 1,
                selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
                action: { type: 'expire' },
              },
            ],
          }),
        });
      },
    ],
  ])('finds %s', async (found, change) => {
    expect(await rulesFound(cloud)).not.toContain(found);
    cloud.clock.runUntil(cloud.clock.now() + 1_000);
    await change(cloud);
    expect(await rulesFound(cloud)).toContain(found);
  });

  it('never shows the value of a secret', async () => {
    const secret = 'kJ8mQ2xL9vB4';
    const withSecret = await aRunningExample(EXAMPLE.replace('LOG_LEVEL: info', `API_KEY: ${secret}`));
    const { findings, notes } = await auditOf(withSecret, withSecret.aws);
    expect(findings.map(({ resource }) => resource)).toContain('variable web-app/web/API_KEY');
    expect(JSON.stringify({ findings, notes })).not.toContain(secret);
  });

  it('notes what it may not read, and says nothing about it', async () => {
    const denied: Aws = (service, operation, input) =>
      service === 'iam' || service === 'elasticloadbalancing'
        ? Promise.reject(Object.assign(new Error(`${operation} is denied`), { name: 'AccessDenied' }))
        : cloud.aws(service, operation, input);
    const { findings, notes } = await auditOf(cloud, denied);
    expect(notes).toEqual([expect.stringMatching(/^could not read policies of roles: AccessDenied/)]);
    expect(findings.map(({ rule }) => rule)).not.toContain('broad-role');
  });

  it.each([
    [
      { account: '210987654321', region: 'us-east-1' },
      'web-app in the registry of 210987654321 in us-east-1',
    ],
    [
      { account: '123456789012', region: 'eu-west-1' },
      'web-app in the registry of 123456789012 in eu-west-1',
    ],
    [{ account: '123456789012', region: 'us-east-1' }, undefined],
  ])('notes that images in another account or region are not read: %j', async (registry, noted) => {
    const elsewhere = apps.map((app) => ({ ...app, image: { ...app.image, registry } }));
    const { notes, isComplete } = await auditOf(cloud, cloud.aws, elsewhere);
    expect(notes).toEqual(noted === undefined ? [] : [expect.stringContaining(noted)]);
    expect(isComplete).toBe(true);
  });

  it('notes services that do not exist', async () => {
    await cloud.aws('ecs', 'DeleteService', { cluster: 'app-prod', service: 'web-app', force: true });
    const { notes } = await auditOf(cloud, cloud.aws);
    expect(notes).toEqual(['the service app-prod/web-app does not exist']);
  });
});

/** Answers like AWS for any number of services, each with a target group, a log group, two roles and a repository. */
const manyServices: Aws = async (service, operation, input) => answerOf(`${service}:${operation}`, input);

function answerOf(operation: string, input: JsonObject): JsonObject {
  const digest = `sha256:${'4f'.repeat(32)}`;
  switch (operation) {
    case 'ecs:DescribeServices': {
      const names = Array.isArray(input.services) ? input.services.map(String) : [];
      return {
        services: names.map((name) => ({
          serviceName: name,
          status: 'ACTIVE',
          taskDefinition: `arn:aws:ecs:us-east-1:123456789012:task-definition/${name}:2`,
          loadBalancers: [
            {
              targetGroupArn: `arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/${name}/0123456789abcdef`,
            },
          ],
        })),
      };
    }
    case 'ecs:DescribeTaskDefinition': {
      const arn = String(input.taskDefinition);
      const family = /\/([^:]+):/.exec(arn)?.[1] ?? '';
      const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${family}@${digest}`;
      const options = { 'awslogs-group': `/ecs/${family}` };
      return {
        taskDefinition: {
          taskDefinitionArn: arn,
          family,
          executionRoleArn: `arn:aws:iam::123456789012:role/${family}-execution`,
          taskRoleArn: `arn:aws:iam::123456789012:role/${family}-task`,
          containerDefinitions: [{ name: 'web', image, logConfiguration: { logDriver: 'awslogs', options } }],
        },
      };
    }
    case 'ecs:ListTaskDefinitions': {
      const arn = `arn:aws:ecs:us-east-1:123456789012:task-definition/${String(input.familyPrefix)}`;
      return { taskDefinitionArns: [`${arn}:2`, `${arn}:1`] };
    }
    case 'ecr:DescribeImageScanFindings':
      return { imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: {} };
    case 'ecr:GetLifecyclePolicy':
      return { lifecyclePolicyText: '{"rules":[]}' };
    default:
      return {};
  }
}

it('makes about eleven calls for each service, and describes many services at once', async () => {
  const names = Array.from({ length: 200 }, (_, index) => `service-${index}`);
  const many = apps.flatMap((app) =>
    names.map((name) => ({
      ...app,
      name,
      before: [],
      services: app.services.map((service) => ({ ...service, name, family: name })),
    })),
  );
  const counts = new Map<string, number>();
  await readWorkloads({ apps: many, environment: 'production', now: 0 }, (service, operation, input) => {
    counts.set(operation, (counts.get(operation) ?? 0) + 1);
    return manyServices(service, operation, input);
  });
  expect(Object.fromEntries(counts)).toEqual({
    DescribeServices: 20,
    DescribeTaskDefinition: 400,
    ListTaskDefinitions: 200,
    ListTasks: 1,
    DescribeTargetGroups: 10,
    DescribeTargetGroupAttributes: 200,
    DescribeScalableTargets: 4,
    DescribeLogGroups: 200,
    BatchGetRepositoryScanningConfiguration: 8,
    DescribeImageScanFindings: 200,
    GetLifecyclePolicy: 200,
    DescribeImages: 200,
    ListRolePolicies: 400,
    ListAttachedRolePolicies: 400,
  });
});
