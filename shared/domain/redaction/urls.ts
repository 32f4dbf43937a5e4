import { looksSecret } from './harmless.ts';
import { MASK } from './mask.ts';

/** An address up to what ends one; a quote inside a password does not, nor a bracket that an `@` still follows. */
const ADDRESS =
  /(?<![a-z\d+.-])([a-z][a-z\d+.-]{0,30}:\\{0,2}\/\\{0,2}\/)((?:[^\s"'<>`]|['"](?=[\w@!#$%^&*+-])|[<>`](?=[^\s"'/,]{1,64}@))+)/gi;
const ANOTHER = /(?<=[,;|])(?=[a-z][a-z\d+.-]{0,30}:\/\/)/i;

/** Go's driver for MySQL, addresses that name a port but no scheme, and Oracle's for Java, have no slashes before the user. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/((?<![\w.-])[\w.-]{1,64}:)[^\s"']{1,256}(@(?:tcp|unix)\()/g, `$1${MASK}$2`],
  [
    /((?<![\w./@:-])[A-Za-z][\w.-]{0,63}:)(?!\/)(?=[^\s@]{0,128}\d)[^\s"'/@<>]{3,128}(@\/[A-Za-z])/g,
    `$1${MASK}$2`,
  ],
  [
    /((?<![\w./@-])(?!jdbc:)[A-Za-z][\w.-]{0,63}:)(?!v?[\d.]{1,20}@|thin:@)[^\s"'/@<>]{3,128}(@(?!sha\d)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}:\d{2,5}(?![\w.]))/g,
    `$1${MASK}$2`,
  ],
  [/(%3A%2F%2F(?:(?!%3A|%40|%2F)[^\s"'&]){0,64}%3A)(?:(?!%40)[^\s"'&]){1,256}(%40)/gi, `$1${MASK}$2`],
  [/(jdbc:oracle:thin:[\w.-]{1,64}\/)[^\s"'@]{1,256}(@)/g, `$1${MASK}$2`],
  [/(hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/)[\w/+-]{16,}/g, `$1${MASK}`],
  [/(discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{5,25}\/)[\w-]{20,}/g, `$1${MASK}`],
  [/(hooks\.zapier\.com\/hooks\/(?:catch|standard)\/\d{3,12}\/)[\w-]{5,40}/g, `$1${MASK}`],
  [/(\.webhook\.office\.com\/webhookb2\/)[\w@/-]{20,}/g, `$1${MASK}`],
];

/** Masks passwords in addresses and keeps the rest of them: `scheme://user:[redacted]@host/path`. */
export function maskUrls(text: string): string {
  const masked = text.replace(ADDRESS, (_, scheme: string, rest: string) => {
    const [first = '', ...others] = rest.split(ANOTHER);
    return scheme + maskCredentials(first) + others.map(maskUrls).join('');
  });
  if (
    !/@(?:tcp|unix)\(|jdbc:oracle|webhook|hooks\.(?:slack|zapier)|@\/|@[\w.-]{1,256}:\d|%3A%2F%2F/i.test(
      masked,
    )
  )
    return masked;
  return OTHERS.reduce((result, [pattern, instead]) => result.replace(pattern, instead), masked);
}

function maskCredentials(rest: string): string {
  const [, user, password] = USER.exec(rest) ?? [];
  if (user === undefined || password === undefined) return maskLoneUser(rest);
  const at = endOfPassword(password);
  if ((at === 0 && looksSecret(user) && user.length >= 16) || password.startsWith('x-oauth-basic@'))
    return `${MASK}:${password}`;
  if (at <= 0 || isPlaceholder(password.slice(0, at))) return rest;
  return `${user}:${MASK}${password.slice(at)}`;
}

/** Up to the password; some systems have e-mail addresses for users. */
const USER = /^([^:/?#@[]*(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?):([\s\S]*)$/;

/** A token often takes the user's place, with no password. */
function maskLoneUser(rest: string): string {
  const [, user] = /^([^:/?#@]{16,256})@/.exec(rest) ?? [];
  return user !== undefined && looksSecret(user) ? `${MASK}${rest.slice(user.length)}` : rest;
}

/** Where the `@` before the host is; 0 or less: there is none. */
function endOfPassword(text: string): number {
  const last = text.lastIndexOf('@');
  if (last < 0 || /^sha\d{3}:/.test(text.slice(last + 1))) return -1;
  const slash = text.search(/[/?#\\]/);
  const authority = slash < 0 ? text.length : slash;
  const strict = text.lastIndexOf('@', authority);
  if (strict < 0) return /^\d{1,5}[/?#\\]/.test(text) ? -1 : last;
  // A password may hold unescaped slashes: the text before the first of them is then no host.
  const host = text.slice(strict + 1, authority);
  const isHost = (HOSTS.test(host) && /[.:\]]/.test(host)) || host === 'localhost';
  return isHost ? strict : last;
}

const HOSTS = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?(?:,[\w.-]+(?::\d{1,5})?)*$/i;

function isPlaceholder(password: string): boolean {
  return password === MASK || /^(?:\*+|x{3,}|\$\{[^{}]*\}|\$[A-Z_][A-Z\d_]*|<[^<>]*>|%[sdv])$/.test(password);
}
