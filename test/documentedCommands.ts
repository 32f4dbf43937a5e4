import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The commands of README, CONTRIBUTING and docs, as a reader would copy them. */

export const ROOT = join(import.meta.dirname, '..');

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

interface Documented {
  readonly page: string;
  /** One line of code, without the comment at its end. */
  readonly line: string;
}

/** Every piece of code of a page: the lines of its blocks, and whatever is between backticks. */
function codeOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = text.match(/^ *```[\s\S]*?^ *```/gm) ?? [];
  const inline = text.replace(/^ *```[\s\S]*?^ *```/gm, '').match(/`[^`\n]+`/g) ?? [];
  return [...blocks.flatMap((block) => block.split('\n')), ...inline.map((code) => code.slice(1, -1))];
}

export const documentedCode: readonly Documented[] = PAGES.flatMap((page) =>
  codeOf(page).flatMap((code) =>
    code.split(' && ').map((line) => ({ page, line: line.replace(/ +#.*$/, '').trim() })),
  ),
);

const FAIRWAY = /^(?:\w+=\S+ )*(?:npm run fairway --|npx --no-install fairway|fairway) (?=[a-z-])(.*)$/;

/** Lines of `fairway`, less the name. One that is nothing but the name of a command may only mention it. */
export const fairwayLines: readonly Documented[] = documentedCode.flatMap(({ page, line }) => {
  const [, rest] = FAIRWAY.exec(line) ?? [];
  return rest === undefined ? [] : [{ page, line: rest }];
});

/** The words of a line; quoted ones are one. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}
