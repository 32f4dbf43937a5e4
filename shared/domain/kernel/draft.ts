import type { App } from '../app.ts';
import type { Effect } from '../effects.ts';
import { memberOf } from '../member.ts';
import type { LedgerEntry } from '../operator.ts';
import type { Cause, Release } from '../release.ts';
import type { AppState, PendingEffect } from '../state.ts';

/** A deep copy that one decision may write to; nobody else sees it before the decision is made. */
export type Draft<T> = T extends (infer Item)[]
  ? Draft<Item>[]
  : T extends readonly (infer Item)[]
    ? Draft<Item>[]
    : T extends object
      ? { -readonly [Member in keyof T]: Draft<T[Member]> }
      : T;

/** One decision in the making. */
export interface Context {
  readonly state: Draft<AppState>;
  readonly app: App;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly freshId: string;
  readonly contended: boolean;
}

export type ReleaseDraft = Draft<Release>;

/** Makes sure that `effect` is pending. Asked for again while it may be under way, it is done once more after its answer. */
export function enqueue(
  ctx: Context,
  key: string,
  effect: Effect,
  options: { notBefore?: number } = {},
): void {
  const pending = ctx.state.outbox.find((entry) => entry.key === key);
  if (pending) {
    if (ctx.contended) pending.again = true;
    return;
  }
  ctx.state.outbox.push(newEntry(ctx, key, effect, options.notBefore));
}

/** Makes `effect` pending in place of an earlier one of the same key: for what is rendered or written whole. */
export function enqueueLatest(ctx: Context, key: string, effect: Effect): void {
  const pending = ctx.state.outbox.find((entry) => entry.key === key);
  if (!pending) {
    ctx.state.outbox.push(newEntry(ctx, key, effect));
    return;
  }
  pending.effect = structuredClone(effect) as Draft<Effect>;
  if (ctx.contended) pending.again = true;
}

/** Clocks of two functions may differ by this much: what is not due yet here may be due for who performs it. */
const CLOCK_SKEW = 60_000;

/** No function can have begun to perform it. */
export function isUnsent({ now, contended }: Context, entry: Draft<PendingEffect>): boolean {
  if (entry.attempt > 0) return false;
  return !contended || (entry.notBefore ?? 0) > now + CLOCK_SKEW;
}

export function cancelEffects(ctx: Context, unwanted: (effect: Draft<PendingEffect>) => boolean): void {
  ctx.state.outbox = ctx.state.outbox.filter((entry) => !unwanted(entry));
}

function newEntry(ctx: Context, key: string, effect: Effect, notBefore?: number): Draft<PendingEffect> {
  const entry: Draft<PendingEffect> = {
    key,
    effect: structuredClone(effect) as Draft<Effect>,
    attempt: 0,
    // What is put off has not been tried for as long as it waits.
    since: Math.max(ctx.now, notBefore ?? 0),
  };
  if (notBefore !== undefined) entry.notBefore = notBefore;
  return entry;
}

/** Has the release's message brought up to date in every channel of the app. */
export function announceRelease(ctx: Context, release: ReleaseDraft): void {
  for (const channel of ctx.app.channels) {
    const effect = {
      kind: 'announceRelease',
      channel,
      releaseId: release.id,
      release: release.number,
    } as const;
    enqueueLatest(ctx, `say:${channel}:${release.id}`, effect);
  }
}

/** Tells every channel of the app something that is not about a release. */
export function announceApp(
  ctx: Context,
  topic: string,
  severity: 'info' | 'warning' | 'failure',
  sentence: string,
): void {
  for (const channel of ctx.app.channels) {
    const effect = { kind: 'announceApp', channel, topic, severity, sentence, at: ctx.now } as const;
    enqueue(ctx, keyOfNews(ctx, `tell:${channel}:${topic}:${ctx.now}`, sentence), effect);
  }
}

/** Two different sentences of one topic and one moment are two announcements. */
function keyOfNews(ctx: Context, key: string, sentence: string): string {
  const taken = ({ key: other, effect }: Draft<PendingEffect>) =>
    other === key && effect.kind === 'announceApp' && effect.sentence !== sentence;
  return ctx.state.outbox.some(taken) ? keyOfNews(ctx, `${key}+`, sentence) : key;
}

/** Writes a push's outcome to the ledger. Only what a release did to an image overwrites an earlier entry. */
export function recordPush(
  ctx: Context,
  image: { readonly tag: string; readonly digest: string; readonly pushedAt?: number },
  outcome: string,
  reason: string,
  options: { release?: number; overwrite?: boolean } = {},
): void {
  const entry: Draft<LedgerEntry> = {
    app: ctx.app.name,
    tag: image.tag,
    digest: image.digest,
    at: ctx.now,
    outcome,
    reason,
  };
  if (options.release !== undefined) entry.release = options.release;
  if (image.pushedAt !== undefined) entry.pushedAt = image.pushedAt;
  const overwrite = options.overwrite ?? false;
  const key = `push:${image.tag}@${image.digest}`;
  const pending = ctx.state.outbox.find((other) => other.key === key);
  if (pending && !overwrite) return;
  enqueueLatest(ctx, key, { kind: 'recordPush', entry, overwrite });
}

/** A cause that Fairway itself found, rather than read from a stopped task. */
export function causeOf(
  kind: string,
  sentence: string,
  evidence: readonly string[] = [],
  canHeal = false,
): Cause {
  return { kind, sentence, evidence, canHeal };
}

/** Remembers a deployment as one of Fairway's or of those it has looked at: the others are foreign. */
export function rememberDeployment(ctx: Context, service: string, deploymentId: string): void {
  if (knowsDeployment(ctx, service, deploymentId)) return;
  const known = memberOf(ctx.state.knownDeployments, service) ?? [];
  ctx.state.knownDeployments[service] = [deploymentId, ...known].slice(0, 6);
}

/** Whether a deployment is one of Fairway's, or was judged before. */
export function knowsDeployment({ state }: Context, service: string, deploymentId: string): boolean {
  return memberOf(state.knownDeployments, service)?.includes(deploymentId) ?? false;
}
