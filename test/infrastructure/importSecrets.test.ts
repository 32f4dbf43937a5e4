import { stringify } from 'yaml';
import { planAsJson, renderPlan } from '../../cli/infrastructure/print.ts';
import { styleFor } from '../../cli/style.ts';
import type { Json, JsonObject } from '../../shared/infrastructure/json.ts';
import { aCluster, imageOf, imported, plannedFile } from './cluster.ts';

const SECRET = 'k9Xq2LmZ7vRt4WpB';
const web = { name: 'web', image: imageOf('web-app'), portMappings: [{ containerPort: 8080 }] };
const variable = (name: string, value: string) => ({ environment: [{ name, value }] });

/** Where task definitions of people have secrets. */
const PLACES: readonly (readonly [string, (secret: string) => JsonObject])[] = [
  ['a variable by its name', (secret) => variable('API_KEY', secret)],
  ['a variable by its value', (secret) => variable('DATABASE', `postgres://app:${secret}@db.internal/app`)],
  [
    'an option of a log driver',
    (secret) => ({ logConfiguration: { logDriver: 'splunk', options: { 'splunk-token': secret } } }),
  ],
  ['a command line', (secret) => ({ command: ['serve', `--password=${secret}`] })],
  ['a word of a command', (secret) => ({ command: ['serve', '--password', secret] })],
  ['a label', (secret) => ({ dockerLabels: { 'app.api-key': secret } })],
];

describe.each(PLACES)('a secret in %s', (_, members) => {
  const running = () =>
    aCluster({ services: { 'web-app': { containers: [{ ...web, ...members(SECRET) }] } } });

  test('is not in the file, and plans to no change', async () => {
    const cloud = await running();
    const { text } = await imported(cloud);
    expect(text).not.toContain(SECRET);
    expect(text).toContain('fromLive: true');
    expect((await plannedFile(text, cloud)).changes).toEqual([]);
  });

  test('is kept when another member changes', async () => {
    const cloud = await running();
    const { file } = await imported(cloud);
    file.infrastructure.taskDefinitions['web-app'].definition.cpu = '512';
    file.infrastructure.taskDefinitions['web-app'].definition.memory = '1024';
    const plan = await plannedFile(stringify(file), cloud);
    const calls = plan.changes.flatMap((change) => ('calls' in change ? change.calls : []));
    expect(JSON.stringify(calls)).toContain(SECRET);
    expect(JSON.stringify(calls)).not.toContain('fromLive');
  });

  test('is printed by no plan', async () => {
    const cloud = await running();
    const { file } = await imported(cloud);
    const [container] = file.infrastructure.taskDefinitions['web-app'].definition.containerDefinitions;
    Object.assign(container, members(`new${SECRET}`));
    const plan = await plannedFile(stringify(file), cloud);
    expect(plan.changes).not.toEqual([]);
    expect(renderPlan(plan, styleFor(false, {}))).not.toContain(SECRET);
    expect(JSON.stringify(planAsJson(plan))).not.toContain(SECRET);
  });
});

test('a secret in the options of a volume driver is not in the file, and plans to no change', async () => {
  const options = { o: `username=app,password=${SECRET}` };
  const volumes = [{ name: 'share', dockerVolumeConfiguration: { scope: 'task', driverOpts: options } }];
  const cloud = await aCluster({ services: { 'web-app': { containers: [web], definition: { volumes } } } });
  const { text } = await imported(cloud);
  expect(text).not.toContain(SECRET);
  expect(text).toContain('fromLive: true');
  expect((await plannedFile(text, cloud)).changes).toEqual([]);
});

test('a secret option of the logs of Service Connect is left out, and plans to no change', async () => {
  const options = { 'splunk-url': 'https://splunk.internal', 'splunk-token': SECRET };
  const serviceConnectConfiguration = {
    enabled: true,
    namespace: 'internal',
    logConfiguration: { logDriver: 'splunk', options },
  };
  const cloud = await aCluster({
    services: { 'web-app': { containers: [web], members: { serviceConnectConfiguration } } },
  });
  const { text } = await imported(cloud);
  expect(text).not.toContain(SECRET);
  expect(text).toContain('https://splunk.internal');
  expect(text).toContain('Not copied, since they may be secrets: splunk-token');
  expect((await plannedFile(text, cloud)).changes).toEqual([]);
});

describe('a plan as JSON hides', () => {
  const secret = 'hunter2x9';
  test.each<[string, string, Json]>([
    ['the word after an option', 'containerDefinitions[web].command', ['app', '--password', secret]],
    [
      'an option of a new log driver',
      'containerDefinitions[web].logConfiguration',
      { logDriver: 'splunk', options: { 'splunk-token': secret } },
    ],
    ['a label among new ones', 'containerDefinitions[web].dockerLabels', { apikey: secret }],
    [
      'the password of a client in a new container',
      'containerDefinitions[db]',
      { name: 'db', command: ['mysql', '-u', 'root', `-p${secret}`] },
    ],
    [
      'the password of a client in a command',
      'containerDefinitions[db].command',
      ['mysql', '-u', 'root', `-p${secret}`],
    ],
  ])('%s', (_, path, value) => {
    const change = { kind: 'taskDefinition', name: 'web', calls: [], byHand: [], notes: [] } as const;
    for (const found of [[{ path, from: value, to: undefined }], [{ path, from: undefined, to: value }]]) {
      const plan = { changes: [{ ...change, action: 'change' as const, found }], undeclared: [] };
      expect(JSON.stringify(planAsJson(plan))).not.toContain(secret);
      expect(renderPlan(plan, styleFor(false, {}))).not.toContain(secret);
    }
  });
});

test('a value that is to be kept, where there is none, is refused before anything is created', async () => {
  const cloud = await aCluster({
    services: { 'web-app': { containers: [{ ...web, ...variable('API_KEY', SECRET) }] } },
  });
  const { text } = await imported(cloud);
  const empty = await aCluster({ services: {} });
  await expect(plannedFile(text, empty)).rejects.toThrow(
    'taskDefinition web-app.containerDefinitions[web].environment[API_KEY]: there is no value in AWS to keep',
  );
});
