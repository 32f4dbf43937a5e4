import { isHarmless, looksDrawn } from './harmless.ts';
import { type KeyKind, kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';
import { endOfLine, endOfSurrounding, type Span, stringsAt, valueAt, wholeOf } from './values.ts';

/** ARNs are passed over as a whole: "secret:name" within one is no pair. */
const ARN = String.raw`arn:aws[\w-]{0,12}:[\w.:/@*+$-]{1,2048}`;
const PHRASE =
  '(?:(?:access|account|api|aws|auth|client|master|private|secret|session|shared|signing|webhook) ){1,3}(?:key|token|secret|password|passphrase)(?: id)?';
const QUOTE = String.raw`(?:\\{0,15}["'\x60]|&quot;|&#3[49];)`;
/** Colours of a terminal, also as JSON and shells escape them. */
const PAINT = String.raw`(?:(?:\u001b|\\{1,8}(?:u001[bB]|x1[bB]|e|033))\[[\d;]{0,24}m){0,2}`;
const SPACE = String.raw`[ \t\u00a0]{0,4}`;
/** Between key and value: `=`, `:`, `=>`, `:=`, `==`, and the end of a tag in XML, also as JSON escapes it. */
const SIGN = String.raw`(?:=>(?:\s{1,20}(?=string\())?|:=|={1,3}|[:>：＝]|%3[ADad]|\\{1,8}u003[adeADE])`;
const BETWEEN = `(${PAINT}${QUOTE}?\\]?${PAINT}${SPACE}${SIGN}${SPACE}${PAINT})`;
/** `"X-Api-Key", "…"`: headers as pairs, or one after the other. */
const TUPLE = String.raw`(?<=["'\x60])([A-Za-z][\w.-]{0,60})${QUOTE},\s{0,20}(?=${QUOTE})`;
/** `--password value`, and the same as two strings of a list. */
const APART = String.raw`([ \t]{1,4}|${QUOTE},\s{0,20}(?=${QUOTE}))`;
const PAIR = new RegExp(
  `${ARN}|${TUPLE}|(?:(?<![\\w-]|\\w\\.)|(?<=%[\\dA-F]{2})|(?<=\\[[\\d;]{0,12}m))(?:(--?)([A-Za-z][\\w.-]{0,60})${APART}(?=[^\\s-])|-{0,2}(${PHRASE}|[A-Za-z_][\\w.-]{0,199})${BETWEEN})`,
  'gi',
);

interface Key {
  readonly name: string;
  readonly kind: KeyKind;
  readonly start: number;
  /** Where the value begins. */
  readonly end: number;
  readonly between: string;
  /** It may as well be one name in a list of names: the value has to look like a secret. */
  readonly listed: boolean;
}

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
  const kind = kindOfKey(name) ?? kindByName(text, name, end);
  if (kind === undefined) return { end };
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
  if (isReference(text, key)) return [];
  const list = stringsAt(text, key.end);
  if (list.length > 0)
    return list.filter((span) => !isHarmless(text.slice(span.start, span.end), key.kind, QUOTED));
  const header = key.listed ? undefined : headerOf(text, key);
  if (header) return header.end > header.start ? [header] : [];
  const span = valueAt(text, key.end);
  if (!span) return [];
  const value = text.slice(span.start, span.end);
  if (key.listed && !looksDrawn(value)) return [];
  if (/^(?:OLD)?PWD$/.test(key.name) && value.startsWith('/')) return [];
  const setting = {
    quoted: span.quoted,
    prose: /[:：]\s+$/.test(key.between) || (key.between.endsWith('>') && text[span.end] === ' '),
    after: text.slice(span.end, span.end + 4),
  };
  // A word after `PASS:` is mostly the name of a test.
  const kind = setting.prose && !setting.quoted && /^pass$/i.test(key.name) ? 'doubtful' : key.kind;
  if (isHarmless(value, kind, setting)) return [];
  return [wholeLine(text, key, wholeList(text, wholeOf(text, span)))];
}

const QUOTED = { quoted: true, prose: false, after: '' };

/** `repository/auth-token:12` names an image or a revision; what ends in `>` is a tag of XML or nothing. */
function isReference(text: string, key: Key): boolean {
  if (key.between.includes('>') && !key.between.includes('='))
    return !/[<:]/.test(text.charAt(key.start - 1));
  if (key.between !== ':') return false;
  return text[key.start - 1] === '/' && !/["'\\[{]/.test(text.charAt(key.end));
}

/** `{"name": "DB_PASSWORD", "value": …}`, in ECS's own spelling and in others', in either order. */
function kindByName(text: string, name: string, end: number): KeyKind | undefined {
  if (/^value$/i.test(name)) return kindAround(text, end);
  return undefined;
}

const NAME_BEFORE =
  /(?:name|key)(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}(?:\\{0,15}["'`]|&quot;)?([\w.-]{1,100})(?:\\{0,15}["'`]|&quot;)?\s{0,20}[,;]?\s{0,40}(?:\\{0,15}["'`]|&quot;)?$/i;
/** `"password": {"value": …}` */
const OWNER =
  /([\w.-]{1,100})(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}\{\s{0,20}(?:\\{0,15}["'`]|&quot;)?$/;
const NAME_AFTER =
  /(?:\\{0,15}["'`]|&quot;)\s{0,20},\s{0,40}(?:\\{0,15}["'`]|&quot;)?(?:name|key)(?:\\{0,15}["'`]|&quot;)?\s{0,4}[:=]\s{0,4}(?:\\{0,15}["'`]|&quot;)?([\w.-]{1,100})/iy;

function kindAround(text: string, end: number): KeyKind | undefined {
  const key = text.slice(Math.max(0, end - 260), end).replace(/value\W{1,24}$/i, '');
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

/** The secret part of a header, to its end: the line's, or the string's that it stands in. */
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
    return { start, end, quoted: false };
  }
  if (!own || key.kind === 'authorization') return undefined;
  if (!/^[^\r\n"'=]{1,256}=/.test(text.slice(key.end, key.end + 257))) return undefined;
  return { start: key.end, end: endOfHeader(text, key.end, quote), quoted: false };
}

function endOfWord(text: string, start: number): number {
  const length = text.slice(start, start + 16_384).search(/[\s"'`,;\\<>]|$/);
  return start + Math.max(0, length);
}

function endOfHeader(text: string, start: number, quote: string): number {
  const line = text.slice(start, endOfLine(text, start));
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
  if (span.quoted || key.between !== '=') return span;
  // In the connection strings of .NET and JDBC a value goes on to the next semicolon.
  if (key.kind === 'password' && text[key.start - 1] === ';') {
    const [more = ''] = /^ [^;="'\r\n]{0,128}(?=;|$)/.exec(text.slice(span.end, span.end + 130)) ?? [];
    return { ...span, end: span.end + more.length };
  }
  const around = /^[A-Z][A-Z\d_]*$/.test(key.name) ? endOfSurrounding(text, key.start) : undefined;
  if (around !== undefined) return { ...span, end: Math.max(span.end, around) };
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
