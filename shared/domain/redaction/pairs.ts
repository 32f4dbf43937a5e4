import { isHarmless, looksDrawn, looksSecret } from './harmless.ts';
import { type KeyKind, kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';
import { isAsked, isCode, isReference, isWordOfSyntax, type Key } from './references.ts';
import {
  COLOUR,
  ENTITY,
  endOfLine,
  endOfSurrounding,
  type Span,
  stringsAt,
  valueAt,
  wholeOf,
} from './values.ts';

/** ARNs are passed over as a whole: "secret:name" within one is no pair. */
const ARN = String.raw`arn:aws[\w-]{0,12}:[\w.:/@*+$-]{1,2048}`;
/** What CloudFormation looks up is passed over likewise. */
const REFERENCES = String.raw`\{\{resolve:[^{}\s]{1,512}\}\}`;
const PHRASE =
  '(?:(?:access|account|activation|api|aws|auth|client|licen[cs]e|master|private|product|secret|serial|session|shared|signing|webhook) ){1,3}(?:key|token|secret|password|passphrase)(?: id)?';
const QUOTE = String.raw`(?:\\{0,15}["'\x60]|${ENTITY})`;
const PAINT = `(?:${COLOUR}){0,2}`;
const SPACE = String.raw`[ \t\u00a0]{0,40}`;
/** PHP shows the visibility of a key: `["password":protected]`. */
const SIGHT = String.raw`(?:\[\d{0,9}\]|(?::(?:\\{0,3}"?[\w\\]{1,80}\\{0,3}"?:)?(?:protected|private)\]))`;
/**
 * Between key and value: `=`, `:`, `=>`, `:=`, `==`, ` -> `, and the end of a tag in XML, also as JSON escapes it; what
 * PHP writes between serialized strings; a comma in a tuple of Erlang, a space in a map of Clojure.
 */
const SIGN = String.raw`(?:=>(?:\s{1,20}(?=string\())?|:=|!?={1,3}|(?<=\s)(?:->|→)(?=\s)|::(?=\s)|[:>：＝]|&gt;|(?<=\.{3})(?=["'])|%3[ADad]|\\{1,8}u003[adeADE]|;s:\d{1,6}:(?=\\{0,15}")|(?<=\{[a-z_]{1,40}),(?=(?:<<)?")|(?<=[\s{]:[a-z][\w-]{0,40}) (?="))`;
const BETWEEN = `(${PAINT}${QUOTE}?(?:${SIGHT}|\\]|%5[Dd])?${PAINT}${SPACE}${SIGN}${SPACE}${PAINT})`;
/** `"X-Api-Key", "…"`: headers as pairs, or one after the other. */
const TUPLE = String.raw`(?<=["'\x60])([A-Za-z][\w.-]{0,60})${QUOTE},\s{0,20}(?=${QUOTE})`;
/** `--password value`, and the same as two strings of a list. */
const APART = String.raw`([ \t]{1,4}|,[ ]|${QUOTE},\s{0,20}(?=${QUOTE}))`;
const PAIR = new RegExp(
  `${ARN}|${REFERENCES}|${TUPLE}|(?:(?<![\\w-]|\\w\\.)|(?<=%[\\dA-F]{2})|(?<=\\[[\\d;]{0,12}m))(?:(--?)([A-Za-z][\\w.-]{0,60})${APART}(?=[^\\s-])|-{0,2}(${PHRASE}|[A-Za-z_][\\w.-]{0,199})${BETWEEN})`,
  'gi',
);

/** Masks the values of pairs whose key says that they are secret. */
export function maskPairs(text: string): string {
  const spans: Span[] = [];
  let done = 0;
  PAIR.lastIndex = 0;
  for (;;) {
    const from = Math.max(PAIR.lastIndex, done);
    const found = next(text, from);
    if (!found) break;
    const masked = found.key ? secretsOf(text, found.key) : [];
    for (const span of masked) {
      if (span.start < done) continue;
      spans.push(span);
      done = span.end;
    }
    PAIR.lastIndex = Math.max(found.end, done);
  }
  return replaced(text, spans);
}

function next(text: string, from: number): { readonly key?: Key; readonly end: number } | undefined {
  PAIR.lastIndex = from;
  const match = PAIR.exec(text);
  if (!match) return undefined;
  const [whole, listed, , option, apart, plain, between] = match;
  const end = match.index + whole.length;
  const name = listed ?? option ?? plain;
  if (name === undefined) return { end };
  const kind = kindOfKey(name) ?? kindByName(text, name, end) ?? kindByValue(text, name, match.index, end);
  const asked = kind === undefined && isAsked(text, name, match.index);
  if (asked)
    return {
      end,
      key: { name, kind: 'doubtful', start: match.index, end, between: between ?? '', listed: true },
    };
  if (kind === undefined || isWordOfSyntax(text, name, match.index)) return { end };
  return {
    end,
    key: {
      name,
      kind,
      start: match.index,
      end,
      between: apart ?? between ?? '',
      listed: listed !== undefined,
    },
  };
}

function secretsOf(text: string, key: Key): Span[] {
  if (isReference(text, key) || isCode(text, key)) return [];
  const list = stringsAt(text, key.end);
  if (list.length > 0)
    return list.filter((span) => !isHarmless(text.slice(span.start, span.end), key.kind, QUOTED));
  const header = key.listed ? undefined : headerOf(text, key);
  if (header) return header.end > header.start ? [header] : [];
  const span = valueAt(text, key.end);
  if (!span) return [];
  const value = text.slice(span.start, span.end);
  // `renamed -> password = …`: what is named after an arrow may be a key itself.
  if (/->|→/.test(key.between) && /^\s{0,4}[=:]/.test(text.slice(span.end, span.end + 5))) return [];
  if (key.listed && !looksDrawn(value)) return [];
  if (isDirectory(key.name, value)) return [];
  const setting = {
    quoted: span.quoted,
    prose: /(?:[:：]|->|→|^,)\s+$/.test(key.between) || (key.between.endsWith('>') && text[span.end] === ' '),
    apart: /^[>,]?[ \t]+$/.test(key.between),
    after: text.slice(span.end, span.end + 4),
  };
  // A word after `PASS:` is mostly the name of a test.
  const kind = setting.prose && !setting.quoted && /^pass$/i.test(key.name) ? 'doubtful' : key.kind;
  if (isHarmless(value, kind, setting)) return [];
  const whole = wholeLine(text, key, wholeList(text, wholeOf(text, span)));
  // A change is shown with both values: `password = "…" -> "…"`.
  const next =
    span.quoted && /^["'] -> ["']/.test(text.slice(span.end, span.end + 6))
      ? valueAt(text, span.end + 5)
      : undefined;
  return next ? [whole, next] : [whole];
}

/** `pwd` is the directory as often as the password: a path of words, `/app`, `C:\\srv`, `~/web`. */
function isDirectory(name: string, value: string): boolean {
  if (/^(?:OLD)?PWD$/.test(name) && /^(?:\/|[A-Za-z]:[\\/])/.test(value)) return true;
  if (!/^(?:old)?pwd$/i.test(name)) return false;
  const [, path] = /^(?:~|\.{1,2}|[A-Za-z]:)?((?:[\\/]{1,2}[\w.@-]{0,64}){0,32})$/.exec(value) ?? [];
  return path !== undefined && !path.split(/[\\/]+/).some((part) => looksSecret(part) && !isNamed(part));
}

/** `app-1.2`, `20240131`, `python3`, `ec2-user`: words that may end in a number, in small letters. */
function isNamed(part: string): boolean {
  return /^(?:[a-z]+\d{0,8}|\d{1,8})(?:[._-](?:[a-z]+\d{0,8}|\d{1,8}))*$/.test(part);
}

/** A key that is only called so: 64 digits of hex are one for AES-256. What names something has a word before it. */
function kindByValue(text: string, name: string, start: number, end: number): KeyKind | undefined {
  if (!/^key$/i.test(name)) return undefined;
  const least = name === 'KEY' ? 32 : 64;
  const [hex = ''] =
    /^\\{0,15}["'\x60]?([\da-fA-F]{32,128})(?![\w/-]|\.\w)/.exec(text.slice(end, end + 160)) ?? [];
  const isNaming =
    /(?:cache|object|s3|layer|build|hash|dedupe?|index|public|etag|partition)[ _.-]{0,2}$/i.test(
      text.slice(Math.max(0, start - 12), start),
    );
  return hex.replace(/\W/g, '').length >= least && !isNaming ? 'doubtful' : undefined;
}

const QUOTED = { quoted: true, prose: false, after: '' };

/** `{"name": "DB_PASSWORD", "value": …}`, in ECS's own spelling and in others', in either order. */
function kindByName(text: string, name: string, end: number): KeyKind | undefined {
  if (/^(?:parameter_?)?value$/i.test(name)) return kindAround(text, end);
  return undefined;
}

const NAME_BEFORE =
  /(?:name|key|property)(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}(?:\\{0,15}["'`]|&quot;)?([\w.-]{1,100})(?:\\{0,15}["'`]|&quot;)?\s{0,20}[,;]?\s{0,40}(?:\\{0,15}["'`]|&quot;)?$/i;
/** `"password": {"value": …}` */
const OWNER =
  /([\w.-]{1,100})(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}\{\s{0,20}(?:\\{0,15}["'`]|&quot;)?$/;
const NAME_AFTER =
  /(?:\\{0,15}["'`]|&quot;)\s{0,20},\s{0,40}(?:\\{0,15}["'`]|&quot;)?(?:name|key)(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}(?:\\{0,15}["'`]|&quot;)?([\w.-]{1,100})/iy;

function kindAround(text: string, end: number): KeyKind | undefined {
  const key = text.slice(Math.max(0, end - 260), end).replace(/(?:parameter_?)?value\W{1,24}$/i, '');
  const before = NAME_BEFORE.exec(key)?.[1];
  if (before !== undefined) return kindOfKey(before);
  const owner = OWNER.exec(key)?.[1];
  const ofOwner = owner === undefined ? undefined : kindOfKey(owner);
  if (ofOwner !== undefined) return ofOwner;
  const span = valueAt(text, end);
  if (!span?.quoted) return undefined;
  NAME_AFTER.lastIndex = span.end;
  const after = NAME_AFTER.exec(text)?.[1];
  return after === undefined ? undefined : kindOfKey(after);
}

const SCHEME =
  /(?:["'`\\[]{0,6})(bearer|basic|token|apikey|negotiate|digest|aws4-hmac-sha256|hmac|sharedkey)[ \t]{1,4}/iy;

/** The secret part of a header, to its end: the line's, or the string's that contains it. */
function headerOf(text: string, key: Key): Span | undefined {
  if (key.kind !== 'authorization' && key.kind !== 'cookie') return undefined;
  SCHEME.lastIndex = key.end;
  const scheme = key.kind === 'authorization' ? SCHEME.exec(text) : undefined;
  const quote = text.charAt(key.start - 1);
  const own = !/["'`\\]/.test(text.charAt(key.end)) && !key.between.startsWith('"');
  if (scheme) {
    const start = key.end + scheme[0].length;
    const single = /^(?:bearer|basic|token|apikey)$/i.test(scheme[1] ?? '');
    const end = single ? endOfWord(text, start) : endOfHeader(text, start, quote);
    return isHarmless(text.slice(start, end), key.kind, QUOTED)
      ? { start, end: start, quoted: false }
      : { start, end, quoted: false };
  }
  if (own && key.kind === 'authorization') return otherScheme(text, key, quote);
  if (!own || key.kind === 'authorization') return undefined;
  if (!/^[^\r\n"'=]{1,256}=/.test(text.slice(key.end, key.end + 257))) return undefined;
  return { start: key.end, end: endOfHeader(text, key.end, quote), quoted: false };
}

/** `Authorization: Anything …`, where what follows looks like a secret or is a list of `name=value`. */
function otherScheme(text: string, key: Key, quote: string): Span | undefined {
  const [scheme, credentials = ''] =
    /^[A-Za-z][\w-]{0,30}[ \t]{1,4}(\S{1,256})/.exec(text.slice(key.end, key.end + 300)) ?? [];
  if (scheme === undefined) return undefined;
  const start = key.end + scheme.length - credentials.length;
  if (/^[\w-]{1,40}="?[^\s=]/.test(credentials))
    return { start, end: endOfHeader(text, start, quote), quoted: false };
  const word = credentials.replace(/[^\w+/=.-][\s\S]*$/, '');
  const isLast = !/^[ \t]{1,4}[A-Za-z]/.test(text.slice(start + word.length, start + word.length + 5));
  return word.length >= 8 && (isLast || word.length >= 16) && looksSecret(word)
    ? { start, end: endOfWord(text, start), quoted: false }
    : undefined;
}

/** `name="value", name=value`, as in digests. */
const PARAMETERS = /(?:[\w-]{1,40}=(?:"[^"\r\n]{0,2048}"|[^\s",]{0,2048})(?:,[ \t]{0,4})?){1,32}/y;

function endOfWord(text: string, start: number): number {
  const length = text.slice(start, start + 16_384).search(/[\s"'`,;\\<>]|$/);
  return start + Math.max(0, length);
}

function endOfHeader(text: string, start: number, quote: string): number {
  const line = text.slice(start, endOfLine(text, start));
  if (!/["'`]/.test(quote)) {
    PARAMETERS.lastIndex = start;
    if (PARAMETERS.test(text) && text.slice(start, PARAMETERS.lastIndex).includes('"'))
      return PARAMETERS.lastIndex;
  }
  const end = /["'`]/.test(quote) ? line.indexOf(quote) : line.search(/\\{1,15}[nr"]|["'`](?=[\s,})\]]|$)/);
  return end < 0 ? start + line.length : start + end;
}

/** A list without quotes, as YAML and Go write it, to its end. */
function wholeList(text: string, span: Span): Span {
  if (span.quoted || text[span.start] !== '[') return span;
  const [rest] = /^[^\r\n[\]]{0,256}\]/.exec(text.slice(span.end, span.end + 257)) ?? [];
  return rest === undefined ? span : { ...span, end: span.end + rest.length };
}

/** In a list of environment variables a line, or a string, is one of them, spaces and all. */
function wholeLine(text: string, key: Key, span: Span): Span {
  const isAlone = /(?:^|\n)[ \t]{0,40}$/.test(text.slice(Math.max(0, key.start - 41), key.start));
  if (!span.quoted && key.kind === 'password' && /^:[ \t]{1,4}$/.test(key.between) && isAlone) {
    const line = text.slice(span.end, Math.min(endOfLine(text, span.end), span.end + 800));
    const [more = ''] = /^(?: [^\s:="'(),;]{1,64}){1,12}(?=\s{0,4}$)/.exec(line) ?? [];
    return { ...span, end: span.end + more.length };
  }
  if (span.quoted || key.between !== '=') return span;
  // In the connection strings of .NET and JDBC a value goes on to the next semicolon.
  if (key.kind === 'password' && text[key.start - 1] === ';') {
    const [more = ''] = /^ [^;="'\r\n]{0,128}(?=;|$)/.exec(text.slice(span.end, span.end + 130)) ?? [];
    return { ...span, end: span.end + more.length };
  }
  const around = /^[A-Z][A-Z\d_]*$/.test(key.name) ? endOfSurrounding(text, key.start) : undefined;
  if (around !== undefined) return { ...span, end: Math.max(span.end, around) };
  // A form begins after `?`; what begins after a space is one variable, whatever signs it has.
  if (/^[A-Z][A-Z\d_]*$/.test(key.name) && (key.start === 0 || /\s/.test(text.charAt(key.start - 1)))) {
    const [more = ''] = /^&[^\s"']{1,256}/.exec(text.slice(span.end, span.end + 258)) ?? [];
    if (more !== '') return { ...span, end: span.end + more.length };
  }
  const lineStart = key.start === 0 || text[key.start - 1] === '\n';
  if (!lineStart || !/^[A-Z][A-Z\d_]*$/.test(key.name)) return span;
  const end = endOfLine(text, span.end);
  const rest = text.slice(span.end, end);
  return /[=:;"'`\\[\]]/.test(rest) ? span : { ...span, end };
}

function replaced(text: string, spans: readonly Span[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of spans) {
    result += text.slice(done, start) + MASK;
    done = end;
  }
  return result + text.slice(done);
}
