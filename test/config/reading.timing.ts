import { ConfigurationError } from '../../shared/config/faults.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { judgeTag } from '../../shared/domain/releases/tagPolicy.ts';
import { parseImage } from '../../shared/domain/revision.ts';

/** Processor time in milliseconds, the shortest of three attempts, so that other processes do not count. */
function timed(work: () => void): number {
  const attempts = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return Math.min(...attempts);
}

const HARD: readonly (readonly [beginning: string, glob: string])[] = [
  '*a*a*a*a*a*a*a*a*a*a*b',
  `${'*a'.repeat(240)}*b`,
  `${'?*'.repeat(200)}_`,
  `${'{a,aa}'.repeat(80)}b`,
  `${'{*,*a,a*}'.repeat(50)}b`,
  `${'[!b]*'.repeat(90)}b`,
  `${'{'.repeat(95)}${'a,*}'.repeat(95)}b`,
].map((glob) => [glob.slice(0, 30), glob]);

describe('a glob', () => {
  const tags = ['a'.repeat(128), `${'a'.repeat(127)}-`, 'a1'.repeat(64), 'a.b-'.repeat(32)];

  it.each(HARD)('decides any tag within milliseconds: %s', (_, glob) => {
    expect(glob.length).toBeLessThanOrEqual(500);
    const source = { repository: 'web-app', tags: { kind: 'newest', match: { glob } }, ignore: [] } as const;
    expect(timed(() => tags.map((tag) => judgeTag(source, tag)))).toBeLessThan(500);
  });
});

describe('an image reference of 200 KB', () => {
  it.each([
    ['dots', 'a.'.repeat(100_000)],
    ['colons', `${'a:'.repeat(100_000)}@`],
    ['at signs', '@'.repeat(200_000)],
    ['slashes', 'a/'.repeat(100_000)],
  ])('is read at once: %s', (_, reference) => {
    expect(timed(() => parseImage(reference))).toBeLessThan(500);
  });
});

describe('a configuration', () => {
  const read = (text: string) =>
    expect(() => compileConfiguration(text, 'fairway.yml')).toThrow(ConfigurationError);

  it.each([
    ['equal names', 'a: 1\n'.repeat(8_000)],
    ['equal apps', `environment: p\napps:\n${'  web: {}\n'.repeat(8_000)}`],
    ['quotations that are not closed', Array.from({ length: 1_600 }, (_, i) => `k${i}: "`).join('\n')],
    ['equal names in one line', `{${'a: 1, '.repeat(8_000)}}`],
  ])('takes time in proportion to its size: %s', (_, text) => {
    const quarter = timed(() => read(text.slice(0, text.length / 4)));
    // An algorithm that compares each name with all others takes sixteen times as long.
    expect(timed(() => read(text))).toBeLessThan(10 * Math.max(quarter, 50));
  });
});
