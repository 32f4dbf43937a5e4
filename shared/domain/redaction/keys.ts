import { withoutUnseen } from './hidden.ts';

/**
 * How surely the text after a key is a secret. password, secret: whatever it is. doubtful: only if it also looks like
 * one. authorization, cookie: headers, which are secret to their end.
 */
export type KeyKind = 'password' | 'secret' | 'doubtful' | 'authorization' | 'cookie';

const PASSWORD =
  /(?:passw(?:or)?d|passwort|passphrase|passcode|pwd|(?:admin|become|bind|db|ftp|key|ldap|mail|master|proxy|require|root|smtp|ssh|store|sudo|user)p(?:ass|w))s?$/;
const SECRET =
  /(?:secret|token|credential|credentials|(?:api|access|account|auth|client|encryption|license|licence|activation|product|serial|master|private|secret|service|session|shared|sharedaccess|signing)key|authtok|pgpass|webhookurl|masterauth|^pass)$/;
const DOUBTFUL =
  /^(?:auth|bearer|connectionstring|cookie|cookies|creds|dsn|jwt|otp|pat|pepper|salt|samlresponse|secrets|session|sessid|sid|sig|signature|tokens)$|sess(?:ion)?id$/;

/** Last words of keys that describe a secret and do not contain it: TOKEN_URL, passwordPolicy. */
const ABOUT = new Set(
  (
    'age algorithm arn at audience backend bytes class client count created domain enabled endpoint error expiration ' +
    'expires expiry failed failures field file format header host hostname id ids index interval issuer kind label ' +
    'length lifetime limit location manager max message method min mode name names namespace not only parameter path ' +
    'plugin policy port prefix provider ref reference region required retries role rotation scope server service ' +
    'size source state status store strategy suffix timeout ttl type types uri url usage used user username ' +
    'validation verification version versions ' +
    // Parts of programs, and files of theirs that a line number follows.
    'broker bucket cache change column controller encoder encryption exception factory filter generator guard handler hasher hashing java job ' +
    'js kt listener middleware mjs module php py rb recovery repository reset resolver scala spec ts updater use validator queue table topic worker'
  ).split(' '),
);

/** What a *_KEY is that is no secret: a name of something; `s` is S3, for numbers at the end of words do not count. */
const NAMING_KEYS = new Set(
  'cache foreign hash idempotency index lookup object partition primary public range routing s sort unique'.split(
    ' ',
  ),
);

/** What a key says about its value; undefined: nothing. Knows snake_case, kebab-case, camelCase and dots. */
export function kindOfKey(key: string): KeyKind | undefined {
  const words = wordsOf(key);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  if (last === 'authorization') return 'authorization';
  if (/^(?:set[-_]?)?cookies?$/i.test(key)) return 'cookie';
  const units = [...words, ...words.slice(1).map((word, index) => `${words[index]}${word}`)];
  const session = units.some((unit) => /sess(?:ion)?id$/.test(unit));
  if (ABOUT.has(last) && !session && !/webhookurl$/.test(units.at(-1) ?? '')) return undefined;
  if (units.some((unit) => PASSWORD.test(unit))) return 'password';
  if (words.length > 1 && last === 'pass') return 'password';
  if (last === 'pw') return 'password';
  if (words.some((word) => word === 'public')) return undefined;
  if (units.some((unit) => SECRET.test(unit))) return 'secret';
  if (session || units.some((unit) => DOUBTFUL.test(unit))) return 'doubtful';
  const names = words.slice(0, -1);
  if (last === 'key' && names.length > 0 && !names.some((word) => NAMING_KEYS.has(word))) return 'doubtful';
  return undefined;
}

function wordsOf(key: string): string[] {
  return withoutUnseen(key)
    .slice(0, 200)
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .map((word) => word.replace(/\d+$/, ''))
    .filter((word) => word !== '');
}
