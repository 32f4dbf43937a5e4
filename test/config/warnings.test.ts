import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfiguration } from '../../shared/config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-warnings-'));
const file = join(directory, 'fairway.yml');
afterAll(() => rmSync(directory, { recursive: true }));

function warningsFor(text: string): readonly string[] {
  writeFileSync(file, text);
  return checkConfiguration(file).warnings.map((warning) => warning.replace(`${file}:`, ''));
}

const app = (more: string) => `environment: production
channels: { mail: { sns: {} } }
apps:
  web:
    cluster: c
    image: { repository: web-app, tags: { semver: "*" } }
    services: [{ name: web-app }]
${more}`;
const task = (environment: string) => `    channels: [mail]
    tasks:
      - name: report
        like: web-app
        container: web
        environment: { ${environment} }
`;

describe('the warnings of a configuration', () => {
  it('name an app without channels', () => {
    expect(warningsFor(app(''))).toEqual([
      '4:3 apps.web: no channels, so no one is notified of its releases: add `channels`, here or in `defaults`',
    ]);
    expect(warningsFor(app('    channels: []\n'))).toHaveLength(1);
    expect(warningsFor(app('    channels: [mail]\n'))).toEqual([]);
    expect(warningsFor(`defaults: { channels: [mail] }\n${app('')}`)).toEqual([]);
  });

  it('name a secret in the environment of a release task', () => {
    const before =
      '    before: [{ name: migrate, container: main, environment: { DB_PASSWORD: "swordfish" } }]\n';
    const [warning] = warningsFor(app(`    channels: [mail]\n${before}`));
    expect(warning).toContain('apps.web.before[0].environment.DB_PASSWORD: the name suggests a secret');
  });

  it.each(['DB_PASSWORD', 'API_TOKEN', 'apiKey', 'SESSION_SECRET'])(
    'name the secret %s in the environment of a task, and never its value',
    (name) => {
      const [warning, ...rest] = warningsFor(app(task(`${name}: "swordfish", LEVEL: info`)));
      expect(rest).toEqual([]);
      expect(warning).toContain(`apps.web.tasks[0].environment.${name}: the name suggests a secret`);
      expect(warning).not.toContain('swordfish');
    },
  );

  it.each(['LOG_LEVEL', 'TOKEN_URL', 'PASSWORD_MIN_LENGTH', 'PRIMARY_KEY'])('accept %s', (name) => {
    expect(warningsFor(app(task(`${name}: "x"`)))).toEqual([]);
  });
});
