import { isHarmless, looksSecret } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';

/** What commands and statements call a password by its place, not by a key. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(\b(?:identified (?:with \w{1,40} )?by|password)\s{1,4}')[^'\n]{1,256}(')/gi, `$1${MASK}$2`],
  [/(\bidentified (?:with \w{1,40} )?by\s{1,4}")[^"\n]{1,256}(")/gi, `$1${MASK}$2`],
  [
    /((?:PDO->__construct|mysqli?_connect|mysqli->(?:__construct|real_connect))\('[^'\n]{0,256}', '[^'\n]{0,128}', ')[^'\n]{1,256}/g,
    `$1${MASK}`,
  ],
  [
    /(SecureString\\{0,15}["']\s{0,4},\s{0,40}\\{0,15}["']Value\\{0,15}["']\s{0,4}:\s{0,4}\\{0,15}["'])[^"'\\]{1,8192}/g,
    `$1${MASK}`,
  ],
  [/(\b(?:mysql|mariadb)[\w-]{0,12} [^\n|;]{0,200}?(?<=\s)-p')[^'\n]{1,256}(')/g, `$1${MASK}$2`],
  [/(\b(?:mysql|mariadb)[\w-]{0,12} [^\n|;]{0,200}?(?<=\s)-p)[^\s"'|;-][^\s"'|;]{0,256}/g, `$1${MASK}`],
  [
    /(\b(?:mongo(?:sh|dump|restore|export|import)?|az login|ldap(?:search|modify|add))\b[^\n|;]{0,200}?(?<=\s)-[pw] ["']?)(?!\d+:\d+)[^\s"'|;-][^\s"'|;]{0,256}/g,
    `$1${MASK}`,
  ],
  [/(\s-pass(?:in|out)? (?:pass:))[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [
    /(\b(?:curl|wget|https?ie?)\b[^\n|;]{0,200}?(?<=\s)(?:-u|--user|--proxy-user)[ =]?(["'])[\w.@-]{1,64}:)(?:(?!\2)[^\n]){1,256}/g,
    `$1${MASK}`,
  ],
  [
    /(\b(?:sshpass|docker login|podman login|skopeo login|helm registry login)\b[^\n|;]{0,200}?(?<=\s)-p[ =]?)[^\s-][^\s"'|;]{0,256}/g,
    `$1${MASK}`,
  ],
  [/(\bredis-cli\b[^\n|;]{0,200}?(?<=\s)-a )[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [
    /(\b(?:curl|wget|https?ie?)\b[^\n|;]{0,200}?(?<=\s)(?:-u ?|--user[ =]|--proxy-user[ =])(?!https?:)[\w.@-]{1,64}:)[^\s"']{1,256}/g,
    `$1${MASK}`,
  ],
];

/** The same commands as a list of their words. */
const LIST =
  /\[\s{0,20}(["'])(?:[\w./-]{0,128}\/)?(?:mysql|mariadb|mongo|curl|wget|https?|redis-cli|sshpass|ldap|az)[\w-]{0,20}\1(?:,\s{0,20}\1(?:(?!\1)[^\n\\]){0,512}\1){1,64}/g;

/** Masks the words of a list that are secret by what stands before them. */
function maskList(list: string, quote: string): string {
  const words = list.split(quote).filter((_, index) => index % 2 === 1);
  const command = PHRASES.reduce(
    (result, [pattern, instead]) => result.replace(pattern, instead),
    words.join(' '),
  );
  return list
    .split(quote)
    .map((part, index) => (index % 2 === 1 && !/\s/.test(part) && !command.includes(part) ? MASK : part))
    .join(quote);
}

/** Elements of XML with attributes, or whose text stands on a line of its own. */
const ELEMENT =
  /(<([A-Za-z_][\w:.-]{0,60})(?:\s[^<>]{0,200})?>\s{0,40})([^<>\s][^<>]{0,256}?)(?=\s{0,40}<\/)/g;

/** A value that YAML, or JSON printed wide, has on the line below its key. */
const BELOW =
  /((?<![\w.-])([\w.-]{1,60})(?:\\{0,15}["'])?:[ \t]{0,4}(?:[|>][+\d-]{0,2})?[ \t]{0,4}\n[ \t]{1,40}(?:- )?["']?)([^\s:"'[\]{}][^\n:"']{0,4096})(?=["']?[,\s]|$)/g;

/** The private members of a JSON Web Key. */
const KEY_MEMBERS = /(\\{0,15}["'](?:d|p|q|dp|dq|qi|k)\\{0,15}["']\s{0,4}:\s{0,4}\\{0,15}["'])[\w-]{20,}/g;

/** `DB_PASSWORD hunter2`, `password is hunter2`: a key, and what can hardly be a word after it. */
const SPOKEN =
  /(?<![\w.-])((?:[A-Za-z_]\w{0,60})?(?:passw(?:or)?d|passphrase|pwd|secret|token|key|_pass)(?:_\w{1,20})?)((?: is| was)?[ \t]{1,3})([^\s"'`\\,;:<>()]{6,256})(?![^\s"'`\\,;<>()])/gi;

/** Masks passwords in command lines, in statements of SQL and after a key without a sign between them. */
export function maskPhrases(text: string): string {
  let masked = PHRASES.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
  masked = masked.replace(LIST, (list, quote: string) => maskList(list, quote));
  if (/["']kty\\{0,15}["']/.test(masked)) masked = masked.replace(KEY_MEMBERS, `$1${MASK}`);
  masked = masked.replace(BELOW, (whole, open: string, key: string, value: string) =>
    isSecretElement(key, value) && (kindOfKey(key) === 'password' || !value.trim().includes(' '))
      ? open + MASK
      : whole,
  );
  masked = masked.replace(ELEMENT, (whole, open: string, name: string, value: string) =>
    isSecretElement(name, value) ? open + MASK : whole,
  );
  return masked.replace(SPOKEN, (whole, key: string, between: string, value: string) =>
    isSpokenSecret(key, value) ? key + between + MASK : whole,
  );
}

function isSecretElement(name: string, value: string): boolean {
  const kind = kindOfKey(name.slice(name.lastIndexOf(':') + 1));
  return kind !== undefined && !isHarmless(value, kind, { quoted: true, prose: false, after: '' });
}

function isSpokenSecret(key: string, value: string): boolean {
  const kind = kindOfKey(key);
  if (kind !== 'password' && kind !== 'secret') return false;
  if (value.startsWith('/') || !/\d/.test(value) || !looksSecret(value)) return false;
  if (isHarmless(value, kind, { quoted: false, prose: true, after: '' })) return false;
  return kind === 'password' || /_|[a-z][A-Z]/.test(key) || /^[\w+=~-]{20,}$/.test(value);
}
