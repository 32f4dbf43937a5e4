import { matchesGlob, readGlob } from '../../shared/domain/glob.ts';

const TAGS = [
  ...['a', 'b', 'v', '1', '_', 'ab', 'a1', 'a-', 'a.', '1.2.3', 'v1.2.3', '1.2.3-rc.1', 'latest', 'main'],
  ...['main-', 'main-1', 'main-42', 'main_42', 'MAIN-1', 'main-1-dev', 'dev', 'x-dev', '2024-01-31', 'a.b.c'],
  ...['release-2024.01', 'pr-17', 'sha-0a1b2c3', 'aaaa', 'constructor', '__proto__', 'b'.repeat(128)],
];

describe('a glob', () => {
  it.each<[string, RegExp]>([
    ['*', /^.*$/],
    ['**', /^.*$/],
    ['?', /^.$/],
    ['??', /^..$/],
    ['main', /^main$/],
    ['main-*', /^main-.*$/],
    ['*-dev', /^.*-dev$/],
    ['*.*.*', /^.*\..*\..*$/],
    ['a*b*c', /^a.*b.*c$/],
    ['[ab]', /^[ab]$/],
    ['[!a]', /^[^a]$/],
    ['[^a]*', /^[^a].*$/],
    ['main-[0-9]*', /^main-\d.*$/],
    ['[]a]', /^[\]a]$/],
    ['[a-]*', /^[a-].*$/],
    ['[-a]*', /^[-a].*$/],
    ['[a.c-e_]*', /^[a.c-e_].*$/],
    ['{main,dev}', /^(main|dev)$/],
    ['{main,dev}-*', /^(main|dev)-.*$/],
    ['a{,1}', /^a1?$/],
    ['{a,{b,v}}', /^(a|b|v)$/],
    ['{v,}[0-9].*', /^v?\d\..*$/],
    ['{*-rc.?,pr-[0-9]*}', /^(.*-rc\..|pr-\d.*)$/],
    ['main\\-1', /^main-1$/],
    ['[0-9].*', /^\d\..*$/],
    ['a{1,-}', /^a(1|-)$/],
    ['__proto__', /^__proto__$/],
    ['constructor', /^constructor$/],
  ])('%s matches the tags that %s finds', (glob, same) => {
    expect(TAGS.filter((tag) => matchesGlob(tag, glob))).toEqual(TAGS.filter((tag) => same.test(tag)));
  });

  it.each([
    ['@(a|b)', /group/],
    ['+(a)', /instead of "\+" write/],
    ['*(a)', /group/],
    ['?(a)', /group/],
    ['!(a)', /ignore/],
    ['!main', /ignore/],
    ['(a)', /group/],
    ['a|b', /group/],
    ['[ab]+', /instead of "\+" write "\*"/],
    ['^main-', /without "\^"/],
    ['main$', /without "\$"/],
    ['build-\\d', /write "\[0-9\]"/],
    ['\\w*', /regular expression/],
    ['a\\', /regular expression/],
    ['[\\d]', /write "\[0-9\]"/],
    ['[[:alpha:]]*', /\[0-9\]/],
    ['{1..3}', /range/],
    ['.*', /instead of "\.\*" write "\*"/],
    ['main-.*', /instead of "\.\*" write "\*"/],
    ['{main,.*-rc}', /instead of "\.\*" write "\*"/],
    ['v[0-9]{1,3}', /instead of "\[0-9\]\{1,3\}" write "\[0-9\]" once for each character, or "\*"/],
    ['[0-9]{8,}', /once for each character/],
    ['sha-[a-f0-9]{7}', /instead of "\[a-f0-9\]\{7\}" write/],
    ['/^main/', /without slashes, such as "main-\*"/],
    ['{main}', /comma/],
    ['main/*', /tags consist of letters/],
    ['a b', /tags consist of letters/],
    ['a,b', /tags consist of letters/],
    ['{a', /"}"/],
    ['{a,b', /"}"/],
    ['[a', /"]"/],
    ['[]', /"]"/],
    ['[!]', /"]"/],
    ['[z-a]', /range/],
    ['a'.repeat(501), /500 characters/],
    ['{a,'.repeat(200), /500 characters/],
  ])('%s is none, and it says why', (glob, why) => {
    const read = readGlob(glob);
    expect('fault' in read && read.fault).toMatch(why);
    expect('fault' in read && read.fault).toMatch(/^expected /);
    expect(matchesGlob('a', glob)).toBe(false);
  });
});
