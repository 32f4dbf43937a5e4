import { counted } from '../counted.ts';
import type { EffectOf } from '../effects.ts';
import { lastStop, whyHeld } from '../hold.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { cancelEffects } from '../kernel/outbox.ts';
import type { Trigger } from '../release.ts';
import type { AppState, Candidate, Hold } from '../state.ts';
import { blockImage } from './liveImages.ts';

/**
 * What waits, and for what. Newest wins among pushes. A person's order has a separate place: it is carried out
 * before the push that waits, which has its turn after it.
 */

export type Inspection = EffectOf<'inspectImage'>;

/** Items that earlier versions wrote keep an order by a person where pushes wait. */
export function separateOrders(state: Draft<AppState>): void {
  if (state.waiting === undefined || state.waiting.trigger.kind === 'push') return;
  state.ordered ??= state.waiting;
  delete state.waiting;
}

/** In the order in which they start. */
export function whatWaits({ ordered, waiting }: Draft<AppState>): Draft<Candidate>[] {
  return [ordered, waiting].filter((candidate) => candidate !== undefined);
}

/** Why a release may not start now; undefined: it may. */
export function whyNotNow({ state }: Context, trigger: Trigger): string | undefined {
  const { hold, release, ordered } = state;
  // A release that starts now would be taken for what ran before.
  if (state.adoptedAt === undefined) return 'what runs is not known yet';
  if (hold && !passes(hold, trigger)) return heldBecause(hold);
  if (release) return `v${release.number} is still in progress`;
  const rollback = trigger.kind === 'rollback' ? undefined : pendingRollback(state);
  if (rollback) return `${rollback.trigger.who} rolls the app back to ${rollback.tag}`;
  if (trigger.kind === 'push' && ordered) return `${nameOfCandidate(ordered)}, starts first`;
  return undefined;
}

/** A rollback passes every hold. A deploy passes what its person knew of. */
export function passes(hold: Hold, trigger: Trigger): boolean {
  if (trigger.kind === 'deploy') return trigger.despiteHold?.placedAt === lastStop(hold);
  return trigger.kind === 'rollback';
}

export function heldBecause(hold: Hold): string {
  return `the app is held by ${hold.by}: ${whyHeld(hold)}`;
}

type PendingRollback = Inspection & { readonly trigger: Extract<Trigger, { kind: 'rollback' }> };

/** A rollback whose image is being looked up. */
export function pendingRollback({ outbox }: Draft<AppState>): PendingRollback | undefined {
  for (const { effect } of outbox) {
    if (effect.kind !== 'inspectImage' || effect.trigger.kind !== 'rollback') continue;
    return { ...effect, trigger: effect.trigger };
  }
  return undefined;
}

/** "1.0.5, requested by ann". */
function nameOf({ tag, trigger }: { readonly tag: string; readonly trigger: Trigger }): string {
  return `${tag}, ${trigger.kind === 'push' ? 'which was pushed' : `requested by ${trigger.who}`}`;
}

export function nameOfCandidate({ image, trigger }: Candidate): string {
  return nameOf({ tag: image.tag, trigger });
}

/** A person whose order does not start is notified of the reason, and of what starts it. */
export function announceWaiting(ctx: Context, hold: Hold, order: Candidate): void {
  const { app } = ctx;
  const held = `${app.name} is held by ${hold.by} (${whyHeld(hold)})`;
  const sentence = `${nameOfCandidate(order)}, waits: ${held}. \`fairway resume ${app.name}\` starts it.`;
  announceApp(ctx, 'waiting', 'warning', sentence);
}

/** Nothing of it starts, and its people are notified. Answers what it was; undefined: nothing waited. */
export function discardWaiting(ctx: Context, who: string, how: string): string | undefined {
  const { state, app } = ctx;
  const reason = `${how} by ${who} while it waited`;
  const names = [...whatWaits(state).map(nameOfCandidate), ...dropLookups(ctx, reason)];
  for (const { image } of whatWaits(state)) recordPush(ctx, image, 'rejected', reason, { overwrite: true });
  if (state.waiting) reject(ctx, state.waiting, reason);
  delete state.ordered;
  delete state.waiting;
  if (names.length === 0) return undefined;
  const discarded = names.join(', and ');
  announceApp(ctx, 'cancelled', 'warning', `${who} ${how} ${discarded}, for ${app.name}.`);
  return discarded;
}

/** A push that was discarded while its image was looked up. */
export function rejectDiscarded(ctx: Context, candidate: Candidate, reason: string): string {
  recordPush(ctx, candidate.image, 'rejected', reason);
  reject(ctx, candidate, reason);
  return reason;
}

/** The event of a discarded push has come once more; a later one is another push. */
export function stillDiscarded(asked: Inspection | undefined, at: number): { discarded?: string } {
  const { discarded, at: last = 0 } = asked ?? {};
  return discarded === undefined || at > last ? {} : { discarded };
}

/** A pushed image that a person has rejected does not start when its event comes once more. */
function reject({ state }: Context, { image: { digest } }: Candidate, how: string): void {
  if ([state.live, ...state.liveHistory].some((known) => known?.digest === digest)) return;
  blockImage(state, { digest, how: `was rejected (${how})` });
}

/** Deploys and pushes whose image is still looked up. */
function lookUps({ outbox }: Draft<AppState>): Draft<Inspection>[] {
  return outbox.flatMap(({ effect }) =>
    effect.kind === 'inspectImage' && effect.trigger.kind !== 'rollback' && effect.discarded === undefined
      ? [effect]
      : [],
  );
}

/** Bytes of an app's item that orders may take until ECR shows their images: some 200 orders of usual length. */
const ROOM_FOR_ORDERS = 60_000;

/** Why the item has no room for the look-up of an order; undefined: it has. */
export function whyNoRoom({ state, app }: Context, key: string, order: Inspection): string | undefined {
  const pending = state.outbox.filter(
    ({ key: other, effect }) =>
      effect.kind === 'inspectImage' && effect.trigger.kind !== 'push' && other !== key,
  );
  const bytes = Buffer.byteLength(JSON.stringify({ key, order }));
  if (Buffer.byteLength(JSON.stringify(pending)) + bytes <= ROOM_FOR_ORDERS) return undefined;
  const ends = state.release ? ` once v${state.release.number} has ended` : '';
  return `${app.name} has no room for this order of ${counted(bytes, 'byte')}: ${counted(pending.length, 'order')} already wait to be looked up in ECR. Wait until ECR answers; \`fairway cancel ${app.name}\` drops them${ends}`;
}

/** "1.0.5, requested by ann", of each. */
export function namesOfLookUps(state: Draft<AppState>): string[] {
  return lookUps(state).map(({ tag = 'the newest image', trigger }) => nameOf({ tag, trigger }));
}

/** Of a push, only the answer shows which image it is: it is rejected then. */
function dropLookups(ctx: Context, reason: string): string[] {
  const dropped = namesOfLookUps(ctx.state);
  for (const effect of lookUps(ctx.state)) {
    const { tag, digest = 'unknown', trigger } = effect;
    if (trigger.kind === 'push') effect.discarded = reason;
    else if (tag !== undefined) recordPush(ctx, { tag, digest }, 'rejected', reason);
  }
  cancelEffects(ctx, ({ effect }) => effect.kind === 'inspectImage' && effect.trigger.kind === 'deploy');
  return dropped;
}
