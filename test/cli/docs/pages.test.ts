import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { indexForModels } from '../../../cli/docs/pages.ts';
import { run } from '../../../cli/fairway.ts';
import { recorded } from '../fake-cloud.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

async function fairway(...line: readonly string[]) {
  const { around, written } = recorded('/');
  const code = await run(line, around);
  return { code, ...written };
}

describe('fairway docs', () => {
  it('lists every page with its title', async () => {
    const { out } = await fairway('docs', '--json');
    const pages = JSON.parse(out).map(({ name }: { name: string }) => `${name}.md`);
    expect(pages).toEqual(
      readdirSync(join(ROOT, 'docs'))
        .filter((file) => file.endsWith('.md'))
        .toSorted(),
    );
    expect((await fairway('docs')).out).toMatch(/^ {2}install +In your repository$/m);
  });

  it('prints a page from any folder', async () => {
    expect((await fairway('docs', 'install')).out).toMatch(/^# In your repository\n/);
  });

  it('suggests a page', async () => {
    const { code, err } = await fairway('docs', 'instal');
    expect(code).toBe(64);
    expect(err).toContain('there is no page "instal"; did you mean "install"?');
  });

  it('does not read other files', async () => {
    expect(await fairway('docs', '../package')).toMatchObject({ code: 64 });
  });
});

describe('llms.txt', () => {
  it('links every page', () => {
    const links = Array.from(indexForModels().matchAll(/\]\(docs\/([^)]+)\)/g), ([, file]) => file);
    expect(links).toEqual(
      readdirSync(join(ROOT, 'docs'))
        .filter((file) => file.endsWith('.md'))
        .toSorted(),
    );
  });
});
