import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** What the compiler names when something is added to a copy of the code: the files that have to change with it. */

/** Inside node_modules, so that packages are found; nothing else looks there. */
const SCRATCH = 'node_modules/.additions-';

interface Change {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

const request: Change = {
  file: 'shared/domain/requests.ts',
  before: '  readonly lookAtTask: {',
  after: '  readonly probe: { readonly service: string };\n  readonly lookAtTask: {',
};
const row: Change = {
  file: 'shared/domain/effects.ts',
  before: '  findCause: {',
  after: "  probe: { by: 'aws', answers: ['done'], owner: ofRelease, describe: readTasks },\n  findCause: {",
};

describe('the compiler names every place that needs', () => {
  it.each<[string, readonly Change[], readonly string[]]>([
    ['a kind of effect', [request], ['domain/decide/answers.ts', 'domain/effects.ts', 'perform/effect.ts']],
    ['an effect that is declared', [request, row], ['domain/decide/answers.ts', 'perform/perform.ts']],
    [
      'another answer of an effect',
      [
        {
          file: 'shared/domain/effects.ts',
          before: "answers: ['healthyCounted']",
          after: "answers: ['healthyCounted', 'unproven']",
        },
      ],
      ['domain/releases/effects.ts'],
    ],
    [
      'an event',
      [
        {
          file: 'shared/domain/events.ts',
          before: "  | { readonly type: 'tick' }",
          after: "  | { readonly type: 'tick' }\n  | { readonly type: 'windowOpened' }",
        },
      ],
      ['domain/decide.ts'],
    ],
    [
      'a step of a release',
      [
        {
          file: 'shared/domain/release.ts',
          before: "export type Step = 'preparing'",
          after: "export type Step = 'approval' | 'preparing'",
        },
      ],
      ['announce', 'domain/releases/deadlines.ts', 'domain/releases/proceeding.ts'],
    ],
    [
      'an outcome of a release',
      [
        {
          file: 'shared/domain/release.ts',
          before: "export type ReleaseOutcome = 'live'",
          after: "export type ReleaseOutcome = 'paused' | 'live'",
        },
      ],
      ['announce', 'domain/releases/rollbackEnds.ts'],
    ],
    [
      'an end of a rollout',
      [
        {
          file: 'shared/domain/releases/verdict.ts',
          before: "  | { readonly kind: 'noneHealthy' }",
          after: "  | { readonly kind: 'noneHealthy' }\n  | { readonly kind: 'rejected' }",
        },
      ],
      ['domain/releases/verdict.ts'],
    ],
  ])('%s', (_, changes, files) => {
    expect(filesNamed(changes)).toEqual(files);
  });
});

function filesNamed(changes: readonly Change[]): readonly string[] {
  const copy = mkdtempSync(SCRATCH);
  try {
    cpSync('shared', `${copy}/shared`, { recursive: true });
    for (const { file, before, after } of changes) {
      const text = readFileSync(`${copy}/${file}`, 'utf8');
      if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
      writeFileSync(`${copy}/${file}`, text.replace(before, after));
    }
    const config = {
      extends: '../../tsconfig.json',
      compilerOptions: { types: ['node'] },
      include: ['shared'],
    };
    writeFileSync(`${copy}/tsconfig.json`, JSON.stringify(config));
    return filesIn(compile(copy));
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function compile(folder: string): string {
  return spawnSync('node_modules/.bin/tsc', ['--noEmit', '-p', folder], { encoding: 'utf8' }).stdout;
}

function filesIn(output: string): readonly string[] {
  const names = [...output.matchAll(/shared\/([\w/]+\.ts)\(\d/g)].map(([, name = '']) =>
    name.replace(/^announce\/.*/, 'announce'),
  );
  return [...new Set(names)].sort();
}
