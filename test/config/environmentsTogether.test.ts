import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../shared/config/faults.ts';
import { checkConfiguration, checkWholeFile } from '../../shared/config/load.ts';

/** A file with two environments, which override parts of it. */
const FILE = (dev: string, staging: string, more = '') => `environment: dev
channels: { mail: { sns: {} } }
environments:
  dev: { ${dev} }
  staging: { ${staging} }
defaults: { cluster: app, channels: [mail] }
apps:
  web:
    image: { repository: web, tags: { newest: "*" } }
    services: [{ name: web }, { name: worker }]
${more}`;

const ACCOUNT = 'account: "111111111111"';
const OTHER = 'account: "222222222222"';
const PLACE = `${ACCOUNT}, region: eu-west-1`;

const SERVICES =
  /^5:\d+ environments\.staging: "dev" and "staging" (are|can be) in the same account and region, and both have the service "web" in the cluster "app", and 1 more\. /;

const REPOSITORY = 'infrastructure: { repositories: { web: {}, worker: {} } }';
const IMMUTABLE = 'infrastructure: { repositories: { web: { imageTagMutability: IMMUTABLE } } }';
const RESOURCES =
  /^5:\d+ environments\.staging: "dev" and "staging" (are|can be) in the same account and region and declare `infrastructure\.repositories\.web` differently: each `fairway apply` would undo the other's\. /;
/** Other services, and a repository that is declared differently. */
const STAGING = `apps: { web: { services: [{ name: other }] } }, ${IMMUTABLE}`;

/** The places of a pair, each with the part of the advice that depends on it. */
const SAME = [[PLACE, PLACE, /Set `account` or `region` of one, /]] as const;
const UNKNOWN = [
  ['', '', /Write `account` in both, /],
  [ACCOUNT, '', /Write `account` in both, /],
  ['region: eu-west-1', 'region: eu-west-1', /Write `account` in both, /],
  [PLACE, 'region: eu-west-1', /Write `account` in both, /],
  [ACCOUNT, ACCOUNT, /Write `region` in both, /],
  [PLACE, ACCOUNT, /Write `region` in both, /],
] as const;
const SEPARATE = [
  [ACCOUNT, OTHER],
  [PLACE, OTHER],
  ['region: eu-west-1', 'region: us-east-1'],
  [PLACE, `${ACCOUNT}, region: us-east-1`],
] as const;

describe('two environments of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-environments-together-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  function check(text: string, environment?: string, read = checkWholeFile) {
    const file = join(folder, 'fairway.yml');
    writeFileSync(file, text);
    const shown = (line: string) => line.slice(`${file}:`.length);
    try {
      return { faults: [], warnings: read(file, environment).warnings.map(shown) };
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      const faults = error.faults.map((each) => `${each.line}:${each.column} ${each.path}: ${each.message}`);
      return { faults, warnings: [] };
    }
  }
  const matching = (...patterns: readonly RegExp[]) => patterns.map((each) => expect.stringMatching(each));

  describe('with the same services', () => {
    it.each(SAME)('are refused in one place: %j, %j', (one, other, advice) => {
      const { faults } = check(FILE(one, other));
      expect(faults).toEqual(matching(SERVICES));
      expect(faults[0]).toMatch(advice);
      expect(faults[0]).toContain('"dev" and "staging" are in');
    });

    it.each(UNKNOWN)('are a warning where the place is not known: %j, %j', (one, other, advice) => {
      const { faults, warnings } = check(FILE(one, other));
      expect(faults).toEqual([]);
      expect(warnings).toEqual(matching(SERVICES));
      expect(warnings[0]).toMatch(advice);
      expect(warnings[0]).toContain('"dev" and "staging" can be in');
    });

    it.each(SEPARATE)('are accepted in separate places: %j, %j', (one, other) => {
      expect(check(FILE(one, other))).toEqual({ faults: [], warnings: [] });
    });

    it('are refused where they are declared only', () => {
      const others = `${PLACE}, apps: { web: { services: [{ name: other }] } }`;
      const { faults } = check(FILE(PLACE, others, 'infrastructure: { services: { api: {} } }\n'));
      expect(faults).toEqual(matching(/both have the service "api" in the cluster "app"\./));
    });

    it.each([
      [`${PLACE}, cluster: own`, PLACE],
      [PLACE, `${PLACE}, apps: { web: { services: [{ name: web-staging }] } }`],
      [PLACE, `${PLACE}, apps: { web: { services: null, tasks: [{ name: report, container: web }] } }`],
    ])('are other services in another cluster, or of another name: %j, %j', (one, other) => {
      expect(check(FILE(one, other)).faults).toEqual([]);
    });
  });

  describe('with a resource that they declare differently', () => {
    const declared = (one: string, other: string) => FILE(one, `${other}, ${STAGING}`, `${REPOSITORY}\n`);

    it.each(SAME)('are refused in one place: %j, %j', (one, other, advice) => {
      const { faults } = check(declared(one, other));
      expect(faults).toEqual(matching(RESOURCES));
      expect(faults[0]).toMatch(advice);
    });

    it.each(UNKNOWN)('are a warning where the place is not known: %j, %j', (one, other, advice) => {
      const { faults, warnings } = check(declared(one || 'region: eu-west-1', other || 'region: eu-west-1'));
      expect(faults).toEqual([]);
      expect(warnings).toEqual(matching(RESOURCES));
      expect(warnings[0]).toMatch(advice);
    });

    it.each(SEPARATE)('are accepted in separate places: %j, %j', (one, other) => {
      expect(check(declared(one, other))).toEqual({ faults: [], warnings: [] });
    });

    it('are accepted where both declare it alike', () => {
      const others = `${PLACE}, apps: { web: { services: [{ name: other }] } }`;
      expect(check(FILE(PLACE, others, `${REPOSITORY}\n`)).faults).toEqual([]);
    });
  });

  it('are no warning for a third environment, nor for other commands than check and packaging', () => {
    const text = FILE('', '').replace('  staging:', '  test: { cluster: test }\n  staging:');
    expect(check(text).warnings).toHaveLength(1);
    expect(check(text, 'staging').warnings).toHaveLength(1);
    expect(check(text, 'test').warnings).toEqual([]);
    expect(check(text, 'dev', checkConfiguration).warnings).toEqual([]);
  });
});
