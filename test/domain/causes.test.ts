import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedKinds } from '../../cli/docs/diagnosis.ts';
import { EVENTS } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { WORDINGS } from '../../shared/domain/diagnosis/wordings.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Kinds that the code gives to causes which no wording leads to. */
function kindsInCode(): string[] {
  const files = readdirSync(join(ROOT, 'shared'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(ROOT, 'shared', file), 'utf8'));
  return sources.flatMap((source) =>
    Array.from(source.matchAll(/\b(?:causeOf|refused)\(\s*'(\w+)'/g), ([, kind = '']) => kind),
  );
}

describe('docs/diagnosis.md', () => {
  it('names every kind of cause, whether ECS words it or Fairway finds it', () => {
    const known = new Set([...kindsInCode(), ...[...WORDINGS, ...EVENTS].map(({ kind }) => kind)]);
    const documented = documentedKinds();
    expect([...known].filter((kind) => !documented.has(kind))).toEqual([]);
    expect(known.size).toBeGreaterThan(40);
  });

  it('has advice for every message of ECS', () => {
    expect(
      [...WORDINGS, ...EVENTS].filter(({ advice }) => advice === undefined).map(({ kind }) => kind),
    ).toEqual([]);
  });
});
