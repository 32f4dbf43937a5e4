/** What a structured line says: JSON of loggers, and logfmt. */
interface Structured {
  /** As the logger names it, or its number. */
  readonly level?: string;
  /** The message, with the message of the error where it is another one. It may have several lines. */
  readonly text: string;
}

/** Characters of a line that are parsed: what is longer is read as plain text. */
const LONGEST = 65_536;
/** Characters before the JSON: a time, a stream's name. */
const MOST_BEFORE = 80;

const LEVELS = ['level', 'severity', 'log.level', 'level_name', 'levelname', 'lvl', '@l', 'Level'];
const MESSAGES = ['msg', 'message', '@m', '@mt', 'Message', 'event', 'text', 'log'];
const ERRORS = [
  'err',
  'error',
  'exception',
  'thrown',
  'exc_info',
  'Exception',
  '@x',
  'error.message',
  'reason',
];

/** Undefined: the line is plain text. */
export function structured(line: string): Structured | undefined {
  if (line.length > LONGEST) return undefined;
  return ofJson(line) ?? ofLogfmt(line);
}

function ofJson(line: string): Structured | undefined {
  const start = line.indexOf('{');
  if (start < 0 || start > MOST_BEFORE || !line.trimEnd().endsWith('}')) return undefined;
  const members = parsed(line.slice(start));
  if (!members) return undefined;
  const message = firstText(members, MESSAGES);
  const error = messageOf(ERRORS.map((name) => members[name]).find(isSaid));
  if (message === undefined && error === undefined) return undefined;
  return said(levelOf(members), message, error);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function levelOf(members: Readonly<Record<string, unknown>>): string | undefined {
  const nested = members.log;
  const level =
    LEVELS.map((name) => members[name]).find(isSaid) ?? (isObject(nested) ? nested.level : undefined);
  // GELF and Monolog have numbers beside the name, pino and Bunyan numbers alone.
  const name = isSaid(members.level_name) ? members.level_name : level;
  return typeof name === 'string' || typeof name === 'number' ? String(name) : undefined;
}

function firstText(members: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  const found = names.map((name) => members[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : undefined;
}

/** The message of an error as loggers serialize it, or the head of its stack. */
function messageOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error;
  if (!isObject(error)) return undefined;
  const { message, Message, stack, name, type } = error;
  const own = [message, Message].find((value) => typeof value === 'string' && value !== '');
  if (typeof own === 'string') {
    const of = [name, type].find((value) => typeof value === 'string' && value !== 'Error');
    const inner = messageOf(error.cause) ?? messageOf(error.innerException);
    return [of, own, inner].filter((part) => typeof part === 'string').join(': ');
  }
  return typeof stack === 'string' ? stack.split('\n', 1)[0] : undefined;
}

const PAIR = /(?:^|\s)([\w.@-]{1,40})=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

/** `time=… level=fatal msg="could not start" error="…"`. */
function ofLogfmt(line: string): Structured | undefined {
  if (!/(?:^|\s)(?:level|lvl|severity)=/.test(line) || !/(?:^|\s)(?:msg|message|error|err)=/.test(line))
    return undefined;
  const members = new Map<string, string>();
  for (const [, name = '', quoted, plain] of line.matchAll(PAIR)) {
    members.set(name, quoted?.replace(/\\(["\\])/g, '$1').replaceAll('\\n', '\n') ?? plain ?? '');
  }
  const level = members.get('level') ?? members.get('lvl') ?? members.get('severity');
  return said(
    level,
    members.get('msg') ?? members.get('message'),
    members.get('error') ?? members.get('err'),
  );
}

function said(level: string | undefined, message: string | undefined, error: string | undefined): Structured {
  const isNew = error !== undefined && !message?.includes(error);
  const text = [message, isNew ? error : undefined].filter(Boolean).join(': ');
  return level === undefined ? { text } : { level, text };
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
