import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workloadOf } from '../../shared/audit/example.ts';
import { findingsOf } from '../../shared/audit/findings.ts';
import { type Example, isAtLeast, SEVERITIES } from '../../shared/audit/rule.ts';
import { RULES } from '../../shared/audit/rules.ts';

function withVariable(name: string, value: string) {
  return { family: 'web-app', containerDefinitions: [{ name: 'web', environment: [{ name, value }] }] };
}

const CERTIFICATE = aPem('CERTIFICATE');

/** Characters of Base64, in lines as PEM has them. */
function aPem(kind: string): string {
  const lines = [
    'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ',
    'RTESMBAGA1UEChMJQmFsdGltb3JlMRMwEQYDVQQLEwpDeWJlclRydXN0MSIwIAYD',
    'VQQDExlCYWx0',
  ];
  return [`-----BEGIN ${kind}-----`, ...lines, `-----END ${kind}-----`].join('\n');
}

describe('the rules of the audit', () => {
  it('has a file for each rule, and a rule for each file', () => {
    const files = readdirSync(join(import.meta.dirname, '../../shared/audit/rules'));
    expect(RULES).toHaveLength(files.length);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(files.length);
  });

  it('lists the most urgent rules first', () => {
    const order = RULES.map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it.each(RULES)('$id fails on its failing example', ({ check, failing }) => {
    const found = check(workloadOf(failing));
    expect(found.length).toBeGreaterThan(0);
    for (const { resource, found: what, fix } of found) {
      expect(resource).toMatch(
        /^(?:service|container|variable|repository|log group|role|target group|task definition) \S+$/,
      );
      expect(what).not.toBe('');
      expect(fix).not.toBe('');
    }
  });

  it.each(RULES)('$id passes on its passing example', ({ check, passing }) => {
    expect(check(workloadOf(passing))).toEqual([]);
  });

  it.each<[string, string, Example]>([
    ['circuit-breaker-off', 'CANARY', { service: { deploymentConfiguration: { strategy: 'CANARY' } } }],
    ['circuit-breaker-off', 'CodeDeploy', { service: { deploymentController: { type: 'CODE_DEPLOY' } } }],
    [
      'root-container',
      'a user that is not named',
      { definition: { containerDefinitions: [{ name: 'web' }] } },
    ],
    ['no-auto-scaling', 'a DAEMON', { service: { schedulingStrategy: 'DAEMON' }, isScaled: false }],
    ['cannot-roll', 'no desired task', { service: { deploymentConfiguration: { maximumPercent: 100 } } }],
    [
      'cannot-roll',
      'a DAEMON that may stop a task',
      {
        service: {
          schedulingStrategy: 'DAEMON',
          desiredCount: 3,
          deploymentConfiguration: { minimumHealthyPercent: 0, maximumPercent: 100 },
        },
      },
    ],
    [
      'no-logs',
      'FireLens',
      {
        definition: {
          containerDefinitions: [
            { name: 'web', logConfiguration: { logDriver: 'awsfirelens' } },
            { name: 'router', firelensConfiguration: { type: 'fluentbit' } },
          ],
        },
      },
    ],
    [
      'platform-version-behind',
      'a newer version than known',
      { service: { launchType: 'FARGATE', platformVersion: '1.10.0' } },
    ],
    [
      'platform-version-behind',
      'the newest of Windows',
      {
        service: {
          launchType: 'FARGATE',
          platformVersion: '1.0.0',
          platformFamily: 'Windows_Server_2022_Core',
        },
      },
    ],
    [
      'spot-would-do',
      'Service Connect',
      {
        service: {
          launchType: 'FARGATE',
          deployments: [{ status: 'PRIMARY', serviceConnectConfiguration: { enabled: true } }],
        },
      },
    ],
    [
      'broad-role',
      'a condition',
      {
        definition: { taskRoleArn: 'r' },
        roles: {
          r: {
            policies: [
              {
                name: 'all',
                document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*', Condition: {} } },
              },
            ],
          },
        },
      },
    ],
    [
      'secret-in-environment',
      'a reference',
      { definition: withVariable('TOKEN_URL', 'https://auth.example.com') },
    ],
    [
      'no-scan-on-push',
      'a repository of another region',
      {
        definition: {
          taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web-app:2',
          containerDefinitions: [{ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:1' }],
        },
        repositories: { 'web-app': { scans: false } },
      },
    ],
    ...[
      ['GOOGLE_APPLICATION_CREDENTIALS', '/etc/gcp/key.json'],
      [
        'JWT_SECRET',
        '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----',
      ],
      ['TLS_CERT', CERTIFICATE],
      ['OIDC_SECRET_CERT', CERTIFICATE.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
      ['TLS_SECRET_CHAIN', `${CERTIFICATE}\n${CERTIFICATE}`],
      ['TLS_SECRET_ONE_LINE', CERTIFICATE.replaceAll('\n', '\\n')],
      ['RECAPTCHA_SITE_KEY', '6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI'],
      ['SENTRY_DSN', `https://${'4f9a'.repeat(8)}@o12.ingest.sentry.io/345`],
    ].map(([name = '', value = '']): [string, string, Example] => [
      'secret-in-environment',
      name,
      { definition: withVariable(name, value) },
    ]),
    [
      'fargate-would-do',
      'managed instances',
      {
        service: { launchType: 'MANAGED_INSTANCES' },
        definition: { compatibilities: ['FARGATE', 'MANAGED_INSTANCES'] },
      },
    ],
    ['spot-would-do', 'one task', { service: { launchType: 'FARGATE', desiredCount: 1 } }],
    ['single-zone', 'one task', { service: { serviceName: 'web-app' }, zones: ['us-east-1a'] }],
  ])('%s leaves alone: %s', (id, _, example) => {
    expect(RULES.find((rule) => rule.id === id)?.check(workloadOf(example))).toEqual([]);
  });

  it('single-zone names no subnets where the network mode has none', () => {
    const example = { service: { serviceName: 'web-app' }, zones: ['us-east-1a', 'us-east-1a'] };
    const [found] = RULES.find(({ id }) => id === 'single-zone')?.check(workloadOf(example)) ?? [];
    expect(found?.fix).toContain('container instances in at least two zones');
    expect(found?.fix).not.toContain('awsvpcConfiguration');
  });

  it.each([
    ['after a certificate', `${CERTIFICATE}\n${aPem('PRIVATE KEY')}`],
    ['before a certificate', `${aPem('RSA PRIVATE KEY')}\n${CERTIFICATE}`],
  ])('secret-in-environment finds a private key %s', (_, value) => {
    const found = RULES.find(({ id }) => id === 'secret-in-environment')?.check(
      workloadOf({ definition: withVariable('TLS_BUNDLE', value) }),
    );
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain('MIID');
  });

  it('finds a secret by what it looks like, whatever its name', () => {
    const found = RULES.find(({ id }) => id === 'secret-in-environment')?.check(
      workloadOf({ definition: withVariable('UPSTREAM', 'postgres://app:kJ8mQ2xL9@db.example.com/app') }),
    );
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain('kJ8mQ2xL9');
  });

  it.each<[string, string, Example]>([
    [
      'missing-role',
      'environment files',
      { definition: { containerDefinitions: [{ environmentFiles: [{}] }] } },
    ],
    [
      'missing-role',
      'credentials of a registry',
      { definition: { containerDefinitions: [{ repositoryCredentials: {} }] } },
    ],
    [
      'no-health-check',
      'a disabled check',
      { service: {}, definition: { containerDefinitions: [{ healthCheck: { command: ['NONE'] } }] } },
    ],
    [
      'broad-role',
      'an action in capitals',
      {
        definition: { taskRoleArn: 'r' },
        roles: {
          r: {
            policies: [
              { name: 'all', document: { Statement: { Effect: 'Allow', Action: 'IAM:*', Resource: '*' } } },
            ],
          },
        },
      },
    ],
  ])('%s finds %s', (id, _, example) => {
    expect(RULES.find((rule) => rule.id === id)?.check(workloadOf(example))).toHaveLength(1);
  });

  it.each([
    '123456789012.dkr-ecr.us-east-1.on.aws/web-app:1',
    '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/web-app:1',
  ])('knows the repository of %s', (image) => {
    const taskDefinitionArn = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web-app:2';
    const found = RULES.find(({ id }) => id === 'no-scan-on-push')?.check(
      workloadOf({
        definition: { taskDefinitionArn, containerDefinitions: [{ image }] },
        repositories: { 'web-app': { scans: false } },
      }),
    );
    expect(found).toHaveLength(1);
  });

  it('finds nothing in a sound workload', () => {
    expect(findingsOf([workloadOf({})])).toEqual([]);
  });

  it('orders severities', () => {
    expect(isAtLeast('high', 'medium')).toBe(true);
    expect(isAtLeast('hint', 'low')).toBe(false);
  });
});
