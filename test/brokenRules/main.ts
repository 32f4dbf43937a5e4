import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCLI } from 'jest';
import type { BrokenRule } from './rule.ts';
import { BROKEN_RULES } from './rules.ts';

/**
 * `npm run test:rules`: breaks one rule after the other in a copy of the project, and reports those that no test catches.
 * With words, only the rules that contain one of them.
 */

const ROOT = join(import.meta.dirname, '..', '..');
const PARTS = [
  ...['cli', 'docs', 'events', 'functions', 'local', 'shared', 'stack', 'test'],
  ...[
    'fairway.schema.json',
    'fairway.yml',
    'jest.config.mjs',
    'package.json',
    'serverless.yml',
    'tsconfig.json',
  ],
];

function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'fairway-rules-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Whether the tests of the file fail. In this process: starting another one takes longer than most tests. */
async function fails(copy: string, file: string): Promise<boolean> {
  const options = { runTestsByPath: true, runInBand: true, silent: true, reporters: [] };
  const { results } = await runCLI({ $0: 'jest', _: [join(copy, file)], ...options }, [copy]);
  return !results.success;
}

async function isCaught(copy: string, { file, find, replace, caughtBy }: BrokenRule): Promise<boolean> {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    return await fails(copy, caughtBy);
  } finally {
    writeFileSync(path, source);
  }
}

async function main(words: readonly string[]): Promise<number> {
  const rules = BROKEN_RULES.filter(
    ({ rule }) => words.length === 0 || words.some((word) => rule.includes(word)),
  );
  const copy = copyProject();
  try {
    let survivors = 0;
    for (const rule of rules) {
      const caught = await isCaught(copy, rule);
      if (!caught) survivors += 1;
      console.log(`${caught ? 'caught  ' : 'SURVIVED'} ${rule.rule} (${rule.caughtBy})`);
    }
    const red = new Set(rules.map(({ caughtBy }) => caughtBy));
    for (const file of red) {
      if (await fails(copy, file))
        throw new Error(`failed to break rules: ${file} fails without a broken rule`);
    }
    console.log(`${rules.length - survivors} of ${rules.length} broken rules are caught`);
    return survivors === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

process.exit(await main(process.argv.slice(2)));
