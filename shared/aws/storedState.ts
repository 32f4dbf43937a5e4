import { initialState } from '../domain/decide.ts';
import type { AppState } from '../domain/state.ts';

/**
 * An app's state as its item has it. Items keep the names that the first versions wrote: CloudFormation does not replace
 * all functions at once, so for a while earlier code reads what this code has written. Both names are read.
 */

/** Names of one kind of object: the code's name first, the item's second. */
interface Names {
  readonly members?: Readonly<Record<string, string>>;
  /** By member: names of its values. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By member, as the code names it: what is in it, or in each item of its list. */
  readonly inside?: Readonly<Record<string, Names>>;
  /** Of every member: the object is a dictionary. */
  readonly each?: Names;
}

const OUTCOMES = { rollbackFailed: 'stranded' };

const ROLLOUT: Names = {
  members: {
    rollbackRevision: 'backTo',
    rollbackDeploymentId: 'backDeploymentId',
    rollbackDeployedAt: 'backDeployedAt',
  },
  values: { state: { rollingBack: 'goingBack', rolledBack: 'back', rollbackFailed: 'stuck' } },
};

const RELEASE: Names = {
  inside: {
    services: ROLLOUT,
    steps: { values: { kind: { rollBack: 'putBack' }, name: { 'roll back': 'put back' } } },
    end: { values: { outcome: OUTCOMES } },
  },
};

const ALERT: Names = {
  members: { announcedAt: 'toldAt' },
  inside: { release: { values: { state: OUTCOMES } } },
};

const STATE: Names = {
  members: {
    blockedImages: 'spent',
    liveHistory: 'proven',
    knownDeployments: 'known',
    liveDigests: 'digests',
    channelMemory: 'memories',
  },
  inside: {
    release: RELEASE,
    ended: RELEASE,
    outbox: {
      members: { reported: 'told' },
      inside: { effect: { values: { kind: { rollBack: 'putBack' } } } },
    },
    schedules: { each: { members: { reportedMissingAt: 'toldMissingAt' } } },
    alerts: { inside: { alerts: ALERT } },
  },
};

/** The state under the item's names. */
export function toItem(state: AppState): unknown {
  return renamed(state, STATE, 'toItem');
}

/** The state in an item's JSON. What an earlier version did not know is as for an app that was never seen. */
export function fromItem(json: string): AppState {
  return { ...initialState(''), ...renamed(JSON.parse(json), STATE, 'fromItem') };
}

type Direction = 'toItem' | 'fromItem';

function renamed<Value>(value: Value, names: Names, direction: Direction): Value {
  return renameAny(value, names, direction) as Value;
}

function renameAny(value: unknown, names: Names, direction: Direction): unknown {
  if (Array.isArray(value)) return value.map((item) => renameAny(item, names, direction));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => renameMember(name, member, names, direction)),
  );
}

function renameMember(
  name: string,
  member: unknown,
  { members = {}, values = {}, inside = {}, each }: Names,
  direction: Direction,
): [string, unknown] {
  const next = counterpart(name, members, direction);
  const inCode = direction === 'toItem' ? name : next;
  if (typeof member === 'string') return [next, counterpart(member, valuesOf(values, inCode), direction)];
  const within = each ?? (Object.hasOwn(inside, inCode) ? inside[inCode] : undefined);
  return [next, within ? renameAny(member, within, direction) : member];
}

function valuesOf(values: NonNullable<Names['values']>, name: string): Readonly<Record<string, string>> {
  return (Object.hasOwn(values, name) ? values[name] : undefined) ?? {};
}

function counterpart(name: string, names: Readonly<Record<string, string>>, direction: Direction): string {
  for (const [inCode, inItem] of Object.entries(names)) {
    if (direction === 'toItem' && name === inCode) return inItem;
    if (direction === 'fromItem' && name === inItem) return inCode;
  }
  return name;
}
