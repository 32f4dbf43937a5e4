import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../../cli/fairway.ts';
import { checkConfiguration, loadConfiguration } from '../../../shared/config/load.ts';
import { type Answered, fakeCloud, type Received, recorded } from '../fake-cloud.ts';

describe('fairway init', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'fairway-test-init-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const read = (file: string) => readFileSync(join(directory, file), 'utf8');
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  async function fairway(...line: readonly string[]) {
    const { around, written } = recorded(directory);
    const code = await run(line, around);
    return { code, ...written };
  }

  it('writes an example that is valid, and says what to do next', async () => {
    const { code, out, err } = await fairway('init', '--example');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(loadConfiguration(join(directory, 'fairway.yml')).apps.map(({ name }) => name)).toEqual(['web']);
    expect(read('fairway.yml')).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/fairway-ecs\//);
    expect(parse(read('serverless.yml'))).toMatchObject({
      plugins: ['fairway-ecs'],
      provider: { name: 'aws' },
    });
    expect(read('serverless.yml').trim().split('\n')).toHaveLength(4);
    expect(out).toMatch(/fairway\.yml: new\n.*\n.*\n\nNext:\n.* check\n.* local\n$/);
  });

  it('adds its entry to a package.json and leaves the rest of it', async () => {
    write('package.json', '{\n    "name": "deploys",\n    "devDependencies": { "a": "1" }\n}\n');
    const { out } = await fairway('init', '--example');
    expect(JSON.parse(read('package.json'))).toEqual({
      name: 'deploys',
      devDependencies: { a: '1', 'fairway-ecs': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    expect(read('package.json')).toContain('\n    "name"');
    expect(out).toContain('+        "fairway-ecs"');
  });

  it('leaves a package.json that has the package', async () => {
    const text = '{"dependencies":{"fairway-ecs":"file:x.tgz"}}';
    write('package.json', text);
    expect(await fairway('init', '--example')).toMatchObject({ code: 0 });
    expect(read('package.json')).toBe(text);
  });

  it('writes nothing where a file would be replaced, and shows the difference', async () => {
    write('serverless.yml', 'service: other\n');
    const { code, err } = await fairway('init', '--example');
    expect(code).toBe(1);
    expect(err).toMatch(
      /nothing was written.*\nserverless\.yml:\n {2}-service: other\n {2}\+service: fairway/,
    );
    expect(readdirSync(directory)).toEqual(['serverless.yml']);
  });

  it('has nothing to write the second time', async () => {
    await fairway('init', '--example');
    const { code, out } = await fairway('init', '--example');
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing to write/);
  });

  it('asks for the cluster where a person is there, and says what to pass where not', async () => {
    const { code, err } = await fairway('init');
    expect(code).toBe(64);
    expect(err).toContain('pass --cluster NAME to read your account, or --example');
  });

  it('writes what an empty account needs, with a template', async () => {
    const { code, out, err } = await fairway('init', '--foundation');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { infrastructure, configuration } = checkConfiguration(join(directory, 'fairway.yml'));
    expect(Object.keys(infrastructure?.source ?? {})).toContain('services');
    expect(configuration.command).toBe('npx --no-install fairway');
    expect(read('fairway.yml')).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/fairway-ecs\//);
    expect(read('foundation.yml')).toContain('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(out).toMatch(/Next:\n {2}aws cloudformation deploy .* foundation\.yml .*\n.* deploy\n.* apply\n$/);
  });

  it('refuses --example together with --cluster', async () => {
    expect(await fairway('init', '--example', '--cluster', 'a')).toMatchObject({ code: 64 });
  });

  describe('with a cluster', () => {
    const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web_app:1.4.0';
    const role = 'arn:aws:iam::123456789012:role';
    const answers: Readonly<Record<string, object>> = {
      DescribeClusters: {
        clusters: [
          {
            clusterName: 'app',
            clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/app',
            status: 'ACTIVE',
          },
        ],
      },
      ListTaskDefinitionFamilies: { families: [] },
      ListEventBuses: { EventBuses: [{ Name: 'default' }] },
      ListRuleNamesByTarget: { RuleNames: [] },
      ListServices: { serviceArns: ['arn:aws:ecs:eu-west-1:123456789012:service/app/web'] },
      DescribeServices: {
        services: [
          { serviceName: 'web', status: 'ACTIVE', taskDefinition: 'web-family:3' },
          { serviceName: 'proxy', status: 'ACTIVE', taskDefinition: 'proxy:1' },
          { serviceName: 'sets', status: 'ACTIVE', deploymentController: { type: 'EXTERNAL' } },
        ],
      },
    };
    const definitions: Readonly<Record<string, object>> = {
      'web-family:3': {
        family: 'web-family',
        taskRoleArn: `${role}/web-task`,
        executionRoleArn: `${role}/team/web-execution`,
        containerDefinitions: [
          { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1' },
          {
            name: 'web',
            image,
            logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } },
          },
        ],
      },
      'proxy:1': { family: 'proxy', containerDefinitions: [{ name: 'proxy', image: 'nginx:1' }] },
    };
    const answer = ({ path, target, body }: Received): Answered | undefined => {
      if (path.startsWith('/schedules')) return { body: '{"Schedules":[]}' };
      const operation = target.replace(/^.*\./, '');
      if (operation === 'DescribeTaskDefinition')
        return { body: JSON.stringify({ taskDefinition: definitions[JSON.parse(body).taskDefinition] }) };
      const found = answers[operation];
      return found && { body: JSON.stringify(found) };
    };

    it('writes its services, grouped by repository, and says what it guessed', async () => {
      const cloud = await fakeCloud(answer);
      const line = ['init', '--cluster', 'app', '--region', 'eu-west-1', '--environment', 'staging'];
      const { code, out, err } = await fairway(...line, '--local', cloud.url);
      await cloud.stop();
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(parse(read('fairway.yml'))).toMatchObject({
        environment: 'staging',
        region: 'eu-west-1',
        defaults: { cluster: 'app' },
        apps: {
          'web-app': {
            image: { repository: 'team/web_app', tags: { semver: '>=0.0.0' } },
            services: [
              {
                name: 'web',
                taskDefinition: 'web-family',
                containers: ['web'],
                taskRole: 'web-task',
                executionRole: `${role}/team/web-execution`,
                logGroup: '/ecs/web',
              },
            ],
          },
        },
      });
      expect(out).toContain('apps.web-app.image.tags: A guess, from the tags seen: 1.4.0.');
      expect(out).toContain('proxy is left out: it has no image of ECR');
      expect(out).toContain('sets is left out: its deployment controller is EXTERNAL');
      expect(out).toMatch(/failed to .*\n\nNext:\n.* verify\n.*\n$/);
    });

    it('says where it found no service', async () => {
      const cloud = await fakeCloud(() => ({ body: '{}' }));
      const { code, err } = await fairway('init', '--cluster', 'none', '--local', cloud.url);
      await cloud.stop();
      expect(code).toBe(1);
      expect(err).toContain('the cluster none does not exist in the local cloud');
      expect(readdirSync(directory)).toEqual([]);
    });
  });
});
