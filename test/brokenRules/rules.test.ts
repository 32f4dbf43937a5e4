import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BROKEN_RULES } from './rules.ts';

/** Writes the list instead of comparing it: `WRITE_EXAMPLES=1 npx jest test/brokenRules`. */
const WRITE = process.env.WRITE_EXAMPLES === '1';
const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs/simulation.md');
const LIST = /(<!-- broken rules -->\n)[\s\S]*?(\n<!-- end -->)/;

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What `npm run test:rules` breaks. Whether it is caught is checked there. */
describe('the broken rules', () => {
  it.each(BROKEN_RULES)('break one line of $file: $rule', ({ file, find, replace, caughtBy }) => {
    expect(read(file).split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    expect(caughtBy).toMatch(/\.test\.ts$/);
    expect(existsSync(join(ROOT, caughtBy))).toBe(true);
  });

  it('are listed in docs/simulation.md', () => {
    const rows = BROKEN_RULES.map(
      ({ rule, file, caughtBy }) => `| ${rule} | \`${file}\` | \`${caughtBy}\` |`,
    );
    const list = ['| broken on purpose | in | caught by |', '|---|---|---|', ...rows].join('\n');
    const page = readFileSync(PAGE, 'utf8');
    const current = page.replace(LIST, (_, begin: string, end: string) => `${begin}${list}${end}`);
    if (WRITE) writeFileSync(PAGE, current);
    else expect(page).toBe(current);
  });
});
