import { isHarmless, looksSecret } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';

/** Words of a statement before `IDENTIFIED BY`: prose identifies revisions and records, too. */
const OF_USER = String.raw`(?<=\b(?:(?:(?:create|alter|replace)\s{1,4}(?:user|role|database link)|grant)\b[^;]{0,200}|(?:user|role|connect to)\b[^;\n]{0,200}|identified\s{1,4}with\s{1,4}\w{1,40}\s{1,4})by)`;

function identifiedBy(quote: string): RegExp {
  const by = String.raw`\bidentified\s{1,4}(?:with\s{1,4}\w{1,40}\s{1,4})?by${OF_USER}\s{1,4}`;
  return new RegExp(`(${by}${quote})[^${quote}\\n]{1,256}(${quote})`, 'gi');
}

/** What commands and statements call a password by its place, not by a key. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/(\bpassword[ \t]{1,4}')[^'\n]{1,256}(')/gi, `$1${MASK}$2`],
  [identifiedBy("'"), `$1${MASK}$2`],
  [identifiedBy('"'), `$1${MASK}$2`],
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
  [
    /(\becho (?:-n )?["']?)[^\s"'|$]{4,256}(?=["']? ?\| ?[^\n]{0,100}(?:--password-stdin|sudo -S))/g,
    `$1${MASK}`,
  ],
  [/(\brabbitmqctl (?:add_user|change_password) \S{1,64} )[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [/(\bhtpasswd -\w{0,8}b\w{0,8} (?:[^\s-]\S{0,128} )(?:\S{1,64} )?)[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [/(\b(?:zip|7z)\b[^\n|;]{0,200}?(?<=\s)-[Pp] ?)(?!-)[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [/(\bopenssl (?:enc|aes|des)[^\n|;]{0,200}?(?<=\s)-k )[^\s"'|;-][^\s"'|;]{0,256}/g, `$1${MASK}`],
  [/(\bvault login )(?![-\w]{0,20}=|-)[^\s"'|;]{8,256}/g, `$1${MASK}`],
  [/(\bput-parameter\b[^\n|;]{0,200}?--value[ =]["']?)[^\s"'|;-][^\s"'|;]{0,4096}/g, `$1${MASK}`],
  [/(\bsqlplus [^\n|;/]{0,64}?[\w$]{1,30}\/)[^\s"'@/]{1,256}(?=@)/g, `$1${MASK}`],
  [/(\bset password\b[^=\n]{0,100}=\s{0,4}(?:password\s?\()?N?')[^'\n]{1,256}/gi, `$1${MASK}`],
  [
    /((?<![^\s"'(])[\w.*-]{1,128}:(?:54\d\d|6432|\*):[\w.*-]{1,63}:[\w.*-]{1,63}:)[^\s"']{3,256}/g,
    `$1${MASK}`,
  ],
  [/(\bpassword\b[^\n:]{0,80}:[ \t]{0,4}(?:\r?\n\s{0,8}){1,2})[\da-f]{32}(?![\w-])/gi, `$1${MASK}`],
  [/(\btemporary password is generated for \S{1,128}: )\S{1,256}/g, `$1${MASK}`],
  [/(\bredis-cli\b[^\n|;]{0,200}?(?<=\s)-a ["']?)[^\s"'|;]{1,256}/g, `$1${MASK}`],
  [
    /(\b(?:curl|wget|https?ie?)\b[^\n|;]{0,200}?(?<=\s)(?:-u ?|--user[ =]|--proxy-user[ =])(?!https?:)[\w.@-]{1,64}:)[^\s"']{1,256}/g,
    `$1${MASK}`,
  ],
];

/** The same commands as a list of their words. */
const LIST =
  /\[\s{0,20}(["'])(?:[\w./-]{0,128}\/)?(?:mysql|mariadb|mongo|curl|wget|https?|redis-cli|sshpass|ldap|az)[\w-]{0,20}\1(?:,\s{0,20}\1(?:(?!\1)[^\n\\]){0,512}\1){1,64}/g;

/** Masks the words of a list that are secret because of the word before them. */
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

/** Elements of XML with attributes, or whose text is on a separate line. */
const ELEMENT =
  /(<([A-Za-z_][\w:.-]{0,60})(?:\s[^<>]{0,200})?>\s{0,40})([^<>\s][^<>]{0,256}?)(?=\s{0,40}<\/)/g;

/** What an element is called by its attribute: `<property name="password">`. */
const NAME = /\s(?:name|key|id)\s?=\s?["']([\w.:-]{1,100})["']/;
/** Lists of properties, as Apple writes them. */
const PLIST = /(<key>([\w.-]{1,60})<\/key>\s{0,40}<string>)([^<>]{1,256})/g;

/** `-u user -p …`, of whatever command: `-p` alone is mostly a port. */
const BOTH =
  /(\s(?:-u|--user(?:name)?)[ =]?[^\s-]\S{0,64} (?:[^\n|;]{0,100}? )??-p[ =]?)([^\s"'|;-][^\s"'|;]{5,256})/g;

/** A value that YAML, or JSON printed wide, has on the line below its key. */
const BELOW =
  /((?<![\w.-])([\w.-]{1,60})(?:\\{0,15}["'])?:[ \t]{0,4}(?:[|>][+\d-]{0,2})?[ \t]{0,4}\n[ \t]{1,40}(?!- )["']?)([^\s:"'[\]{}][^\n:"']{0,4096})(?=["']?(?:[,.\s}\]]|$))/g;

/** Rows as SQL adds them: a value stands where its column does. */
const INSERT =
  /(\binsert\s{1,4}into\s{1,4}[\w."`[\]]{1,128}\s{0,4}\()([^()]{1,2048})(\)\s{0,4}values\s{0,4}\()([^\n]{1,4096})/gi;

function maskRow(columns: string, values: string): string {
  const names = columns.split(',').map((name) => name.replace(/[^\w.-]/g, ''));
  let index = 0;
  return values.replace(
    /N?'((?:[^'\n]|''){0,4096})'|[^\s,()'"][^,()'"]{0,256}|[()]/g,
    (item, text?: string) => {
      if (item === '(' || item === ')') {
        index = 0;
        return item;
      }
      const name = names[index] ?? '';
      index += 1;
      return text !== undefined && isSecretElement(name, text) ? `'${MASK}'` : item;
    },
  );
}

/** The same as a list. */
const ITEMS = /(?<![\w.-])([\w.-]{1,60}):[ \t]{0,4}((?:\n[ \t]{0,40}- [^\n]{1,256}){1,64})/g;

/** A part of a form: `name="password"`, and below it the value. */
const PART = /(name=\\?"([\w.-]{1,60})\\?"(?:\r?\n|\\r\\n){2})([^\r\n\\]{1,256})/g;

/** The private members of a JSON Web Key. */
const KEY_MEMBERS = /(\\{0,15}["'](?:d|p|q|dp|dq|qi|k)\\{0,15}["']\s{0,4}:\s{0,4}\\{0,15}["'])[\w-]{20,}/g;

/** `DB_PASSWORD hunter2`, `password is hunter2`: a key, and what can hardly be a word after it. */
const SPOKEN =
  /(?<![\w.-])((?:[A-Za-z_]\w{0,60})?(?:passw(?:or)?d|passphrase|pwd|secret|token|key|_pass|(?:require|bind|root|admin|db|user)p(?:ass|w)|masterauth)(?:_\w{1,20})?)((?: is| was| set to| changed to|(?: is| was)?(?: (?:generated|temporary|set)){0,2} for [\w.@'-]{1,64}:)?[ \t]{1,40}(?:\|[ \t]{1,20})?["'`(]?)([^\s"'`\\,;:<>()]{6,256})(?![^\s"'`\\,;<>()])/gi;

/** Masks passwords in command lines, in statements of SQL and after a key without a sign between them. */
export function maskPhrases(text: string): string {
  let masked = PHRASES.reduce((result, [pattern, instead]) => result.replace(pattern, instead), text);
  masked = masked.replace(LIST, (list, quote: string) => maskList(list, quote));
  if (/["']kty\\{0,15}["']/.test(masked)) masked = masked.replace(KEY_MEMBERS, `$1${MASK}`);
  masked = masked.replace(BELOW, (whole, open: string, key: string, value: string) =>
    !/^at \S/.test(value) &&
    isSecretElement(key, value) &&
    (kindOfKey(key) === 'password' || !value.trim().includes(' '))
      ? open + MASK
      : whole,
  );
  masked = masked.replace(
    INSERT,
    (_, open: string, columns: string, between: string, values: string) =>
      open + columns + between + maskRow(columns, values),
  );
  masked = masked.replace(
    ITEMS,
    (whole, key: string, items: string) =>
      whole.slice(0, whole.length - items.length) +
      items.replace(
        /(- ["']?)([^\s"']{1,256})(["']?$)?/gm,
        (item, open: string, value: string, end?: string) =>
          (end !== undefined || looksSecret(value)) && isSecretElement(key, value)
            ? open + MASK + (end ?? '')
            : item,
      ),
  );
  masked = masked.replace(PART, (whole, open: string, key: string, value: string) =>
    isSecretElement(key, value) ? open + MASK : whole,
  );
  masked = masked.replace(ELEMENT, (whole, open: string, name: string, value: string) =>
    isSecretElement(name, value) || isSecretElement(NAME.exec(open)?.[1] ?? '', value) ? open + MASK : whole,
  );
  masked = masked.replace(PLIST, (whole, open: string, name: string, value: string) =>
    isSecretElement(name, value) ? open + MASK : whole,
  );
  masked = masked.replace(BOTH, (whole, open: string, value: string) =>
    looksSecret(value) && !/^\d/.test(value) ? open + MASK : whole,
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
