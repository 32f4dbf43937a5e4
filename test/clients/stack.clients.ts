import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileConfiguration } from '../../shared/config/load.ts';
import { buildStack } from '../../stack/build.ts';
import { codeAt, codeParameters, templateOf } from '../../stack/template.ts';
import { aSource, stackOf } from '../stack/configurations.ts';
import { grantsOf } from '../stack/grants.ts';
import { packageIn } from '../stack/packaged.ts';
import { describeWith } from './programs.ts';

/** Everything that a configuration can ask of the stack. */
const EVERYTHING = `environment: production
installation: payments
stack: { permissionsBoundary: boundary, rolePath: /fairway/, tags: { team: platform } }
channels:
  deploys: { slack: { channel: C0123456789, token: { ssm: /fairway/slack-token } } }
  other: { slack: { channel: C0123456789, token: { secretsManager: fairway/slack } } }
  mail: { sns: {} }
  topic: { sns: { topic: "arn:aws:sns:eu-west-1:123456789012:deploys" } }
defaults: { cluster: app-prod, channels: [deploys, other, mail, topic] }
apps:
  web:
    image: { repository: team/web, tags: { semver: ">=1.0.0" } }
    before: [{ name: db-migrate, container: migrate, taskRole: migrate, logGroup: /ecs/db-migrate }]
    services: [{ name: web, taskRole: web, executionRole: service-role/execution, logGroup: /ecs/web }]
    after: [{ name: smoke, container: smoke }]
    tasks:
      - { name: report, like: web, container: web, schedule: cron(0 3 * * ? *) }
`;

/** Each name, and what it stands for. */
const CONFIGURATIONS: readonly (readonly [string, string])[] = [
  ['everything', EVERYTHING],
  [
    '520 services in four clusters',
    aSource({ apps: 52, services: 10, logs: true, clusterOf: (app) => `c-${app % 4}` }),
  ],
  ['440 schedules', aSource({ apps: 44, services: 1, schedules: 10 })],
];

describeWith('cfn-lint', (cfnLint) => {
  it('finds nothing wrong with a stack of everything, in three regions', async () => {
    const packaged = await packageIn(EVERYTHING);
    try {
      const file = join(packaged.directory, 'template.json');
      writeFileSync(file, JSON.stringify(packaged.template));
      // W3005: the Serverless Framework adds DependsOn where a reference is enough.
      const args = ['--ignore-checks', 'W3005', '--regions', 'eu-west-1', 'us-east-1', 'ap-southeast-2'];
      expect(outputOf(cfnLint, [...args, '--template', file])).toBe('');
    } finally {
      await packaged.remove();
    }
  }, 300_000);

  it('finds nothing wrong with what `fairway package` writes', async () => {
    const configuration = compileConfiguration(EVERYTHING, 'fairway.yml');
    const template = templateOf({
      parts: buildStack(configuration, Date.now()),
      code: (name) => codeAt(`${name}.zip`),
      parameters: codeParameters,
      description: 'Fairway',
    });
    const directory = await mkdtemp(join(tmpdir(), 'fairway-test-lint-'));
    const file = join(directory, 'template.json');
    writeFileSync(file, JSON.stringify(template));
    const regions = ['--regions', 'eu-west-1', 'us-east-1', 'ap-southeast-2'];
    try {
      expect(outputOf(cfnLint, [...regions, '--template', file])).toBe('');
    } finally {
      await rm(directory, { recursive: true });
    }
  }, 120_000);

  it('finds nothing wrong with the foundation', () => {
    const template = join(__dirname, '..', '..', 'examples', 'foundation', 'template.yml');
    const regions = ['--regions', 'eu-west-1', 'us-east-1', 'ap-southeast-2'];
    expect(outputOf(cfnLint, [...regions, '--template', template])).toBe('');
  }, 120_000);
});

describeWith('Python with parliament', (python) => {
  it.each(CONFIGURATIONS)('finds no permission of %s that AWS would deny or never use', (_, source) => {
    const statements = grantsOf(stackOf(compileConfiguration(source, 'fairway.yml'))).map(
      ({ role, actions, resources, condition }) => ({
        role,
        actions,
        resources,
        conditionKeys: Object.values(condition).flatMap((keys: object) => Object.keys(keys)),
      }),
    );
    // Roles share most statements.
    const distinct = new Map(
      statements.map(({ role, ...rest }) => [JSON.stringify(rest), { role, ...rest }]),
    );
    expect(distinct.size).toBeGreaterThan(20);
    const output = execFileSync(python, [join(import.meta.dirname, 'authorization.py')], {
      input: JSON.stringify([...distinct.values()]),
    });
    expect(JSON.parse(String(output))).toEqual([]);
  });
});

/** Standard output, whatever the exit code. */
function outputOf(program: string, args: readonly string[]): string {
  try {
    return String(execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }));
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`;
  }
}
