import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagesOfSite, pageText, ROOT, sidebar } from '../site/pages.ts';

const REPOSITORY = 'https://example.com/fairway/blob/0123abc';

describe('the site', () => {
  const listed = sidebar().flatMap(({ items }) => items);

  it('lists every page once', () => {
    const pages = Array.from(pagesOfSite().values(), (page) => `/${page.replace(/(index)?\.md$/, '')}`);
    expect(listed.map(({ link }) => link).toSorted()).toEqual(pages.toSorted());
    expect(pages.length).toBeGreaterThan(readdirSync(join(ROOT, 'docs/adr')).length + 18);
  });

  it('names each page by its first heading', () => {
    expect(listed).toContainEqual({ text: 'Getting started on AWS', link: '/getting-started' });
    expect(listed.filter(({ text }) => text === '')).toEqual([]);
  });

  it.each([
    ['README.md', '](docs/configuration.md)', '](./configuration.md)'],
    ['README.md', '](docs/release.svg)', '](./release.svg)'],
    ['README.md', '](docs/adr/)', '](./adr/0001-one-item-with-an-outbox.md)'],
    ['README.md', '](fairway.yml)', `](${REPOSITORY}/fairway.yml)`],
    [
      'CONTRIBUTING.md',
      '](docs/simulation.md#who-judges-the-tests)',
      '](./simulation.md#who-judges-the-tests)',
    ],
    ['docs/install.md', '](adr/0018', '](./adr/0018'],
    ['docs/getting-started.md', '](../fairway.yml)', `](${REPOSITORY}/fairway.yml)`],
    ['docs/adr/0009-an-own-local-cloud.md', '](../local-cloud.md)', '](./../local-cloud.md)'],
  ])('turns the link of %s: %s', (document, link, onSite) => {
    expect(readFileSync(join(ROOT, document), 'utf8')).toContain(link);
    const text = pageText(document, REPOSITORY);
    expect(text).toContain(onSite);
    expect(text).not.toContain(link);
  });

  it('keeps the text of a link to another file where the address of the repository is unknown', () => {
    const text = pageText('docs/getting-started.md', undefined);
    expect(text).toContain('Edit `fairway.yml`.');
  });
});
