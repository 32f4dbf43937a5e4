import { hasTagOutside, type Language } from '../../shared/config/automaton.ts';
import {
  canMatch,
  languageOfGlob,
  languageOfPattern,
  swallows,
  versions,
} from '../../shared/config/tag-language.ts';
import type { TagMatch } from '../../shared/domain/app.ts';
import { judgeTag } from '../../shared/domain/policy.ts';

const TAGS = [
  ...['a', 'b', 'v', '1', '_', 'ab', 'a1', 'a-', 'a.', '1.2.3', 'v1.2.3', '1.2.3-rc.1', 'latest', 'main'],
  ...['main-', 'main-1', 'main-42', 'main_42', 'MAIN-1', 'main-1-dev', 'dev', 'x-dev', '2024-01-31', 'a.b.c'],
  ...['release-2024.01', 'pr-17', 'sha-0a1b2c3', 'aaaa', 'b'.repeat(128)],
];

function single(tag: string): Language {
  return {
    kind: 'sequence',
    parts: [...tag].map((character) => ({ kind: 'one', of: new Set([character]) })),
  };
}

const tagsOf = (language: Language) => TAGS.filter((tag) => hasTagOutside(single(tag), language) === false);

/** What a release goes by. */
const takenBy = (match: TagMatch) =>
  TAGS.filter(
    (tag) => judgeTag({ repository: 'web-app', tags: { kind: 'newest', match }, ignore: [] }, tag).counts,
  );

function readable(language: Language | undefined): Language {
  if (language === undefined) throw new Error('expected a pattern that can be read');
  return language;
}

describe('languageOfGlob', () => {
  it.each([
    ...['*', '**', '?', 'main', 'main-*', '*-dev', 'v*', 'a?', '??', '*.*.*', 'main-??', 'a*b*c', 'ma**'],
    ...['[ab]', '[!a]', '[^a]', '[!a]*', 'main-[0-9]', 'main-[0-9]*', '[a-z]*-[!d]*', '[]a]', '[a-', 'a]'],
    ...[
      '{main,dev}',
      '{main,dev}-*',
      'a{,1}',
      '{a,{b,v}}',
      '{v,}[0-9].*',
      'main\\-1',
      'a\\*',
      'feature/*',
      '.*',
      '-*',
    ],
  ])('has the tags that a release takes by %s, as far as it can be read', (glob) => {
    const language = languageOfGlob(glob);
    if (language !== undefined) expect(tagsOf(language)).toEqual(takenBy({ glob }));
    else expect(['[]a]', '[a-']).toContain(glob);
  });

  it.each([
    '!main',
    '@(a|b)',
    '+(a)',
    '*(a)',
    '!(a)',
    '(a)',
    'a|b',
    '[ab]+',
    '"a"',
    './a',
    '**/a',
    'a/**',
    '\\d',
    '[[:alpha:]]',
    '{1..3}',
    '{a',
    '[a',
  ])('cannot tell of %s, where picomatch has its own ways', (glob) => {
    expect(languageOfGlob(glob)).toBeUndefined();
  });
});

describe('languageOfPattern', () => {
  it.each([
    ...[
      '',
      'main',
      '^main',
      'dev$',
      '^main$',
      '^main-',
      'a|b',
      '^a|b$',
      '^(a|b)$',
      '^(?:main|dev)$',
      '^(?<name>a)$',
    ],
    ...[
      '^v?\\d+\\.\\d+\\.\\d+$',
      '^\\d{4}-\\d\\d-\\d\\d$',
      '^[a-z]+-[0-9]+$',
      '^[^a-z]',
      '^main.42$',
      '^a{4}$',
    ],
    ...[
      '^a{2,}$',
      '^b{100,200}$',
      '^a*$',
      '^a+?$',
      '^(a|b)*$',
      '^\\w+$',
      '^\\W',
      '\\.',
      '[.]',
      '^[\\w.-]+$',
      '^$',
      '^()$',
    ],
    ...['(rc|dev)', '^main-(1|42)$', '^(main|(pr|x))-', '\\-dev$', 'a?', '^[^]$', '[]'],
  ])('finds the tags that a release takes by /%s/', (pattern) => {
    expect(tagsOf(readable(languageOfPattern(pattern)))).toEqual(takenBy({ pattern }));
  });

  it.each([
    '(?=a)',
    '(?!a)b',
    '(?<=a)b',
    '(?<!a)b',
    '\\bmain',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '\\x61',
    '\\u0061',
    '\\cJ',
    '(^a)',
    '(a$)',
    'a$b',
    'a{',
    '(a',
    'a)',
    '*a',
  ])('cannot tell of /%s/', (pattern) => {
    expect(languageOfPattern(pattern)).toBeUndefined();
  });

  it.each([
    ['deep', `${'('.repeat(20_000)}a${')'.repeat(20_000)}`],
    ['long', 'a|'.repeat(20_000)],
  ])('cannot tell of one that is too %s', (_, text) => {
    expect(languageOfPattern(text)).toBeUndefined();
    expect(languageOfGlob(text.replaceAll('(', '{').replaceAll(')', '}'))).toBeUndefined();
  });
});

describe('canMatch', () => {
  it.each([
    ...[
      'feature/*',
      '.*',
      '-*',
      ' *',
      'a b',
      'team:*',
      'ä*',
      '?'.repeat(129),
      'a@b',
      '[ ]',
      '{/,:}',
      '.?',
      '\\-a',
    ],
  ])('finds that no tag can be taken by the glob %s', (glob) => {
    expect(canMatch(readable(languageOfGlob(glob)))).toBe(false);
  });

  it.each(['*', '?'.repeat(128), '_*', '[/a]', '{feature/*,main}', '*.', 'a-'])(
    'finds that some tag can be taken by the glob %s',
    (glob) => {
      expect(canMatch(readable(languageOfGlob(glob)))).toBe(true);
    },
  );

  it.each([
    '/',
    '^refs/tags/',
    '^-',
    '^\\.',
    ' ',
    '^$',
    '\\s',
    '^.{129}',
    '^[^\\w.-]',
    '[]',
    '^main/\\d+$',
    '^(a{65}){2}$',
  ])('finds that no tag can be found by /%s/', (pattern) => {
    expect(canMatch(readable(languageOfPattern(pattern)))).toBe(false);
  });

  it.each(['', '^', '$', '-$', '\\.$', '^.{128}$', '^(main|release/\\d+)$', '^(a{64}){2}$'])(
    'finds that some tag can be found by /%s/',
    (pattern) => {
      expect(canMatch(readable(languageOfPattern(pattern)))).toBe(true);
    },
  );
});

describe('swallows', () => {
  const globs = (...texts: readonly string[]) => texts.map((text) => readable(languageOfGlob(text)));
  const taken = (glob: string) => readable(languageOfGlob(glob));

  it.each([
    ['main-*', ['*']],
    ['main-*', ['main*']],
    ['{a,b}', ['a', 'b']],
    ['main-*', ['main-', 'main-?*']],
    ['*', ['[A-Za-z]*', '[0-9]*', '_*']],
  ])('finds that of %s nothing is left by %j', (glob, ignored) => {
    expect(swallows(globs(...ignored), taken(glob))).toBe(true);
  });

  it.each([
    ['main-*', ['main-?*']],
    ['main-*', ['*-dev']],
    ['{a,b}', ['a']],
    ['*', ['[A-Za-z]*', '[0-9]*']],
    ['main-*', []],
  ])('finds that of %s something is left by %j', (glob, ignored) => {
    expect(swallows(globs(...ignored), taken(glob))).toBe(false);
  });

  it('knows that versions start with a v or a digit', () => {
    const all = readable(versions);
    expect(swallows(globs('v*', '[0-9]*'), all)).toBe(true);
    expect(swallows(globs('v*', '*-*'), all)).toBe(false);
  });

  it.each(['1.2.3', 'v1.2.3', '1.2.3-rc.1', '1.2.3_42', 'v1.2.3-rc.1_a.b'])(
    'knows %s as a version',
    (tag) => {
      const tags = { kind: 'semver', range: '>=1.2.3-a' } as const;
      expect(judgeTag({ repository: 'web-app', tags, ignore: [] }, tag).counts).toBe(true);
      expect(hasTagOutside(single(tag), readable(versions))).toBe(false);
    },
  );
});
