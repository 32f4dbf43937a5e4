import type { Behaviour } from './contract.ts';
import { parseDuration } from './duration.ts';
import { createFields, type Fields, isRecord } from './fields.ts';

const PULLS = ['ok', 'notFound', 'denied', 'wrongPlatform', 'slow'] as const;
const KINDS = ['service', 'task'] as const;
const FIELDS = [
  'image',
  'family',
  'container',
  'for',
  'pull',
  'startAfter',
  'exit',
  'unplaced',
  'failToStart',
  'interruptAfter',
  'health',
  'targetHealth',
  'logs',
] as const;

/** The properties of a container that rules match. */
interface ContainerIdentity {
  /** All names of its image: "web-app:1.2.0", "web-app@sha256:…", "web-app", the reference itself. */
  readonly images: readonly string[];
  readonly family: string;
  readonly container: string;
  readonly for: 'service' | 'task';
}

/** The newest rule that matches; `rules` are oldest first. Rules do not merge. */
export function behaviourFor(
  rules: readonly Behaviour[],
  identity: ContainerIdentity,
): Behaviour | undefined {
  return rules.findLast((rule) => matches(rule, identity));
}

function matches(rule: Behaviour, identity: ContainerIdentity): boolean {
  const { image } = rule;
  if (image !== undefined && !identity.images.some((name) => matchesGlob(image, name))) return false;
  if (rule.family !== undefined && !matchesGlob(rule.family, identity.family)) return false;
  if (rule.container !== undefined && !matchesGlob(rule.container, identity.container)) return false;
  return rule.for === undefined || rule.for === identity.for;
}

/** `*` matches any number of characters, `?` any one. */
function matchesGlob(glob: string, text: string): boolean {
  if (!glob.includes('*') && !glob.includes('?')) return glob === text;
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(text);
}

/** When a health check first succeeds, in milliseconds after the start: 0 at once, Infinity never. */
export function healthyAfter(health: string | undefined): number {
  if (health === undefined || health === 'healthy') return 0;
  if (health.startsWith('unhealthy')) return Number.POSITIVE_INFINITY;
  return parseDuration(health.replace(/^healthyAfter /, ''));
}

/** Parses the body of `POST /_local/behaviours`. Throws one error that lists every unknown field or value. */
export function parseBehaviour(input: unknown): Behaviour {
  if (!isRecord(input)) throw new Error('a behavior is a JSON object');
  const fields = createFields(input);
  const { text, oneOf, duration, health } = fields;
  fields.refuseUnknown(input, FIELDS, '');
  const behaviour = withoutAbsent({
    image: text('image'),
    family: text('family'),
    container: text('container'),
    for: oneOf('for', KINDS),
    pull: oneOf('pull', PULLS),
    startAfter: duration('startAfter'),
    exit: exitIn(fields),
    unplaced: text('unplaced'),
    failToStart: failToStartIn(fields),
    interruptAfter: duration('interruptAfter'),
    health: health('health'),
    targetHealth: targetHealthIn(fields),
    logs: fields.texts('logs'),
  });
  if (fields.faults.length > 0) throw new Error(fields.faults.join('; '));
  return behaviour;
}

function exitIn({ valueAt, fault, duration, text, refuseUnknown }: Fields): Behaviour['exit'] | undefined {
  const value = valueAt('exit');
  if (value === undefined || value === 'never') return value;
  if (!isRecord(value)) return fault('exit', '"never" or {"after", "code", "reason"}');
  refuseUnknown(value, ['after', 'code', 'reason'], 'exit.');
  const { code } = value;
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 0 || code > 255) {
    return fault('exit.code', 'a number from 0 to 255');
  }
  const after =
    duration('exit.after') ?? (value.after === undefined ? fault('exit.after', 'a duration') : undefined);
  const reason = text('exit.reason');
  if (after === undefined) return undefined;
  return { after, code, ...(reason === undefined ? {} : { reason }) };
}

function failToStartIn({ valueAt, fault, refuseUnknown }: Fields): Behaviour['failToStart'] | undefined {
  const value = valueAt('failToStart');
  if (value === undefined) return undefined;
  if (!isRecord(value)) return fault('failToStart', '{"stopCode", "reason"}');
  refuseUnknown(value, ['stopCode', 'reason'], 'failToStart.');
  const { stopCode, reason } = value;
  if (typeof stopCode !== 'string') return fault('failToStart.stopCode', 'text such as "TaskFailedToStart"');
  if (typeof reason !== 'string') return fault('failToStart.reason', 'text');
  return { stopCode, reason };
}

/** The load balancer's checks may also say how they fail. */
function targetHealthIn({ valueAt, health }: Fields): string | undefined {
  const value = valueAt('targetHealth');
  const says = typeof value === 'string' && /^unhealthy (?:[1-5]\d\d|timeout)$/.test(value);
  return says ? value : health('targetHealth');
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(value: T): Present<T>;
function withoutAbsent(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
