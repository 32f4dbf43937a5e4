import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, describeFault } from '../../shared/config/faults.ts';
import { compileConfiguration, loadConfiguration } from '../../shared/config/load.ts';
import { prepare } from '../../stack/serverless.ts';
import { CONTRADICTING, FAULTLESS, MISSPELT } from './faulty.ts';
import { WRONG } from './wrong-values.ts';

function errorOf(read: () => unknown): ConfigurationError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('expected a ConfigurationError, but there was no error');
}

const errorIn = (text: string) => errorOf(() => compileConfiguration(text, 'fairway.yml'));

/** "line path: what was expected; did you mean …", as in the tables. */
function faultsIn(text: string): readonly string[] {
  return errorIn(text).faults.map((fault) => describeFault('', fault).replace(/^:(\d+):\d+/, '$1'));
}

function changed(before: string, after: string): string {
  if (FAULTLESS.split(before).length !== 2) throw new Error(`"${before}" is not in the file exactly once`);
  return FAULTLESS.replace(before, () => after);
}

describe('compileConfiguration, when a file has a fault', () => {
  it('finds none in the file that the cases change', () => {
    expect(compileConfiguration(FAULTLESS, 'fairway.yml').apps).toHaveLength(2);
  });

  it.each(MISSPELT)('reports a misspelled name: %j → %j', (before, after, ...faults) => {
    expect(faultsIn(changed(before, after))).toEqual(faults);
  });

  it.each(WRONG)('reports a wrong value: %j → %j', (before, after, ...faults) => {
    expect(faultsIn(changed(before, after))).toEqual(faults);
  });

  it.each(CONTRADICTING)('reports a contradiction: %j → %j', (before, after, ...faults) => {
    expect(faultsIn(changed(before, after))).toEqual(faults);
  });

  it('reports all faults in the overrides and retries of release tasks at once', () => {
    const wrong = `cpu: 1, ephemeralStorage: 20, environment: { 1A: x, DEPTH: 3 }, retries: { times: 11, exitcodes: any }`;
    const file = changed(
      '    after:\n      - name: smoke\n        container: main\n',
      `    after:\n      - { name: other, container: main, ${wrong} }\n      - name: smoke\n        container: main\n        environment: { DEPTH: "${'3'.repeat(8_192)}" }\n`,
    );
    expect(faultsIn(file).map((fault) => fault.split(': ')[0])).toEqual([
      '40 apps.web.after[0].cpu',
      '40 apps.web.after[0].ephemeralStorage',
      '40 apps.web.after[0].environment["1A"]',
      '40 apps.web.after[0].environment.DEPTH',
      '40 apps.web.after[0].retries.times',
      '40 apps.web.after[0].retries.exitcodes',
      '43 apps.web.after[1].environment',
    ]);
  });

  it('accepts a command and an environment up to the limit of ECS, and no longer', () => {
    const longest = changed('DEPTH: "3"', `DEPTH: "${'3'.repeat(8_192 - 95)}"`);
    expect(() => compileConfiguration(longest, 'fairway.yml')).not.toThrow();
    expect(faultsIn(changed('DEPTH: "3"', `DEPTH: "${'3'.repeat(8_192)}"`))).toEqual([
      '50 apps.api.tasks[0].environment: expected a command and an environment of at most 8192 characters as JSON, the limit of ECS: these have 8287',
    ]);
  });

  it('accepts at most fifty services in an app', () => {
    const services = (count: number) =>
      changed(
        '[{ name: api }]',
        `[${Array.from({ length: count }, (_, i) => `{ name: s${i} }`).join(', ')}]`,
      );
    expect(compileConfiguration(services(50), 'fairway.yml').apps[1]?.services).toHaveLength(50);
    expect(faultsIn(services(51))).toEqual([
      '45 apps.api.services: expected at most 50 services: split the app',
    ]);
  });

  it('accepts the same service name in two clusters', () => {
    const text = changed('services: [{ name: api }]', 'services: [{ name: web-app }]\n    cluster: other');
    expect(compileConfiguration(text, 'fairway.yml').apps).toHaveLength(2);
  });

  it.each(['xoxb-1234-secret', 'xoxp-1234-secret'])(
    'does not repeat a token written by mistake: %s',
    (secret) => {
      for (const place of ['{ ssm: /fairway/slack-token }', '/fairway/slack-token']) {
        const { message } = errorIn(changed(place, secret));
        expect(message).toContain('channels.deploys.slack.token');
        expect(message).not.toContain(secret);
      }
    },
  );
});

describe('compileConfiguration, when a file has several faults', () => {
  const text = FAULTLESS.replace('wave: 1', 'wave: none')
    .replace('semver:', 'semvr:')
    .replace('name: api }', 'name: web-app }')
    .replace('[deploys, mail]', '[nobody]')
    .replace('environment: production', 'environment: production\nenvironment: staging')
    .replace('onFailure: rollBack', 'onFailure: [');

  it('reports all of them in one error, ordered by line', () => {
    expect(faultsIn(text.replace('onFailure: [', 'onFailure: no'))).toEqual([
      '3 environment: expected each name once: "environment" is already on line 2',
      expect.stringMatching(/^17 apps\.web\.image\.tags\.semvr: unknown member/),
      expect.stringMatching(/^19 apps\.web\.channels\[0\]: unknown channel "nobody"/),
      expect.stringMatching(/^22 apps\.web\.onFailure: expected one of/),
      expect.stringMatching(/^36 apps\.web\.services\[0\]\.wave: expected a whole number/),
      expect.stringMatching(/^46 apps\.api\.services\[0\]\.name: expected each service in one app only/),
    ]);
  });

  it('reports only the syntax errors while the YAML cannot be read', () => {
    const faults = faultsIn(text);
    expect(faults.length).toBeGreaterThan(1);
    expect(faults[0]).toMatch(/^3 environment: expected each name once/);
    expect(faults.slice(1).every((fault) => /^\d+: expected valid YAML/.test(fault))).toBe(true);
  });

  it('shows file, line, column and count, one fault per line', () => {
    const { message } = errorIn(FAULTLESS.replace('wave: 1', 'wave: 0').replace('base: 0', 'base: x'));
    expect(message).toBe(
      [
        'failed to read fairway.yml: 2 mistakes',
        '  fairway.yml:35:15 apps.web.services[0].wave: expected a whole number from 1 to 50',
        '  fairway.yml:42:76 apps.web.after[0].capacity.providers[0].base: expected a whole number from 0 to 100000',
      ].join('\n'),
    );
  });
});

describe('prepare, when the file has a fault', () => {
  it('keeps the configuration that was packaged before', async () => {
    const root = mkdtempSync(join(tmpdir(), 'fairway-'));
    const packaged = join(root, '.fairway', 'configuration.json');
    writeFileSync(join(root, 'fairway.yml'), FAULTLESS);
    await prepare(root, {}, 'fairway.yml');
    const before = readFileSync(packaged, 'utf8');
    writeFileSync(
      join(root, 'fairway.yml'),
      FAULTLESS.replace('app-prod', 'other').replace('wave: 1', 'wave: 0'),
    );
    await expect(prepare(root, {}, 'fairway.yml')).rejects.toThrow('apps.web.services[0].wave');
    const after = readFileSync(packaged, 'utf8');
    rmSync(root, { recursive: true });
    expect(after).toBe(before);
  });
});

describe('loadConfiguration, when there is nothing to read', () => {
  it('says that the file does not exist, and how to use another one', () => {
    const error = errorOf(() => loadConfiguration('no/such/fairway.yml'));
    expect(error.message).toBe(
      'failed to read no/such/fairway.yml: 1 mistake\n  no/such/fairway.yml:1:1: the file does not exist: `fairway init` writes one, --config or FAIRWAY_CONFIG names another',
    );
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
  });

  it('says that a folder cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fairway-'));
    const { message } = errorOf(() => loadConfiguration(folder));
    rmSync(folder, { recursive: true });
    expect(message).toContain('the file cannot be read: make it readable');
  });
});
