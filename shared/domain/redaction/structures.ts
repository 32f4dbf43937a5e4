import { isHarmless } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';
import { maskKeyLines } from './pem.ts';
import { redact } from './redact.ts';

/**
 * A replacer for JSON.stringify that masks secrets in data, whatever it is: what `redact` finds in each text, values of
 * members whose name says that they are secret, `{name, value}` pairs, what follows an option such as `--password` in
 * a list, and the lines of a private key. Errors are left to who formats them.
 */
export function redactMember(key: string, value: unknown): unknown {
  if (typeof value === 'string') return isSecret(key, value) ? MASK : redact(value);
  if (typeof value === 'number') return kindOfKey(key) === 'password' ? MASK : value;
  if (Array.isArray(value)) return withoutSecretItems(key, value);
  const pair = pairOf(value);
  return pair && isSecret(pair.name, pair.value) ? { ...pair.data, [pair.member]: MASK } : value;
}

/** A copy of data that is JSON, without secrets. Members that are undefined are left out. */
export function redactAll<Data>(data: Data): Data {
  return data === undefined ? data : JSON.parse(JSON.stringify(data, redactMember));
}

/**
 * Members that hold sentences of people, of AWS and of programs. The others of a state or of an answer are names, ids
 * and commands: something is done by them, so that they must stay as they are.
 */
const PROSE = new Set([
  'advice',
  'by',
  'earlier',
  'elsewhere',
  'ending',
  'evidence',
  'how',
  'message',
  'notes',
  'reason',
  'runs',
  'sentence',
  'stoppedReason',
  'text',
  'what',
  'who',
  'why',
  'words',
]);

/** A replacer for JSON.stringify that masks secrets in what is shown, and leaves what is carried out unchanged. */
export function redactTold(key: string, value: unknown): unknown {
  if (key === 'labels') return redactAll(value);
  if (!isTold(key)) return value;
  if (typeof value === 'string') return redact(value);
  if (!Array.isArray(value)) return value;
  return withoutSecretItems(key, value).map((item) => (typeof item === 'string' ? redact(item) : item));
}

/** Whether a member of this name holds sentences: what is in it may be masked and cut. */
export function isTold(key: string): boolean {
  return PROSE.has(key);
}

/** A copy of a state, a task or an answer, without secrets in what it shows. */
export function withoutSecrets<Data>(data: Data): Data {
  return data === undefined ? data : JSON.parse(JSON.stringify(data, redactTold));
}

function isSecret(key: string, value: string): boolean {
  const kind = kindOfKey(key);
  return kind !== undefined && !isHarmless(value, kind, { quoted: true, prose: false, after: '' });
}

interface Pair {
  readonly data: object;
  readonly name: string;
  readonly value: string;
  /** The member that the value is of. */
  readonly member: string;
}

/** `{name, value}`, `{Key, Value}`, `{ParameterKey, ParameterValue}`: as ECS, tags and CloudFormation have them. */
function pairOf(data: unknown): Pair | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const members = Object.entries(data);
  const [, name] = members.find(([member]) => /^(?:parameter)?(?:name|key)$/i.test(member)) ?? [];
  const [member, value] = members.find(([other]) => /^(?:parameter)?value$/i.test(other)) ?? [];
  if (member === undefined || typeof name !== 'string' || typeof value !== 'string') return undefined;
  return { data, name, value, member };
}

/** Members that hold the words of a command. */
const COMMANDS = /^(?:args|argv|cmd|command|entryPoint|words)$/i;

/** Words of a command that are secret only because of the word before them, as in `mysql -p…` and `curl -u user:…`. */
function secretWords(key: string, items: readonly unknown[]): (item: string) => boolean {
  if (!COMMANDS.test(key) || !items.every((item) => typeof item === 'string')) return () => false;
  const command = redact(items.join(' '));
  return (item) => !command.includes(item) && !/\s/.test(item);
}

/** The same list if there is nothing to hide: loggers detect circles by identity. */
function withoutSecretItems(key: string, items: readonly unknown[]): readonly unknown[] {
  const lines = maskKeyLines(items.map((item) => (typeof item === 'string' ? item : '')));
  const isSecretWord = secretWords(key, items);
  const masked = items.map((item, index) => {
    if (typeof item !== 'string') return item;
    const option = lines[index - 1] ?? '';
    const isValue = /^--?[A-Za-z][\w-]*$/.test(option) && isSecret(option, item);
    return isValue || isSecretWord(item) || isSecret(key, item) ? MASK : lines[index];
  });
  return masked.some((item, index) => item !== items[index]) ? masked : items;
}
