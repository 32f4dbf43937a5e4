import { randomUUID } from 'node:crypto';
import { parseArgs, types } from 'node:util';
import { nearestOf } from '../shared/domain/nearest.ts';
import type { OperatorRequest } from '../shared/domain/operator.ts';
import { commands } from './commands.ts';
import { exitCode, Failure } from './failure.ts';
import type { FollowQuestion, RunQuestion } from './runTask.ts';

type Distribute<T> = T extends { who: string } ? Omit<T, 'who'> : T;

/** A request before it is known who asks. */
export type Question = Distribute<OperatorRequest>;

/** A deploy or rollback. `wait`: until its release has ended; `yes`: without asking, also in production. */
export interface OrderQuestion {
  readonly request: Extract<Question, { command: 'deploy' | 'rollback' }>;
  readonly wait: boolean;
  readonly yes: boolean;
}

export interface Options {
  readonly json: boolean;
  /** The local cloud's address, without a slash at its end. */
  readonly local?: string;
  readonly region?: string;
  readonly stage?: string;
  readonly function?: string;
  /** The configuration file; otherwise FAIRWAY_CONFIG or `fairway.yml`. */
  readonly config?: string;
}

export type Command =
  | { readonly kind: 'ask'; readonly question: Question; readonly options: Options }
  | { readonly kind: 'order'; readonly question: OrderQuestion; readonly options: Options }
  | { readonly kind: 'run'; readonly question: RunQuestion; readonly options: Options }
  | { readonly kind: 'follow'; readonly question: FollowQuestion; readonly options: Options }
  | { readonly kind: 'verify' | 'check'; readonly options: Options }
  | { readonly kind: 'help'; readonly topic?: string }
  | { readonly kind: 'version'; readonly json: boolean };

const common = {
  json: { type: 'boolean' },
  local: { type: 'string' },
  region: { type: 'string' },
  stage: { type: 'string' },
  function: { type: 'string' },
  config: { type: 'string' },
} as const;
const flags = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;
const special = {
  reason: { type: 'string' },
  'despite-hold': { type: 'boolean' },
  'discard-waiting': { type: 'boolean' },
  limit: { type: 'string' },
  app: { type: 'string' },
  detach: { type: 'boolean', short: 'd' },
  wait: { type: 'boolean', short: 'w' },
  yes: { type: 'boolean', short: 'y' },
  test: { type: 'boolean' },
} as const;

/** Whether `--json` was asked for, even in a line that is otherwise wrong. */
export function wantsJson(argv: readonly string[]): boolean {
  const dashes = argv.indexOf('--');
  return argv.slice(0, dashes === -1 ? argv.length : dashes).includes('--json');
}

/** What the line asks for. Throws a usage `Failure` that says what was expected. */
export function parse(argv: readonly string[]): Command {
  const dashes = argv.indexOf('--');
  const words = dashes === -1 ? undefined : argv.slice(dashes + 1);
  const { values, positionals } = read(dashes === -1 ? argv : argv.slice(0, dashes));
  const [name, ...rest] = positionals;
  if (values.version) return { kind: 'version', json: values.json ?? false };
  if (name === undefined) return { kind: 'help' };
  if (!Object.hasOwn(commands, name)) throw unknownWord('command', name, Object.keys(commands));
  if (values.help) return { kind: 'help', topic: name };

  for (const option of Object.keys(values))
    if (Object.hasOwn(special, option) && !commands[name]?.own.includes(option))
      throw usage(name, `--${option} does not belong to it`);

  if (rest.includes('')) throw usage(name, 'a word is empty: is a variable not set?');
  if (name === 'help') return help(rest);
  if (name === 'version') return { kind: 'version', json: values.json ?? false };
  const options = optionsFrom(values);
  if (name === 'verify' || name === 'check') {
    if (rest[0] !== undefined) throw usage(name, `"${rest[0]}" is too much`);
    return { kind: name, options };
  }
  if (name === 'run') return { kind: 'run', question: runQuestion(rest, words, values), options };
  if (words !== undefined) throw usage(name, 'it takes no command after --');
  if (name === 'follow') {
    const [app, run] = rest;
    if (app === undefined || run === undefined) throw usage(name, 'which run of which app?');
    none(name, rest.slice(2));
    return { kind: 'follow', question: { app, run }, options };
  }
  const asked = question(name, rest, values);
  if (asked.command !== 'deploy' && asked.command !== 'rollback')
    return { kind: 'ask', question: asked, options };
  const { wait = false, yes = false } = values;
  return { kind: 'order', question: { request: asked, wait, yes }, options };
}

function runQuestion(
  [app, task, ...rest]: readonly string[],
  words: readonly string[] | undefined,
  values: Values,
): RunQuestion {
  if (app === undefined || task === undefined) throw usage('run', 'which task of which app?');
  if (rest[0] !== undefined) throw usage('run', `"${rest[0]}" is too much: a command stands after --`);
  if (words?.length === 0) throw usage('run', 'no command stands after --');
  return { app, task, id: randomUUID(), detach: values.detach ?? false, ...(words && { words }) };
}

type Values = ReturnType<typeof read>['values'];

function read(argv: readonly string[]) {
  try {
    const options = { ...common, ...flags, ...special };
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!types.isNativeError(error)) throw error;
    const unknown = /Unknown option '--?([^']*)'/.exec(error.message)?.[1];
    if (unknown !== undefined)
      throw unknownWord('option', unknown, Object.keys({ ...common, ...flags, ...special }));
    throw new Failure(exitCode.usage, `${error.message.split('. ')[0]}. See: fairway help`);
  }
}

function optionsFrom(values: Values): Options {
  return {
    json: values.json ?? false,
    ...(values.local === undefined ? {} : { local: address(values.local) }),
    ...(values.region === undefined ? {} : { region: values.region }),
    ...(values.stage === undefined ? {} : { stage: values.stage }),
    ...(values.function === undefined ? {} : { function: values.function }),
    ...(values.config === undefined ? {} : { config: values.config }),
  };
}

function question(name: string, words: readonly string[], values: Values): Question {
  const [app, ...rest] = words;
  if (name === 'status') {
    none(name, rest);
    return { command: 'status', ...(app === undefined ? {} : { app }) };
  }
  if (name === 'announce') return announce(rest, values);
  if (name === 'redrive') {
    none(name, words);
    return { command: name };
  }
  if (name === 'runs') {
    none(name, rest);
    return {
      command: name,
      ...(app === undefined ? {} : { task: app }),
      ...(values.app === undefined ? {} : { app: values.app }),
      ...(values.limit === undefined ? {} : { limit: whole(name, '--limit', values.limit) }),
    };
  }
  if (app === undefined) throw usage(name, name === 'why' ? 'which image, APP[:TAG]?' : 'which app?');
  switch (name) {
    case 'why':
      return why(app, rest);
    case 'show':
      none(name, rest.slice(1));
      return {
        command: name,
        app,
        ...(rest[0] === undefined ? {} : { release: releaseNumber(name, rest[0]) }),
      };
    case 'releases':
      none(name, rest);
      return {
        command: name,
        app,
        ...(values.limit === undefined ? {} : { limit: whole(name, '--limit', values.limit) }),
      };
    case 'deploy':
      none(name, rest.slice(1));
      return deploy(app, rest[0], values);
    case 'rollback':
      return rollback(app, rest);
    case 'hold':
      none(name, rest);
      if (!values.reason?.trim()) throw usage(name, 'a hold needs a --reason, for whoever finds it');
      return { command: name, app, reason: values.reason.trim() };
    case 'stop':
      if (rest[0] === undefined) throw usage(name, 'which run?');
      none(name, rest.slice(1));
      return { command: name, app, run: rest[0] };
    case 'resume':
      none(name, rest);
      return { command: name, app, ...(values['discard-waiting'] && { discardWaiting: true }) };
    case 'cancel':
      none(name, rest);
      return { command: name, app };
    default:
      throw unknownWord('command', name, Object.keys(commands));
  }
}

/** Only tests are announced by hand: whatever else is announced follows from what happened. */
function announce([channel, ...rest]: readonly string[], values: Values): Question {
  if (!values.test) throw usage('announce', 'it sends nothing but tests: add --test');
  none('announce', rest);
  return { command: 'announce', ...(channel === undefined ? {} : { channel }) };
}

function deploy(app: string, tag: string | undefined, values: Values): Question {
  const question = { command: 'deploy', app, ...(tag === undefined ? {} : { tag }) } as const;
  const reason = values.reason?.trim();
  if (!values['despite-hold']) {
    if (reason !== undefined) throw usage('deploy', '--reason belongs to --despite-hold');
    return question;
  }
  if (!reason) throw usage('deploy', '--despite-hold needs a --reason, for everyone who is notified of it');
  return { ...question, despiteHold: true, reason };
}

function why(word: string, rest: readonly string[]): Question {
  const [app = '', ...after] = word.split(':');
  const tag = after.length > 0 ? after.join(':') : rest[0];
  none('why', after.length > 0 ? rest : rest.slice(1));
  if (!app || tag === '') throw usage('why', `"${word}" names no ${app ? 'tag' : 'app'}`);
  return { command: 'why', app, ...(tag === undefined ? {} : { tag }) };
}

/** "v12" or "12". */
function releaseNumber(name: string, word: string): number {
  return whole(name, 'the release', word.replace(/^v/, ''));
}

function rollback(app: string, words: readonly string[]): Question {
  const target = words[0] === 'to' ? words.slice(1) : words;
  if (words[0] === 'to' && target[0] === undefined) throw usage('rollback', 'to which release or tag?');
  none('rollback', target.slice(1));
  const [wanted] = target;
  if (wanted === undefined) return { command: 'rollback', app };
  if (/^v?[1-9]\d{0,8}$/.test(wanted))
    return { command: 'rollback', app, to: releaseNumber('rollback', wanted) };
  return { command: 'rollback', app, tag: wanted };
}

function help(words: readonly string[]): Command {
  const topic = words[0];
  if (topic === undefined) return { kind: 'help' };
  if (!Object.hasOwn(commands, topic)) throw unknownWord('command', topic, Object.keys(commands));
  return { kind: 'help', topic };
}

function none(name: string, words: readonly string[]): void {
  if (words[0] !== undefined) throw usage(name, `"${words[0]}" is too much`);
}

function whole(name: string, what: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw usage(name, `${what} must be a whole number from 1, not "${text}"`);
  return Number(text);
}

function address(text: string): string {
  const full = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(full))
    throw new Failure(
      exitCode.usage,
      `--local: "${text}" is not an address, expected one like http://127.0.0.1:4566`,
    );
  return full.replace(/\/+$/, '');
}

function usage(name: string, fault: string): Failure {
  return new Failure(
    exitCode.usage,
    `${name}: ${fault}${fault.endsWith('?') ? '' : '.'} Usage: fairway ${commands[name]?.usage ?? name}`,
  );
}

function unknownWord(what: string, word: string, known: readonly string[]): Failure {
  const near = nearestOf(word, known);
  const hint = near === undefined ? '' : `, did you mean ${what === 'option' ? '--' : ''}${near}?`;
  const name = what === 'option' ? `--${word}` : word;
  return new Failure(exitCode.usage, `there is no ${what} "${name}"${hint || '.'} See: fairway help`);
}
