import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withIncludes } from '../../shared/infrastructure/includes.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'fairway-includes-'));
  mkdirSync(join(directory, 'infra'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string) {
  writeFileSync(join(directory, 'infra', name), text);
}

function included(include: readonly string[], more = {}) {
  return withIncludes({ include: [...include], ...more }, directory);
}

describe('included files', () => {
  test('declare beside fairway.yml and each other', () => {
    write('web.yml', 'services: { web: { desiredCount: 2 } }\nlogGroups: { /ecs/web: {} }');
    write('worker.yml', 'services: { worker: {} }');
    write('notes.txt', 'not YAML: [');
    const { source, faults } = included(['infra/*.yml'], { clusters: { prod: {} } });
    expect(faults).toEqual([]);
    expect(source).toEqual({
      clusters: { prod: {} },
      logGroups: { '/ecs/web': {} },
      services: { web: { desiredCount: 2 }, worker: {} },
    });
  });

  test('declare nothing where they are empty', () => {
    write('web.yml', '# later\n');
    expect(included(['infra/web.yml'])).toEqual({ source: {}, faults: [] });
  });

  test('name the files of task definitions from where they are', () => {
    write('web.yml', 'taskDefinitions: { web: { file: web.json } }');
    expect(included(['infra/web.yml']).source.taskDefinitions).toEqual({
      web: { file: join(directory, 'infra', 'web.json') },
    });
  });

  test.each([
    ['that do not exist', 'other.yml', '', 'infrastructure.include: infra/none.yml: there is no such file'],
    ['that are not YAML', 'none.yml', 'a: [', 'none.yml: it is not YAML'],
    ['with a wrong member', 'none.yml', 'servises: {}', 'Unrecognized key: "servises"'],
    [
      'that begin like fairway.yml',
      'none.yml',
      'infrastructure: { services: {} }',
      'none.yml: remove the member `infrastructure`: an included file begins with its members, such as',
    ],
    [
      'with a wrong value',
      'none.yml',
      'services: { web: { desiredCount: many } }',
      'services.web.desiredCount: ',
    ],
    ['that include others', 'none.yml', 'include: [x.yml]', 'an included file includes no others'],
    [
      'that declare something twice',
      'none.yml',
      'clusters: { prod: {} }',
      'clusters.prod is declared in fairway.yml and in none.yml',
    ],
  ])('%s are faults', (_, name, text, fault) => {
    write(name, text);
    const { faults } = included(['infra/none.yml'], { clusters: { prod: {} } });
    expect(faults.join('\n')).toContain(fault);
  });
});
