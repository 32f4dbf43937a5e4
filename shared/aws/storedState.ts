import { initialState } from '../domain/decide.ts';
import { memberOf, setMember } from '../domain/member.ts';
import { remembered } from '../domain/remembered.ts';
import type { IndependentRun } from '../domain/run.ts';
import type { AppState } from '../domain/state.ts';
import { asRuns, type StoredState, withinReleases } from './storedTasks.ts';
import { withoutUnknownEffects, withUnknownEffects } from './unknown.ts';

/**
 * An app's state as its item has it. CloudFormation does not replace all functions at once, so for a while earlier code
 * reads what this code has written. So a version writes the form that the one before it reads, and reads both:
 *
 * | schema | names | release tasks | written by |
 * |---|---|---|---|
 * | 1 | those of the first versions | as parts of their releases | 0.1 and 0.2 |
 * | 2 | those of the code | as runs | 0.3 |
 *
 * A new member needs no new form: code that does not know it keeps it.
 */
export type SchemaVersion = 1 | 2;

/** The form that this version writes. */
export const SCHEMA_WRITTEN: SchemaVersion = 1;

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

const RUN: Names = { members: { owner: 'trigger' } };

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
    runs: RUN,
    outbox: {
      members: { reported: 'told' },
      inside: { effect: { values: { kind: { rollBack: 'putBack' } } } },
    },
    schedules: { each: { members: { reportedMissingAt: 'toldMissingAt' } } },
    alerts: { inside: { alerts: ALERT } },
  },
};

/** The same names, by what is renamed. */
interface Renaming {
  readonly members: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly inside: ReadonlyMap<string, Renaming>;
  readonly each?: Renaming;
}

type Direction = 'toItem' | 'fromItem';

function renamingOf({ members = {}, values = {}, inside = {}, each }: Names, direction: Direction): Renaming {
  const nameOf = (inCode: string) =>
    direction === 'toItem' ? inCode : (memberOf(members, inCode) ?? inCode);
  return {
    members: counterparts(members, direction),
    values: mapOf(values, (name, names) => [nameOf(name), counterparts(names, direction)]),
    inside: mapOf(inside, (name, names) => [nameOf(name), renamingOf(names, direction)]),
    ...(each && { each: renamingOf(each, direction) }),
  };
}

function counterparts(names: Readonly<Record<string, string>>, direction: Direction): Map<string, string> {
  return mapOf(names, (inCode, inItem) => (direction === 'toItem' ? [inCode, inItem] : [inItem, inCode]));
}

function mapOf<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  entryOf: (name: string, value: Value) => [string, Mapped],
): Map<string, Mapped> {
  return new Map(Object.entries(record).map(([name, value]) => entryOf(name, value)));
}

const TO_ITEM = renamingOf(STATE, 'toItem');
const FROM_ITEM = renamingOf(STATE, 'fromItem');

/** The form of an item, by its attribute. Items of the first versions have none. Throws for a form that is not read. */
export function schemaOf(item: string, stored: string | undefined): SchemaVersion {
  if (stored === undefined || stored === '1') return 1;
  if (stored === '2') return 2;
  throw new Error(
    `failed to read ${item}: its schema version is ${stored}, and this version of Fairway reads 1 and 2. Deploy the version that wrote it, or the one before that.`,
  );
}

/** The state as an item of this form has it. */
export function toItem(state: AppState, schema: SchemaVersion = SCHEMA_WRITTEN): unknown {
  const whole = withUnknownEffects(state);
  return schema === 1 ? renamed(withinReleases(whole), TO_ITEM) : whole;
}

/** Items are often read again before they change: for the next event, which may change nothing, and by the sweep. */
const MEMORY = { longest: 400 * 1024, most: 20 };

/** What an earlier version did not know is as for an app that was never seen. */
const READERS: { readonly [Schema in SchemaVersion]: (json: string) => AppState } = {
  1: remembered((json) => {
    const stored: StoredState = Object(renamed(JSON.parse(json), FROM_ITEM));
    return withoutUnknownEffects(asRuns({ ...initialState(''), ...stored }));
  }, MEMORY),
  2: remembered((json) => withoutUnknownEffects({ ...initialState(''), ...JSON.parse(json) }), MEMORY),
};

/** The state in an item's JSON. */
export function fromItem(json: string, schema: SchemaVersion = 1): AppState {
  return READERS[schema](json);
}

const RUN_TO_ITEM = renamingOf(RUN, 'toItem');
const RUN_FROM_ITEM = renamingOf(RUN, 'fromItem');

/** A run of the history as an item of this form has it. */
export function runToItem(run: IndependentRun, schema: SchemaVersion = SCHEMA_WRITTEN): unknown {
  return schema === 1 ? renamed(run, RUN_TO_ITEM) : run;
}

/** The run in an item's JSON. Both names are read, whatever its form. */
export function runFromItem(json: string): IndependentRun {
  return Object(renamed(JSON.parse(json), RUN_FROM_ITEM));
}

function renamed(value: unknown, names: Renaming): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    setMember(result, names.members.get(name) ?? name, renamedMember(name, member, names));
  }
  return result;
}

function renamedMember(name: string, member: unknown, { values, inside, each }: Renaming): unknown {
  if (typeof member === 'string') return values.get(name)?.get(member) ?? member;
  const within = each ?? inside.get(name);
  return within ? renamed(member, within) : member;
}
