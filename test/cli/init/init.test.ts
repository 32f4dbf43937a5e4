import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../../cli/fairway.ts';
import { checkConfiguration, loadConfiguration, migratedFile } from '../../../shared/config/load.ts';
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
    expect(out).toMatch(/fairway\.yml: new\n.*\n.*\n.*\n\nNext:\n {2}npm install && .* check\n.* local\n$/);
  });

  it('adds its entry to a package.json and leaves the rest of it', async () => {
    write('package.json', '{\n    "name": "deploys",\n    "devDependencies": { "a": "1" }\n}\n');
    const { out } = await fairway('init', '--example');
    expect(JSON.parse(read('package.json'))).toEqual({
      name: 'deploys',
      devDependencies: { a: '1', 'fairway-ecs': expect.stringMatching(/^\d+\.\d+\.\d+$/) },
    });
    expect(read('package.json')).toContain('\n    "name"');
    expect(out).toContain('+    "devDependencies": { "a": "1", "fairway-ecs"');
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

  it.each(['fairway.yml', 'serverless.yml', 'package.json'])(
    'writes nothing where %s is a folder, and says so',
    async (name) => {
      mkdirSync(join(directory, name));
      const { code, err } = await fairway('init', '--example');
      expect(code).toBe(1);
      expect(err).toContain(`failed to read ${name}: it is a folder`);
      expect(readdirSync(directory)).toEqual([name]);
    },
  );

  it('takes a file with other line endings for the same', async () => {
    await fairway('init', '--example');
    for (const name of readdirSync(directory)) write(name, read(name).replaceAll('\n', '\r\n'));
    const { code, out } = await fairway('init', '--example');
    expect(code).toBe(0);
    expect(out).toMatch(/^The files are up to date\./);
  });

  it('has nothing to write the second time', async () => {
    await fairway('init', '--example');
    const { code, out } = await fairway('init', '--example');
    expect(code).toBe(0);
    expect(out).toMatch(/^The files are up to date\./);
  });

  it('asks for the cluster where a person is there, and says what to pass where not', async () => {
    const { code, err } = await fairway('init');
    expect(code).toBe(64);
    expect(err).toContain('pass --cluster NAME to read your account, or --example');
  });

  it('writes what an empty account needs, with a template', async () => {
    const { code, out, err } = await fairway('init', '--foundation');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { infrastructure, configuration, warnings } = checkConfiguration(join(directory, 'fairway.yml'));
    expect(warnings).toEqual([]);
    expect(Object.keys(infrastructure?.source ?? {})).toContain('services');
    expect(configuration.command).toBe('npx --no-install fairway');
    expect(read('fairway.yml')).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/fairway-ecs\//);
    expect(read('foundation.yml')).toContain('AWS::ElasticLoadBalancingV2::TargetGroup');
    expect(out).toMatch(
      /Next:\n {2}aws cloudformation deploy .* foundation\.yml .*\n {2}npm install --save-dev serverless@npm:osls@4\.3\.1 && .* deploy-stack\n\nThen run ".* apply"\. To deploy with Terraform or CDK instead of deploy-stack, run "npm install" and ".* package --out dist"\.\n$/,
    );
  });

  it.each([
    ['service: other\n', 'serverless.yml'],
    [undefined, 'serverless.ts'],
    [undefined, 'serverless.json'],
  ])('writes nothing beside another service of the framework: %j in %s', async (text, name) => {
    write(name, text ?? '');
    const { code, err } = await fairway('init', '--example');
    expect(code).toBe(1);
    expect(err).toContain(`${name} belongs to another service. Run init in a separate folder`);
    expect(readdirSync(directory)).toEqual([name]);
  });

  it.each([
    'service: fairway\nplugins: [fairway-ecs]\nprovider: { name: aws, deploymentBucket: mine }\n',
    'service: fairway\nplugins: { modules: [fairway-ecs] }\nprovider: { name: aws }\n',
  ])('keeps a service that deploys Fairway as it is: %j', async (text) => {
    write('serverless.yml', text);
    const { code, out } = await fairway('init', '--example');
    expect(code).toBe(0);
    expect(out).not.toContain('serverless.yml');
    expect(read('serverless.yml')).toBe(text);
  });

  it.each(['ts', 'json'])('does not mind a serverless.%s that the framework does not read', async (type) => {
    write('serverless.yml', 'service: fairway\nplugins: [fairway-ecs]\nprovider: { name: aws }\n');
    write(`serverless.${type}`, '');
    expect((await fairway('init', '--example')).code).toBe(0);
  });

  it('names no commands to install what is there', async () => {
    for (const name of ['fairway-ecs', 'serverless']) {
      mkdirSync(join(directory, 'node_modules', name), { recursive: true });
      write(`node_modules/${name}/package.json`, '{}');
    }
    expect((await fairway('init', '--foundation')).out).toMatch(
      /Next:\n {2}aws .*\n {2}npx .* deploy-stack\n\nThen run ".* apply"\. .*, run "npx --no-install fairway package --out dist"\.\n$/,
    );
  });

  it('names the schema where the package is installed, and the package.json above', async () => {
    write('package.json', '{ "workspaces": ["deploys"] }');
    const folder = join(directory, 'deploys');
    mkdirSync(folder);
    const { around, written } = recorded(folder);
    expect(await run(['init', '--example'], around)).toBe(0);
    expect(read('deploys/fairway.yml')).toContain('$schema=../node_modules/fairway-ecs/fairway.schema.json');
    expect(written.out).toContain('package.json: A new one for this folder; ../package.json stays as it is.');
    expect(read('package.json')).toBe('{ "workspaces": ["deploys"] }');
  });

  it.each(['--example', '--foundation'])('writes the environment and the region with %s', async (kind) => {
    const { code } = await fairway('init', kind, '--environment', 'staging', '--region', 'eu-west-1');
    expect(code).toBe(0);
    const { configuration } = checkConfiguration(join(directory, 'fairway.yml'));
    expect(configuration).toMatchObject({ environment: 'staging', region: 'eu-west-1' });
  });

  it.each(['--example', '--foundation'])('writes a file that needs no migration with %s', async (kind) => {
    await fairway('init', kind);
    const { before, after, left } = migratedFile(join(directory, 'fairway.yml'));
    expect({ text: after, left }).toEqual({ text: before, left: [] });
  });

  it.each(['--example', '--foundation', '--cluster=app'])(
    'writes nothing where a name cannot be used, with %s',
    async (kind) => {
      for (const [option, value] of Object.entries({
        environment: 'Prod_1',
        region: 'Ireland',
        stage: 'a',
      })) {
        const { code, err } = await fairway('init', kind, `--${option}`, value);
        expect({ code, err }).toEqual({ code: 64, err: expect.stringContaining(`--${option}`) });
      }
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  it('writes the file that --config names, and says it in what comes next', async () => {
    mkdirSync(join(directory, 'deploy'));
    const { out } = await fairway('init', '--example', '--config', 'deploy/staging.yml');
    expect(readdirSync(directory).toSorted()).toEqual([
      '.gitignore',
      'deploy',
      'package.json',
      'serverless.yml',
    ]);
    expect(read('deploy/staging.yml')).toContain('$schema=../node_modules/fairway-ecs/');
    expect(out).toContain('fairway check --config deploy/staging.yml\n');
  });

  it('writes the file that FAIRWAY_CONFIG names', async () => {
    const { around } = recorded(directory);
    await run(['init', '--example'], { ...around, env: { FAIRWAY_CONFIG: 'staging.yml' } });
    expect(readdirSync(directory)).toContain('staging.yml');
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
      // This cloud answers nothing that only `verify` asks.
      expect({ code, err }).toEqual({ code: 1, err: '' });
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
      expect(migratedFile(join(directory, 'fairway.yml'))).toMatchObject({
        before: read('fairway.yml'),
        after: read('fairway.yml'),
      });
      expect(out).toContain('channels.mail: A guess');
      expect(out).not.toMatch(/environment: A guess|region: A guess/);
      expect(out).toContain('apps.web-app.image.tags: A guess, from the tags seen: 1.4.0.');
      expect(out).toContain('proxy is left out: it has no image of ECR');
      expect(out).toContain('sets is left out: its deployment controller is EXTERNAL');
      expect(out).toMatch(
        /failed to .*\n\nThe files were written, but `.* verify` could not run\. Fix that, then run:\n {2}npm install && .* verify --local http:\S+\n$/,
      );
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
