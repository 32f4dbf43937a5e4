import { type KeyKind, kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';

/** How a value appears in its text: `prose`, after a colon and a space, may also be the rest of a sentence. */
interface Setting {
  readonly quoted: boolean;
  readonly prose: boolean;
  /** Only spaces stand before it, or a bracket: `--password …`, `<password>  …`. */
  readonly apart?: boolean;
  /** What follows, a few characters: it distinguishes a word of a sentence from a value. */
  readonly after: string;
}

/** Stand for a value, or for none, wherever they are. */
const NOTHING =
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|empty|unset|string[!?]?|boolean|number|str|bytes|n\/a|~|set|present|provided|found|configured|unchanged|unbound|ok|passed|failed|expired|invalid|missing|required|revoked|malformed|rejected|denied|incorrect|blank|not[ _](?:found|set|given|provided|required|valid)|redacted|hidden|masked|x{3,}|\*+|\.{3})$/i;

/** `${NAME}`, `$NAME`, `$(…)`, `{{…}}`, `<…>`, `%s`, `process.env.NAME`: where a value comes from. */
const PLACEHOLDER =
  /^(?:\$\{[^{}]*\}|\$[A-Z_][A-Z\d_]*|\$\([^()]*\)|\{\{[^{}]*\}\}|\{[a-z_]+\}|<[A-Za-z_ -]*>?|%[sdv]|process\.env\.\w+|!(?:Ref|Sub|GetAtt|ImportValue|vault|reference)|<%[=-]?.*|\$?\{\{.*|&?(?:mut )?(?:str|String)|(?:Option|Optional|Maybe|List|Vec|Promise)[<[][^\s]{0,64}|\((?:redacted|hidden|none|empty|set|unset)\)|\[(?:hidden|masked|filtered|REDACTED|FILTERED)\])$/;

/** A reference to something, not the thing: ARNs, digests, paths of plain words, addresses, versions of software. */
const REFERENCE =
  /^(?:arn:aws[\w-]*:\S+|sha256:[\da-f]{64}|(?:\/\.?[A-Za-z][A-Za-z_-]*){2,}|https?:\/\/[^\s@?#]+|v?\d+(?:\.\d+){1,3}(?:-[a-z]+(?:\.\d+)?)?|\d{4}-\d\d-\d\dT[\d:.]+Z?)$/;

/** What validations say of a field, where a value would be. */
const COMPLAINT =
  /^(?:(?:this|the|your) \w{1,20} |field |value |it )?(?:is|are|was|must|should|may|can ?not|can't|does not|has|cannot) (?:not |only |too |also |already )?(?:be|been|have|contain|match|exist|short|long|weak|common|similar|blank|empty|null|missing|required|invalid|incorrect|wrong|expired|revoked|taken|at least)\b/i;

/** How a command is used: `--password PASSWORD`, `--token requires an argument`. */
const USAGE =
  /^(?:[A-Z][A-Z_]*_)?(?:PASSWORD|PASSWD|TOKEN|SECRET|KEY|VALUE|STRING)$|^(?:requires|needs|must|is|string)$/;

const FAULT = /^[A-Za-z]+(?:Exception|Error|Denied|NotFound|Fault|Failure|Invalid|Expired|Missing)$/;

/** Words that sentences go on with. */
const SENTENCES = new Set(
  (
    'a access after all already an and any are argument as at attempts authentication authorization bad be been before but by ' +
    'call can cannot check could credentials denied did do does download either empty end enter error ex execution ' +
    'expected expires hash expired failed failure for forbidden from get got has have http https i identifier if in incorrect ' +
    'internal invalid is it its key limit lookup malformed may migrated migrating mismatch missing must need needs network never not ' +
    'nothing of only operation or parameter permission please policy put read refused rejected request required requires ' +
    'resource retrieval retrieve reverted reverting role runtime secret see server service should signature so some something supplied ' +
    'task that the their there this timed timeout to token too try unable unbound unauthorized undefined unexpected unknown ' +
    'unsupported use user using value version was we were what when which while will with without wrong you your'
  ).split(' '),
);

/** What becomes of tokens and sessions, but hardly of passwords. */
const STATES = new Set(
  (
    'absent active cached changed closed created default deleted disabled done enabled environment inactive issued loaded ' +
    'mounted opened present refreshed refreshing removed renewed reset rotated skipped started stopped synced updated valid'
  ).split(' '),
);

/** What begins like a secret for so many characters is one. */
const LONG = 256;

/** Whether the text after a secret's key is no secret. */
export function isHarmless(whole: string, kind: KeyKind, setting: Setting): boolean {
  const value = whole.slice(0, LONG);
  if (value === MASK || !/[\p{L}\d]/u.test(value))
    return PLACEHOLDER.test(value) || value === '~' || !/[^\s()[\]{}.,:*…|>-]/u.test(value.replace(MASK, ''));
  if (COMPLAINT.test(value)) return true;
  if (NOTHING.test(value) || PLACEHOLDER.test(value) || REFERENCE.test(value)) return true;
  if (kind !== 'password' && /^\d{1,6}$/.test(value)) return true;
  if (kind !== 'password' && isClassOfPackage(value)) return true;
  if (!setting.quoted && FAULT.test(value)) return true;
  if (setting.apart && !setting.quoted && USAGE.test(value)) return true;
  if (setting.prose && !setting.quoted && isSentence(value, kind, setting.after)) return true;
  // Of an address the secret part was masked before.
  return kind === 'doubtful' && (!looksSecret(value) || value.includes(MASK));
}

function isSentence(value: string, kind: KeyKind, after: string): boolean {
  const word = value.replace(/[^A-Za-z']+$/, '').toLowerCase();
  if (SENTENCES.has(word)) return true;
  if (kind !== 'password' && (STATES.has(word) || isName(value))) return true;
  // The name of a secret is a path of words.
  if (kind !== 'password' && /^[A-Za-z]+(?:[_-][A-Za-z]+)*(?:\/[A-Za-z]+(?:[_-][A-Za-z]+)*)+$/.test(value))
    return true;
  return kind !== 'password' && /^[A-Za-z']+$/.test(value) && /^[,:]? [A-Za-z]/.test(after);
}

/** `db-credentials`, `access_token`: what a secret is called. */
function isName(value: string): boolean {
  return /^[A-Za-z]+(?:[-_.][A-Za-z]+)+$/.test(value) && kindOfKey(value) !== undefined;
}

const PLAIN =
  /^(?:oauth2?|scram-sha-\d+|sigv4|v4|sha\d+|[hre]s\d{3}|md5|base64|ed25519|ipv[46]|utf-?8|aes\d+|http\/\d)$/i;

/** Whether text looks drawn by lot: letters and digits mixed, or letters of both cases without words. */
export function looksSecret(value: string): boolean {
  if (value.length < 6 || /\s/.test(value) || PLAIN.test(value) || isClassName(value)) return false;
  if (/\d/.test(value) && /[A-Za-z]/.test(value)) return true;
  if (/^\d{7,}$/.test(value)) return true;
  return value.length >= 12 && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropy(value) > 3.2;
}

const WORDS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;

/**
 * Whether text is words one after the other, each with a capital: `org.example.HttpBasicAuthenticationFilterV2`. Of
 * random texts of 20 letters and digits, one in 2,500 looks so.
 */
export function isClassName(value: string): boolean {
  if (value.length < 20 || !/^[A-Za-z][\w.$]*$/.test(value) || changes(value) > 0.4) return false;
  const words = value.match(WORDS) ?? [];
  const numbers = words.filter((word) => /\d/.test(word));
  const long = words.filter((word) => /^[A-Z]?[a-z]{3}/.test(word) && /[aeiouy]/i.test(word)).join('').length;
  return long > 0.75 * value.length && words.length > 2 && numbers.length < 4 && numbers.join('').length < 9;
}

/** A package and a class in it: no token has this form. */
function isClassOfPackage(value: string): boolean {
  return /^(?:[a-z][a-z\d_]{0,40}\.){2}/.test(value) && isClassName(value);
}

/** The same of one that may as well be a name with a date in it. */
export function looksDrawn(value: string): boolean {
  const mixed = /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value) && entropy(value) > 3.3;
  return value.length >= 12 && ((mixed && changes(value) > 0.3) || /^[\da-f]{32,}$/.test(value));
}

/** How often, of once, a capital, a small letter or a digit follows another kind of sign: in words hardly ever. */
export function changes(text: string): number {
  let count = 0;
  for (let at = 1; at < text.length; at += 1) if (kindOf(text, at) !== kindOf(text, at - 1)) count += 1;
  return count / text.length;
}

function kindOf(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 58) return 0;
  return code < 91 ? 1 : 2;
}

/** Shannon's, in bits per character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
