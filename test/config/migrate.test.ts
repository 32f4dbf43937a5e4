import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfiguration, compileConfiguration } from '../../shared/config/load.ts';
import { migrate } from '../../shared/config/migrate.ts';

const OLD = `# yaml-language-server: $schema=./fairway.schema.json
# Ours.

environment: production   # the only one
channels: { mail: { sns: {} } }
defaults:
    cluster: 'app-prod'
    # Someone has to decide.
    onFailure: "putBack"
    channels: [ mail ]
environments:
    production: ~
    staging:
        defaults: { timeouts: { putBack: 10m } }
apps:
    web:
        image: { repository: web-app, tags: { semver: '>=1.0.0' } }
        services: [{ name: web-app }]
        timeouts:
            # Long, since it is large.
            putBack: 1h     # an hour
            rollout: 2h
    putBack:
        image: { repository: putBack, tags: { semver: "*" } }
        services: [{ name: api }]
        onFailure: leave
`.replaceAll('repository: putBack', 'repository: put-back');

const NEW = OLD.replace('"putBack"', '"rollBack"')
  .replace('{ putBack: 10m }', '{ rollBack: 10m }')
  .replace('putBack: 1h', 'rollBack: 1h');

const directory = mkdtempSync(join(tmpdir(), 'fairway-migrate-'));
afterAll(() => rmSync(directory, { recursive: true }));

function warningsFor(text: string): readonly string[] {
  const file = join(directory, 'fairway.yml');
  writeFileSync(file, text);
  return checkConfiguration(file, 'production').warnings.map((warning) => warning.replace(`${file}:`, ''));
}

describe('migrating fairway.yml', () => {
  it('writes the names of today, and leaves the rest as it is written', () => {
    expect(migrate(OLD)).toEqual({ text: NEW, left: [] });
  });

  it.each(['production', 'staging'])('does not change what the file means in %s', (environment) => {
    const compiled = (text: string) => compileConfiguration(text, 'fairway.yml', environment);
    expect(compiled(migrate(OLD).text)).toEqual(compiled(OLD));
  });

  it('changes nothing a second time', () => {
    expect(migrate(NEW)).toEqual({ text: NEW, left: [] });
  });

  it.each(['', 'version: 1\n', 'version: 2\n'])(
    'writes no version, which the minor version before might not read: %j',
    (version) => {
      const text = `${version}environment: production\napps: { web: { onFailure: leave } }\n`;
      expect(migrate(text)).toEqual({ text, left: [] });
    },
  );

  it.each([
    ['in quotes', `onFailure: 'putBack'`],
    ['in double quotes', `onFailure: "putBack"`],
    ['as a folded text', 'onFailure: >-\n      putBack'],
    ['as a literal text', 'onFailure: |-\n      putBack'],
    ['with a tag and an anchor', 'onFailure: !!str &what putBack'],
    ['with the ends of lines of Windows', 'onFailure: putBack\r\n    wave: 1'],
  ])('keeps how a value is written: %s', (_, written) => {
    const text = `apps:\n  web:\n    ${written}\n`;
    expect(migrate(text)).toEqual({ text: text.replace('putBack', 'rollBack'), left: [] });
  });

  it('leaves to a person what it cannot write, and changes the rest', () => {
    const text = 'apps:\n  web:\n    onFailure: "put\\x42ack"\n  api:\n    onFailure: putBack\n';
    expect(migrate(text)).toEqual({
      text: text.replace('putBack', 'rollBack'),
      left: ['apps.web.onFailure: change `putBack` to `rollBack` there'],
    });
  });

  it('says what a person has to change', () => {
    const both = 'apps:\n  web:\n    timeouts: { putBack: 1h, rollBack: 2h }\n';
    expect(migrate(both)).toEqual({
      text: both,
      left: [
        'apps.web.timeouts.putBack: delete it, since `rollBack` is there as well and is the one that counts',
      ],
    });
  });

  it('changes a name once where several apps share it by an alias', () => {
    const shared = 'apps:\n  web: &web\n    onFailure: putBack\n  api: *web\n';
    expect(migrate(shared)).toEqual({ text: shared.replace('putBack', 'rollBack'), left: [] });
  });
});

describe('an earlier name', () => {
  it('is read, with a warning that says the new one', () => {
    expect(warningsFor(OLD)).toEqual([
      '9:16 defaults.onFailure: `putBack` is called `rollBack` now, and the next minor version no longer reads it: run `fairway migrate`',
      '21:13 apps.web.timeouts.putBack: `putBack` is called `rollBack` now, and the next minor version no longer reads it: run `fairway migrate`',
    ]);
    expect(warningsFor(NEW)).toEqual([]);
  });
});

describe('the version of a file', () => {
  it('may be the one that the next minor version writes', () => {
    const compiled = (text: string) => compileConfiguration(text, 'fairway.yml');
    expect(compiled(`version: 2\n${NEW}`)).toEqual(compiled(NEW));
  });

  it('that is newer than this Fairway is refused, with what to do', () => {
    const text = `version: 3\n${NEW}`;
    expect(() => compileConfiguration(text, 'fairway.yml')).toThrow(
      'version: expected 1 or 2: install a newer version of Fairway to read this file',
    );
  });
});
