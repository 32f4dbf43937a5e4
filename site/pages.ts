import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** Which documents the site has, under which addresses, and in which order it lists them. */

export const ROOT = join(import.meta.dirname, '..');

/** The other documents by their path in the repository, and the page that each one becomes. */
const OUTSIDE_DOCS: Readonly<Record<string, string>> = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'CHANGELOG.md': 'changelog.md',
};

const GROUPS: readonly (readonly [title: string, pages: readonly string[]])[] = [
  ['Start', ['index', 'install', 'getting-started', 'migration', 'local-cloud']],
  ['Configure', ['configuration', 'announcements', 'tasks', 'infrastructure', 'audit']],
  ['Operate', ['commands', 'behaviour', 'diagnosis', 'runbook', 'costs']],
  ['How it works', ['architecture', 'security', 'simulation', 'measurements']],
  ['Project', ['contributing', 'changelog']],
];

interface Item {
  readonly text: string;
  readonly link: string;
}

interface Group {
  readonly text: string;
  readonly collapsed: boolean;
  readonly items: readonly Item[];
}

/** Every document of the site, by its path in the repository: the page that it becomes. */
export function pagesOfSite(): ReadonlyMap<string, string> {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = docs.filter((file) => file.endsWith('.md')).map((file) => [`docs/${file}`, file] as const);
  return new Map([...Object.entries(OUTSIDE_DOCS), ...pages]);
}

/** The navigation: the title of each page is its first heading. The last group has the decisions. */
export function sidebar(): readonly Group[] {
  const sources = new Map(Array.from(pagesOfSite(), ([document, page]) => [page, document]));
  const item = (name: string): Item => ({
    text: titleOf(sources.get(`${name}.md`)),
    link: name === 'index' ? '/' : `/${name}`,
  });
  const decisions = Array.from(sources.keys(), (page) => page.replace(/\.md$/, ''))
    .filter((name) => name.startsWith('adr/'))
    .toSorted();
  return [
    ...GROUPS.map(([text, names]) => ({ text, collapsed: false, items: names.map(item) })),
    { text: 'Decisions', collapsed: true, items: decisions.map(item) },
  ];
}

function titleOf(document: string | undefined): string {
  if (document === undefined) return '';
  return /^# (.+)$/m.exec(readFileSync(join(ROOT, document), 'utf8'))?.[1] ?? document;
}

/**
 * The text of a page: links between documents lead to their pages, and links to other files lead to the
 * repository. Where its address is unknown, these are left as plain text.
 */
export function pageText(document: string, repository: string | undefined): string {
  const pages = pagesOfSite();
  const page = pages.get(document) ?? document;
  const target = (path: string, anchor: string): string | undefined => {
    const file = normalize(join(dirname(document), path)).replace(/\/$/, '');
    const to = pages.get(file === 'docs/adr' ? FIRST_DECISION : file);
    if (to !== undefined) return `./${relative(dirname(page), to)}${anchor}`;
    if (file.endsWith('.svg')) return `./${relative(dirname(page), file.replace('docs/', ''))}`;
    return repository && `${repository}/${file}`;
  };
  return readFileSync(join(ROOT, document), 'utf8').replace(LINK, (_, text, path, anchor = '') => {
    const to = target(path, anchor);
    return to === undefined ? text : `[${text}](${to})`;
  });
}

const FIRST_DECISION = 'docs/adr/0001-one-item-with-an-outbox.md';
/** A link to a file of the repository. Its text can contain code, but no brackets. */
const LINK = /\[([^\][]*)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]+)?\)/g;

/** The anchor of a heading, as GitHub writes it: links work there and on the site. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
