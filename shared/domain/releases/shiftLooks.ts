import type { DomainEvent } from '../events.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueueLatest } from '../kernel/outbox.ts';
import { SECOND_LOOK } from '../observations.ts';
import type { Cause, Release } from '../release.ts';
import type { ShiftRequest } from '../requests.ts';
import { note } from './notes.ts';
import { isUnderWay } from './pauses.ts';

/**
 * When ECS is asked how far deployments have come whose traffic shifts. It sends no events for their stages, so that
 * they are checked once a minute: the bounded exception to "no polling". One that waits for a person is not.
 */

type Rollout = Release['services'][number];

/** How often an open one is checked, unless it waits for a person. */
export const SHIFT_LOOK = 60_000;
/** How far the clocks of Fairway and ECS may differ. */
const SKEW = 60_000;

/** Rollouts whose service deployments are due for a check. */
function openShifts(release: Release): readonly Rollout[] {
  return release.services.filter(
    (rollout) => isUnderWay(rollout) && (rollout.shift !== undefined || (rollout.pauses ?? []).length > 0),
  );
}

/** When the open release's shifts are due for a check; undefined: none is open. */
export function shiftsDueAt(release: Release): number | undefined {
  const times = openShifts(release).map((rollout) => dueAtOf(release, rollout));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Nothing happens before the timeout of a pause, unless its event says so. */
function dueAtOf({ shiftsLookedAt = 0 }: Release, { pauses = [] }: Rollout): number {
  const soon = shiftsLookedAt + SHIFT_LOOK;
  const ends = pauses.flatMap(({ expiresAt, continuedBy }) =>
    continuedBy === undefined ? (expiresAt ?? []) : [],
  );
  return ends.length === 0 || pauses.length > ends.length ? soon : Math.max(soon, Math.min(...ends));
}

/** The sweep came by. Answers why it looks; undefined: nothing is due. */
export function lookAtDueShifts(ctx: Context, release: ReleaseDraft): string | undefined {
  const due = shiftsDueAt(release);
  if (due === undefined || ctx.now < due) return undefined;
  askShifts(ctx, release, openShifts(release));
  return 'traffic shifts: looking how far it is';
}

/** ECS may have something new to say of them. */
export function lookAtShifts(ctx: Context, release: ReleaseDraft): void {
  const open = openShifts(release);
  if (open.length > 0) askShifts(ctx, release, open);
}

/** The same, also of rolling deployments: they may wait for a person, and the event of that may have been lost. */
export function lookForPauses(
  ctx: Context,
  release: ReleaseDraft,
  options: { notBefore?: number } = {},
): void {
  const pausing = release.services.filter((rollout) => isUnderWay(rollout) && rollout.mayPause);
  const asked = [...new Set([...openShifts(release), ...pausing])];
  if (asked.length > 0) askShifts(ctx, release, asked, options);
}

/** AWS refused the look. A last one that was denied is repeated: it shows nothing. */
export function shiftsUnseen(ctx: Context, release: ReleaseDraft, { kind, sentence }: Cause): string {
  note(release, sentence);
  if (kind === 'accessDenied' && ctx.now >= release.deadline)
    lookForPauses(ctx, release, { notBefore: ctx.now + SECOND_LOOK });
  return sentence;
}

function askShifts(
  ctx: Context,
  release: ReleaseDraft,
  rollouts: readonly Rollout[],
  options: { notBefore?: number } = {},
): void {
  release.shiftsLookedAt = ctx.now;
  const shifts = rollouts.map((rollout) => requestOf(release, rollout));
  enqueueLatest(ctx, 'shifts', { kind: 'lookAtShifts', shifts }, options);
}

function requestOf(
  release: Release,
  { service, shift, deployedAt, pauses, rollbackRevision, rollbackDeployedAt }: Rollout,
): ShiftRequest {
  const orderedAt = shift?.orderedAt ?? deployedAt ?? release.startedAt;
  const isReturning = rollbackRevision !== undefined && shift?.stopping !== true;
  const since = ((isReturning ? rollbackDeployedAt : undefined) ?? orderedAt) - SKEW;
  const deployment = isReturning ? shift?.returning : (shift?.deployment ?? pauses?.[0]?.deployment);
  return { service, since, ...(deployment === undefined ? {} : { deployment }) };
}

/** A lifecycle hook of a deployment changed: a hint, like every event. */
export function hookChanged(ctx: Context, event: Extract<DomainEvent, { type: 'hookChanged' }>): string {
  const { release } = ctx.state;
  const rollout = release?.services.find(({ service }) => service === event.service);
  if (!release || !rollout || !isUnderWay(rollout)) return 'the deployment is not of an open rollout';
  askShifts(ctx, release, [...new Set([...openShifts(release), rollout])]);
  return `a hook of ${event.service} changed: looking`;
}
