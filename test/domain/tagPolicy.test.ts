import type { ImageSource } from '../../shared/domain/app.ts';
import { compareImages, judgeTag, newestOf } from '../../shared/domain/releases/tagPolicy.ts';

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
    ['>=1.0.0', '=1.2.0', false],
    ['>=1.0.0', '01.2.0', false],
    ['>=1.0.0', '1.2.0_build.7', true],
    ['>=1.0.0', '1.2.0_build_7', false],
    ['>=1.3.0-rc.0', '1.4.0-rc.1', false],
  ])('semver %s: %s counts: %s', (range, tag, counts) => {
    expect(judgeTag(semver(range), tag).counts).toBe(counts);
  });

  it.each([
    [source({ kind: 'newest', match: { glob: 'main-*' } }), 'main-42', true],
    [source({ kind: 'newest', match: { glob: 'main-*' } }), 'dev-42', false],
    [source({ kind: 'newest', match: { glob: 'main-[!0]*' } }), 'main-42', true],
    [source({ kind: 'newest', match: { glob: 'main-[!0]*' } }), 'main-042', false],
    [source({ kind: 'newest', match: { glob: 'build-[0-9]*' } }), 'build-7', true],
    [source({ kind: 'newest', match: { glob: 'build-[0-9]*' } }), 'build-x', false],
    [source({ kind: 'digest', tag: 'latest' }), 'latest', true],
    [source({ kind: 'digest', tag: 'latest' }), 'latest-dev', false],
    [semver('*', ['*-dev']), '1.0.0-dev', false],
  ])('%j: %s counts: %s', (policy, tag, counts) => {
    expect(judgeTag(policy, tag).counts).toBe(counts);
  });

  it.each<[string, ImageSource, string, string]>([
    ['a version out of range', semver('>=2.0.0'), '1.0.0', 'version 1.0.0 is outside >=2.0.0'],
    [
      'no version',
      semver('>=1.0.0'),
      'main-42',
      'tag "main-42" is not a semantic version, so it cannot match >=1.0.0',
    ],
    [
      'a prerelease that the range would take as a release',
      semver('>=1.0.0'),
      '1.3.0-rc.1',
      'version 1.3.0-rc.1 is outside >=1.0.0: a prerelease matches only if the range names a prerelease of the same version',
    ],
    ['an ignored tag', semver('*', ['*-dev']), '1.0.0-dev', 'tag "1.0.0-dev" is ignored by "*-dev"'],
    [
      'another glob',
      source({ kind: 'newest', match: { glob: 'main-*' } }),
      'dev-1',
      'tag "dev-1" does not match "main-*"',
    ],
    [
      'another tag',
      source({ kind: 'digest', tag: 'latest' }),
      'next',
      'tag "next" is not "latest", the tag that the app follows',
    ],
  ])('says why, of %s', (_, policy, tag, reason) => {
    expect(judgeTag(policy, tag)).toEqual({ counts: false, reason });
  });

  it.each(['', '.sig', '.att', '.sbom'])(
    'never counts the tag of a signature or attestation ("%s")',
    (end) => {
      const everything = source({ kind: 'newest', match: { glob: '*' } });
      expect(judgeTag(everything, `sha256-${'a'.repeat(64)}${end}`).counts).toBe(false);
      expect(judgeTag(everything, `sha256-abc${end}`).counts).toBe(true);
    },
  );
});

describe('compareImages', () => {
  const at = (tag: string, pushedAt = 0) => ({ tag, pushedAt });

  it('orders versions as versions, not as text', () => {
    expect(compareImages(semver('*'), at('1.10.0'), at('1.9.0'))).toBeGreaterThan(0);
  });

  it('takes any version for newer than what has none', () => {
    expect(compareImages(semver('*'), at('1.0.0'), at('main-1', 99))).toBeGreaterThan(0);
  });

  it.each([
    ['a release', 'its prerelease', '1.0.0', '1.0.0-rc.9'],
    ['a later prerelease', 'an earlier one', '1.0.0-rc.10', '1.0.0-rc.9'],
    ['a version with v', 'one without', 'v2.0.0', '1.9.9'],
  ])('takes %s for newer than %s, whenever they were pushed', (_, __, newer, older) => {
    expect(compareImages(semver('*'), at(newer, 1), at(older, 2))).toBeGreaterThan(0);
    expect(compareImages(semver('*'), at(older, 2), at(newer, 1))).toBeLessThan(0);
  });

  it.each(['v1.0.0', '1.0.0_build.2'])('goes by the push among tags of one version: %s', (same) => {
    expect(compareImages(semver('*'), at(same, 2), at('1.0.0', 1))).toBeGreaterThan(0);
    expect(compareImages(semver('*'), at(same, 1), at('1.0.0', 2))).toBeLessThan(0);
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
    expect(newestOf(source({ kind: 'digest', tag: 'latest' }), images)?.tag).toBe('latest');
    expect(newestOf(semver('>=3.0.0'), images)).toBeUndefined();
  });
});
