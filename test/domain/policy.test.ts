import type { ImageSource } from '../../shared/domain/app.ts';
import { compareImages, judgeTag, newestOf } from '../../shared/domain/policy.ts';

function source(tags: ImageSource['tags'], ignore: string[] = []): ImageSource {
  return { repository: 'web-app', tags, ignore };
}
const semver = (range: string, ignore?: string[]) => source({ kind: 'semver', range }, ignore);

describe('judgeTag', () => {
  it.each([
    ['>=1.0.0', '1.2.0', true],
    ['>=1.0.0', 'v1.2.0', true],
    ['>=1.0.0', '0.9.0', false],
    ['>=1.0.0', '1.3.0-rc.1', false],
    ['>=1.3.0-rc.0', '1.3.0-rc.1', true],
    ['~1.2', '1.2.9', true],
    ['~1.2', '1.3.0', false],
    ['>=1.0.0', 'latest', false],
    ['>=1.0.0', '1.2', false],
    ['>=1.0.0', 'vv1.2.0', false],
  ])('semver %s: %s counts: %s', (range, tag, counts) => {
    expect(judgeTag(semver(range), tag).counts).toBe(counts);
  });

  it.each([
    [source({ kind: 'newest', match: { glob: 'main-*' } }), 'main-42', true],
    [source({ kind: 'newest', match: { glob: 'main-*' } }), 'dev-42', false],
    [source({ kind: 'newest', match: { pattern: '^build-\\d+$' } }), 'build-7', true],
    [source({ kind: 'newest', match: { pattern: '^build-\\d+$' } }), 'build-x', false],
    [source({ kind: 'digest', tag: 'latest' }), 'latest', true],
    [source({ kind: 'digest', tag: 'latest' }), 'latest-dev', false],
    [semver('*', ['*-dev']), '1.0.0-dev', false],
  ])('%j: %s counts: %s', (policy, tag, counts) => {
    expect(judgeTag(policy, tag).counts).toBe(counts);
  });

  it('says why in words for the ledger', () => {
    expect(judgeTag(semver('>=2.0.0'), '1.0.0')).toEqual({
      counts: false,
      reason: 'version 1.0.0 is outside >=2.0.0',
    });
  });
});

describe('compareImages', () => {
  const at = (tag: string, pushedAt = 0) => ({ tag, pushedAt });

  it('orders versions as versions, not as text', () => {
    expect(compareImages(semver('*'), at('1.10.0'), at('1.9.0'))).toBeGreaterThan(0);
  });

  it('takes any version for newer than what has none', () => {
    expect(compareImages(semver('*'), at('1.0.0'), at('main-1', 99))).toBeGreaterThan(0);
  });

  it('goes by the push where the policy is the newest', () => {
    const newest = source({ kind: 'newest', match: { glob: '*' } });
    expect(compareImages(newest, at('b', 1), at('a', 2))).toBeLessThan(0);
  });

  it('never calls what a moving tag points at older', () => {
    expect(compareImages(source({ kind: 'digest', tag: 'latest' }), at('latest', 1), at('latest', 2))).toBe(
      0,
    );
  });

  it('finds the newest that counts', () => {
    const images = [at('1.9.0', 3), at('1.10.0', 2), at('2.0.0-rc.1', 9), at('latest', 10)];
    expect(newestOf(semver('>=1.0.0'), images)?.tag).toBe('1.10.0');
  });
});
