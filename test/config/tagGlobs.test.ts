import { globInsteadOf } from '../../shared/config/patternToGlob.ts';
import { canMatch, ignoresAll } from '../../shared/config/tagGlobs.ts';
import { matchesGlob, readGlob } from '../../shared/domain/glob.ts';

describe('a glob over tags', () => {
  it.each(['*', '?', 'main-*', '{.a,b}', '[.a]', '?'.repeat(128), '{/,a}', '[!a-z]*'])(
    'can match a tag: %s',
    (glob) => expect(canMatch(glob)).toBe(true),
  );

  it.each(['main/*', '.*', '-a', '[.-]*', 'a:b', '?'.repeat(129), '{/,-}a', ' '])(
    'can match no tag: %s',
    (glob) => expect(canMatch(glob)).toBe(false),
  );
});

describe('globs to ignore', () => {
  it.each<[readonly string[], Parameters<typeof ignoresAll>[1], boolean]>([
    [['*'], 'versions', true],
    [['*'], { glob: 'main-*' }, true],
    [['*-dev'], { glob: 'main-*' }, false],
    [['main*'], { glob: 'main-*' }, true],
    [['main-[0-9]*', 'main-[!0-9]*'], { glob: 'main-*' }, false],
    [['main-', 'main-[0-9]*', 'main-[!0-9]*'], { glob: 'main-*' }, true],
    [['v*', '[0-9]*'], 'versions', true],
    [['v*'], 'versions', false],
    [['*.*.*'], 'versions', true],
    [['*.*.*.*'], 'versions', false],
    [['latest'], { tag: 'latest' }, true],
    [['late'], { tag: 'latest' }, false],
    [[], { tag: 'latest' }, false],
    [['*'], { tag: '.latest' }, false],
    [['*'], { glob: '.*' }, false],
    [['{dev,main}*'], { glob: '{main,dev}-?' }, true],
  ])('%j leave nothing of %j: %s', (globs, taken, all) => {
    expect(ignoresAll(globs, taken)).toBe(all);
  });
});

describe('a regular expression of an earlier version', () => {
  it.each<[string, string, readonly string[]]>([
    ['^main-\\d+$', 'main-[0-9]*', ['main-7', 'main-42']],
    ['^main-', 'main-*', ['main-', 'main-42']],
    ['^build-\\d{4}$', 'build-[0-9]*', ['build-2026']],
    ['-dev$', '*-dev', ['a-dev', '-dev']],
    ['rc', '*rc*', ['1.0.0-rc.1']],
    ['^v?\\d+', '', []],
    ['^(?:main|dev)-.*$', '{main,dev}-*', ['main-1', 'dev-x']],
    ['^(rc|beta)\\.\\d$', '{rc,beta}.[0-9]', ['rc.1']],
    ['^[a-z]+-[0-9]+$', '[a-z]*-[0-9]*', ['abc-12']],
    ['^(?=a)b', '', []],
    ['^a{3}$', '', []],
    ['^a+b$', '', []],
  ])('%s has the glob "%s" instead, which matches at least the same', (pattern, glob, tags) => {
    expect(globInsteadOf(pattern) ?? '').toBe(glob);
    if (glob === '') return;
    expect(readGlob(glob)).not.toHaveProperty('fault');
    for (const tag of tags) {
      expect(tag).toMatch(new RegExp(pattern));
      expect(matchesGlob(tag, glob)).toBe(true);
    }
  });
});
