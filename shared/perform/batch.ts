import { type Effect, type EffectKind, isOfStore, urgencyOf } from '../domain/effects.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import type { Pace, PacedOperation } from '../ports.ts';
import type { Runtime } from '../runtime.ts';

/** What is performed next, and what of it side by side. */

/** An effect that was attempted this often waits for all others that are due. */
const KEEPS_FAILING = 3;
/** Effects that are performed side by side, so that all their answers are saved together. */
const LARGEST = 50;
/** Of those that waited for ECS's rates already: few of them will be possible at once. */
const LARGEST_THROTTLED = 10;
/** As long as the invocation waits for a call that ECS's rates allow later, milliseconds. */
const SOON = 10_000;

/** Effects of these kinds do not depend on others of their kind. What starts a task has its answer saved at once. */
const SIDE_BY_SIDE: ReadonlySet<EffectKind> = new Set<EffectKind>([
  'register',
  'updateService',
  'rollBack',
  'findCause',
  'countHealthy',
  'lookAtTask',
  'lookAtStopped',
  'lookAtTrouble',
  'lookForRecovery',
  'readLines',
  'readServiceDeployments',
  'announceRelease',
  'announceRun',
  'announceAlert',
]);

/** The operation by which an effect changes ECS, and which it therefore has to wait for. */
const OPERATIONS: { readonly [Kind in EffectKind]?: PacedOperation } = {
  register: 'RegisterTaskDefinition',
  updateService: 'UpdateService',
  rollBack: 'UpdateService',
  startRun: 'RunTask',
  stopTask: 'StopTask',
};

/** Effects that only read. */
const READS: ReadonlySet<EffectKind> = new Set<EffectKind>([
  'adopt',
  'inspectImage',
  'lookAtServices',
  'readBases',
  'lookAtTask',
  'readServiceDeployments',
  'findCause',
  'countHealthy',
  'readLines',
  'lookAtStopped',
  'lookAtTrouble',
  'lookForRecovery',
]);

/** Whether an effect changes nothing. */
export function isRead({ kind }: Effect): boolean {
  return READS.has(kind);
}

/** Whether an effect can be performed again without a look at whether it was performed before. */
export function isRepeatable(effect: Effect): boolean {
  return isRead(effect) || isOfStore(effect);
}

type Around = Pick<Runtime, 'now' | 'pace'>;

/** Whether there is something that this invocation can perform, now or after a short wait. */
export function hasMore(runtime: Around, state: AppState): boolean {
  return nextBatch(runtime, state).length > 0 || waitForRate(runtime, state) !== undefined;
}

/**
 * What is due and can be performed now: ECS before the ledger, the ledger before announcements, and what keeps failing
 * last. Several effects are of one kind.
 */
export function nextBatch(runtime: Around, { outbox }: AppState): readonly PendingEffect[] {
  const due = outbox.filter((entry) => isDue(entry, runtime.now())).toSorted((a, b) => rank(a) - rank(b));
  for (const first of due) {
    const { room } = paceOf(runtime, first.effect);
    if (room === 0) continue;
    const others = due.filter(
      (entry) => rank(entry) === rank(first) && areIndependent(first.effect, entry.effect),
    );
    if (others.length === 0) return [first];
    return onePerChannel(others).slice(0, Math.min(room, first.throttled ? LARGEST_THROTTLED : LARGEST));
  }
  return [];
}

/** Records go into separate items; of ECS's effects, those of one kind are about separate things. */
function areIndependent(one: Effect, other: Effect): boolean {
  if (isOfStore(one)) return isOfStore(other);
  return SIDE_BY_SIDE.has(one.kind) && one.kind === other.kind;
}

/**
 * After how many milliseconds this invocation can perform something that waits for ECS's rates. Undefined: nothing does,
 * or another invocation has to.
 */
export function waitForRate(runtime: Around, { outbox }: AppState): number | undefined {
  const waits = outbox.flatMap((entry) => {
    const { room, wait } = paceOf(runtime, entry.effect);
    if (room === 0 && wait === undefined) return [];
    const later = Math.max(0, (entry.notBefore ?? 0) - runtime.now());
    if (room === 0) return [Math.max(later, wait ?? 0)];
    return entry.throttled ? [later] : [];
  });
  const [soonest] = waits.toSorted((a, b) => a - b);
  return soonest !== undefined && soonest <= SOON ? soonest : undefined;
}

function paceOf(runtime: Around, { kind }: Effect): Pace {
  const operation = OPERATIONS[kind];
  return operation === undefined ? { room: Number.POSITIVE_INFINITY } : runtime.pace(operation);
}

function isDue({ notBefore = 0 }: PendingEffect, now: number): boolean {
  return notBefore <= now;
}

/** What keeps failing must not delay what a person has ordered, or the announcement that it fails. */
function rank({ effect, attempt }: PendingEffect): number {
  if (attempt >= KEEPS_FAILING) return Number.MAX_SAFE_INTEGER;
  return effect.kind === 'rollBack' ? -1 : urgencyOf(effect);
}

/** Slack accepts about one message per second and channel. Source: Slack's documentation, "Rate limits". */
function onePerChannel(entries: readonly PendingEffect[]): readonly PendingEffect[] {
  const channels = new Set<string>();
  return entries.filter(({ effect }) => {
    if (!('channel' in effect)) return true;
    const isFirst = !channels.has(effect.channel);
    channels.add(effect.channel);
    return isFirst;
  });
}
