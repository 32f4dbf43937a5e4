import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../..');

/** What someone writes who wants another channel: this file, and its line in the registry. */
const PAGER = `
import * as z from 'zod/mini';
import { defineChannel, secretOption, textOption } from './channel.ts';

export const pager = defineChannel({
  kind: 'pager',
  description: 'A pager.',
  options: z.strictObject({
    team: textOption(/^[a-z]+$/, 'the name of a team', 'Who is called.', 'shop'),
    key: secretOption('Where the key is stored', 'pager-key'),
  }),
  needs: ({ key }) => [{ kind: 'secret', secret: key, holds: 'key', prefix: 'pk_' }],
  create: ({ team, key }, { readSecret }) => ({
    async send({ title }) {
      console.log(\`SENT \${team} \${await readSecret(key)} \${title}\`);
      return undefined;
    },
  }),
});
`;

/** Everything that knows channels, asked about the new one. */
const PROBE = `
import { configurationReference } from './cli/docs/reference.ts';
import { createSecrets } from './local/services/secrets.ts';
import { createAnnounce } from './shared/announce/announce.ts';
import { configurationJsonSchema } from './shared/config/json-schema.ts';
import { compileConfiguration } from './shared/config/load.ts';
import { sharedPermissions } from './stack/permissions.ts';
import { NAMED } from './stack/breadth.ts';

const configuration = compileConfiguration(\`
environment: p
channels: { oncall: { pager: { team: shop, key: { ssm: /pager-key } } } }
apps: { web: { cluster: c, channels: [oncall], image: { repository: web-app, tags: { newest: "*" } }, services: [{ name: a }] } }
\`, 'fairway.yml');
console.log('REFERENCE ' + /\\| \`pager.team\` .*/.exec(configurationReference(configurationJsonSchema(), '')));
const own = { table: '', dueIndex: '', topic: '', failures: '', undelivered: '' };
const statement = sharedPermissions(configuration, own, NAMED).find(({ sid }) => sid === 'ReadParameters');
console.log('ROLE ' + JSON.stringify(statement?.resources));
const secrets = createSecrets('123456789012', 'us-east-1', () => 0);
secrets.provide(configuration.channels.oncall);
const { parameters } = secrets.keep();
const announce = createAnnounce({
  ...configuration,
  topicArn: '',
  now: () => 0,
  publish: async () => undefined,
  readSecret: async ({ ssm }) => parameters.get(ssm).slice(0, 3),
});
await announce('oncall', { kind: 'app', app: 'web', environment: 'p', account: '1', region: 'r', cluster: 'c', at: 0, topic: 'held', severity: 'info', sentence: 'it works' }, undefined);
`;

describe('a further channel', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'fairway-channel-'));
    for (const part of ['shared', 'cli', 'local', 'stack', 'package.json'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    mkdirSync(join(copy, '.fairway'));
    const registry = join(copy, 'shared/announce/channels.ts');
    const line = readFileSync(registry, 'utf8').replace(/(\[slack, .*)\];/, '$1, pager];');
    writeFileSync(registry, `import { pager } from './pager.ts';\n${line}`);
    writeFileSync(join(copy, 'shared/announce/pager.ts'), PAGER);
    writeFileSync(join(copy, 'probe.ts'), PROBE);
  });
  afterAll(() => rmSync(copy, { recursive: true }));

  it('is one file and one line: schema, reference, roles, secrets and sender know it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['cli/run.mjs', 'probe.ts'], {
      cwd: copy,
    });
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      expect.stringMatching(/^REFERENCE \| `pager.team` \| text \| required \| Who is called\. \| `shop` \|/),
      expect.stringMatching(/^ROLE .*parameter\/pager-key/),
      'SENT shop pk_ web in p: it works',
    ]);
  });
});
