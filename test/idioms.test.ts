import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALLOWED, IDIOMS } from './idioms.ts';
import { prose } from './prose.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['.ci', '.github', 'bench', 'cli', 'docs', 'functions', 'local', 'shared', 'stack', 'test'];
const READ = /\.(ts|mjs|cjs|md|ya?ml|py)$|^\.ci\/|^(fairway\.schema|package)\.json$|CODEOWNERS$/;
/** The lists themselves. */
const OWN = ['test/idioms.ts', 'test/idioms.test.ts'];

const files = readdirSync(ROOT, { withFileTypes: true })
  .flatMap((entry) => {
    if (entry.isFile()) return [entry.name];
    if (!FOLDERS.includes(entry.name)) return [];
    return readdirSync(join(ROOT, entry.name), { withFileTypes: true, recursive: true })
      .filter((inner) => inner.isFile())
      .map((inner) => join(inner.parentPath, inner.name).slice(ROOT.length + 1));
  })
  .filter((file) => READ.test(file) && !OWN.includes(file));

interface Hit {
  readonly file: string;
  readonly line: number;
  readonly phrase: string;
  readonly better: string;
}

function hitsIn(file: string, source: string): readonly Hit[] {
  const text = prose(file, source);
  return IDIOMS.flatMap(({ pattern, better }) =>
    Array.from(text.matchAll(pattern), (match) => ({
      file,
      line: text.slice(0, match.index).split('\n').length,
      phrase: match[0].replace(/\s+/g, ' '),
      better,
    })),
  );
}

const under = (path: string, file: string) => file === path || file.startsWith(`${path}/`);
const allows = ([path, phrase]: (typeof ALLOWED)[number], hit: Hit) =>
  under(path, hit.file) && hit.phrase.toLowerCase() === phrase.toLowerCase();

const found = files.flatMap((file) => hitsIn(file, readFileSync(join(ROOT, file), 'utf8')));
const hits = found.filter((hit) => !ALLOWED.some((use) => allows(use, hit)));
const show = ({ file, line, phrase, better }: Hit) => `${file}:${line}: "${phrase}" (better: ${better})`;

describe('the words that people read', () => {
  it('are found in documents, comments and sentences of the source', () => {
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'docs/tasks.md', 'shared/advance.ts', '.ci/run']),
    );
    const source = [
      'const told = "told", a = "was told once"; // nobody',
      'const b = `${told ? "is told" : /nobody/} mends`; /** Somebody',
      ' * is let',
      ' * wait. */',
    ].join('\n');
    const phrases = hitsIn('a.ts', source).map(({ phrase, line }) => `${line} ${phrase}`);
    expect(phrases.sort()).toEqual(['1 nobody', '1 told', '2 Somebody', '2 mends', '2 told', '3 is let']);
    expect(hitsIn('a.md', '`told` [x](tell.md) It is told.')).toHaveLength(1);
  });

  it('are plain English', () => {
    expect(hits.map(show)).toEqual([]);
  });

  it('have no exception that nothing needs any more', () => {
    expect(ALLOWED.filter((use) => !found.some((hit) => allows(use, hit)))).toEqual([]);
  });
});
