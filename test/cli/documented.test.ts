import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../cli/arguments.ts';
import { commands as known } from '../../cli/registry.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Every piece of code of a page: the lines of its blocks, and what stands between backticks. */
function codeOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = text.match(/^ *```[\s\S]*?^ *```/gm) ?? [];
  const inline = text.replace(/^ *```[\s\S]*?^ *```/gm, '').match(/`[^`\n]+`/g) ?? [];
  return [...blocks.flatMap((block) => block.split('\n')), ...inline.map((code) => code.slice(1, -1))];
}

/** The words of a command line; quoted ones are one. */
function words(line: string): readonly string[] {
  const bare = line.replace(/ +#.*$/, '').trim();
  return [...bare.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

const commands = PAGES.flatMap((page) =>
  codeOf(page).flatMap((line): [string, string][] => {
    const [, rest] = /^(?:\w+=\S+ )*(?:npm run fairway --|fairway) (?=[a-z])(.*)$/.exec(line.trim()) ?? [];
    // "vN" stands for the number of a release.
    return rest === undefined ? [] : [[page, rest.replace(/\bvN\b/, 'v1')]];
  }),
);

describe('the commands in README and docs', () => {
  it('are found', () => {
    expect(commands.length).toBeGreaterThan(40);
  });

  it.each(commands)('%s: fairway %s is one that the command line understands', (_, line) => {
    const argv = words(line);
    // A name alone only mentions its command.
    if (argv.length === 1) expect(Object.keys(known)).toContain(argv[0]);
    else expect(() => parse(argv, known)).not.toThrow();
  });

  it('never fetch a package of the same name', () => {
    const fetching = PAGES.flatMap((page) =>
      codeOf(page).filter((line) => /^npx (?!--no |-- )/.test(line.trim())),
    );
    expect(fetching.filter((line) => line !== 'npx fairway')).toEqual([]);
  });

  it('that npm runs are scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const names = PAGES.flatMap((page) =>
      codeOf(page).flatMap((line) =>
        [...line.replace(/ -- .*/, '').matchAll(/\bnpm run ([a-z:]+)/g)].map(([, name]) => name),
      ),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
  });
});
