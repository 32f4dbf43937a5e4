import { isHarmless, looksSecret } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';

/** What commands and statements call a password by its place, not by a key. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(\b(?:identified by|password)\s{1,4}')[^'\n]{1,256}(')/gi, `$1${MASK}$2`],
  [/(\b(?:mysql|mariadb)[\w-]{0,12} [^\n|;]{0,200}?(?<=\s)-p)[^\s"'|;-][^\s"'|;]{0,256}/g, `$1${MASK}`],
  [
    /(\b(?:sshpass|docker login|podman login|skopeo login|helm registry login)\b[^\n|;]{0,200}?(?<=\s)-p[ =]?)[^\s-][^\s"'|;]{0,256}/g,
    `$1${MASK}`,
  ],
  [/(\bredis-cli\b[^\n|;]{0,200}?(?<=\s)-a )[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [
    /(\b(?:curl|wget|https?ie?)\b[^\n|;]{0,200}?(?<=\s)(?:-u|--user|--proxy-user)[ =]["']?[\w.@-]{1,64}:)[^\s"']{1,256}/g,
    `$1${MASK}`,
  ],
];

/** `DB_PASSWORD hunter2`, `password is hunter2`: a key, and what can hardly be a word after it. */
const SPOKEN =
  /(?<![\w.-])((?:[A-Za-z_]\w{0,60})?(?:passw(?:or)?d|passphrase|pwd|secret|token|key|_pass)(?:_\w{1,20})?)((?: is| was)?[ \t]{1,3})([^\s"'`\\,;:<>()]{6,256})(?![^\s"'`\\,;<>()])/gi;

/** Masks passwords in command lines, in statements of SQL and after a key without a sign between them. */
export function maskPhrases(text: string): string {
  const masked = PHRASES.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
  return masked.replace(SPOKEN, (whole, key: string, between: string, value: string) =>
    isSpokenSecret(key, value) ? key + between + MASK : whole,
  );
}

function isSpokenSecret(key: string, value: string): boolean {
  const kind = kindOfKey(key);
  if (kind !== 'password' && kind !== 'secret') return false;
  if (value.startsWith('/') || !/\d/.test(value) || !looksSecret(value)) return false;
  if (isHarmless(value, kind, { quoted: false, prose: true, after: '' })) return false;
  return kind === 'password' || /_|[a-z][A-Z]/.test(key) || /^[\w+=~-]{20,}$/.test(value);
}
