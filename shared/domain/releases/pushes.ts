import type { DomainEvent } from '../events.ts';
import { type Image, shortDigest } from '../image.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { lookAtWhatRuns } from '../kernel/deployments.ts';
import { recordPush } from '../kernel/ledger.ts';
import { enqueue, enqueueLatest } from '../kernel/outbox.ts';
import type { Trigger } from '../release.ts';
import type { Candidate, Hold } from '../state.ts';
import { absorbOrdered, absorbWaiting, answerWithRelease, changesMore } from './absorbing.ts';
import { listSoon } from './listing.ts';
import { blockedEntry, blockImage } from './liveImages.ts';
import { mayBeNewer, type Rival, rankOf, rememberTag, rivalsOf, unordered } from './ranking.ts';
import { forgetTarget } from './seenTags.ts';
import { startRelease } from './starting.ts';
import { compareImages, judgeTag } from './tagPolicy.ts';
import type { Inspection } from './waiting.ts';
import { announceWaiting, nameOfCandidate, passes, stillDiscarded, whyNotNow } from './waiting.ts';

/** Images of an app that may wait to be looked up: ECR answers each within a second, unless it is throttled or down. */
const MOST_LOOK_UPS = 200;

/** A push was seen. The event is a hint: the tag is resolved again before anything is decided by it. */
export function pushed(ctx: Context, event: Extract<DomainEvent, { type: 'imagePushed' }>): string {
  const verdict = judgeTag(ctx.app.image, event.tag);
  forgetTarget(ctx, event.tag);
  if (event.notAnImage !== undefined) {
    // Of other tags no one expects anything.
    if (verdict.counts) recordPush(ctx, event, 'ignored', event.notAnImage);
    return event.notAnImage;
  }
  if (!verdict.counts) {
    recordPush(ctx, { ...event, pushedAt: event.at }, 'ignored', verdict.reason);
    return verdict.reason;
  }
  // An event was sent because of Fairway's own rule, so its image came after Fairway.
  if (ctx.state.adoptedAt === undefined) lookAtWhatRuns(ctx);
  // Who asks is part of the question: a person's order for the same tag is another one.
  const key = `inspect:push:${event.tag}`;
  const pending = ctx.state.outbox.find((entry) => entry.key === key)?.effect;
  if (!pending) refuseTooMany(ctx);
  const earlier = pending?.kind === 'inspectImage' ? pending : undefined;
  // Its event has everything there is to know of a push.
  const heard = event.source === 'event' || earlier?.source === 'event';
  if (event.source === 'event') listSoon(ctx);
  enqueueLatest(ctx, key, {
    kind: 'inspectImage',
    tag: event.tag,
    trigger: { kind: 'push' },
    source: heard ? 'event' : event.source,
    at: Math.max(earlier?.at ?? 0, event.at),
    ...(heard || !event.found ? {} : { found: event.found }),
    ...stillDiscarded(earlier, event.at),
  });
  return `looking up what ${event.tag} points to`;
}

/**
 * The item has room for so many pushes. Those beyond are refused, not forgotten: Lambda retries their events, and the
 * sweep finds what they were about.
 */
function refuseTooMany({ state, app }: Context): void {
  const waiting = state.outbox.filter(({ effect }) => effect.kind === 'inspectImage').length;
  if (waiting < MOST_LOOK_UPS) return;
  throw new Error(`failed to take a push of ${app.name}: ${waiting} images wait to be looked up in ECR`);
}

/** A pushed image that counts. `overwrite`: the ledger says something else of it by now. */
export function consider(
  ctx: Context,
  image: Image,
  { overwrite = false, found }: { readonly overwrite?: boolean; readonly found?: Inspection['found'] },
): string {
  const { state } = ctx;
  nameAdopted(ctx, image);
  const same = sameImage(ctx, image);
  if (same) {
    const rival = unordered(ctx, image, found);
    rememberTag(ctx, image);
    dropFormerTarget(ctx, image);
    if (rival) return leaveToPerson(ctx, image, rival, overwrite);
    recordPush(ctx, image, 'ignored', same, { overwrite });
    return same;
  }
  const spent = blockedEntry(state, image);
  if (spent) {
    const as = spent.release === undefined ? '' : ` as v${spent.release}`;
    const reason = `this image ${spent.how}${as}: \`fairway deploy ${ctx.app.name} ${image.tag}\` tries it again`;
    recordPush(ctx, image, 'ignored', reason, { overwrite });
    return reason;
  }
  const rival = unordered(ctx, image, found);
  if (rival) return leaveToPerson(ctx, image, rival, overwrite);
  const newer = newerThan(ctx, image);
  if (newer && mayBeNewer(ctx.app.image, image, newer)) return leaveToPerson(ctx, image, newer, overwrite);
  if (newer) {
    const reason = `${nameOf(newer)} is newer and ${newer.how}`;
    recordPush(ctx, image, 'superseded', reason, { overwrite });
    return reason;
  }
  return order(ctx, image, { kind: 'push' });
}

/** An image that was adopted by its digest alone has the tag of its push, which came later than its service. */
function nameAdopted({ state }: Context, { tag, digest, pushedAt }: Image): void {
  for (const known of [state.live, ...state.liveHistory])
    if (known?.digest === digest && known.tag === shortDigest(digest))
      Object.assign(known, { tag, pushedAt });
}

/** A push does not wait any longer once its tag points at another image. */
function dropFormerTarget(ctx: Context, { tag, digest }: Image): void {
  const former = ctx.state.waiting?.image;
  if (former === undefined || former.digest === digest || rankOf(former).tag !== tag) return;
  delete ctx.state.waiting;
  const reason = `${tag} points to another image now (${shortDigest(digest)})`;
  recordPush(ctx, former, 'superseded', reason, { overwrite: true });
}

/** An image that is to be released now, or as soon as it may. */
export function order(ctx: Context, image: Image, trigger: Trigger): string {
  const { state } = ctx;
  const { release } = state;
  const isSame = release && !release.failure && release.image.digest === image.digest;
  if (trigger.kind === 'deploy' && !changesMore(trigger) && isSame)
    return answerWithRelease(ctx, image.tag, trigger.who, release.number);
  const why = whyNotNow(ctx, trigger);
  if (why !== undefined) return wait(ctx, { image, trigger }, why);
  if (isOvertaken(ctx, image, trigger)) return lookUpLive(ctx, trigger);
  if (trigger.kind === 'rollback') spendLive(ctx, image, trigger.who);
  startRelease(ctx, image, trigger);
  absorbWaiting(ctx, image);
  if (trigger.kind === 'deploy') absorbOrdered(ctx, image);
  return `v${state.lastNumber} starts with ${image.tag}`;
}

/** Another image went live while the order for the live one waited. */
function isOvertaken({ state }: Context, { digest }: Image, trigger: Trigger): boolean {
  return (
    trigger.kind === 'deploy' &&
    trigger.live === true &&
    state.live !== undefined &&
    state.live.digest !== digest
  );
}

/** The order is for what is live now. */
function lookUpLive(ctx: Context, trigger: Trigger): string {
  const { tag = '', digest = '' } = ctx.state.live ?? {};
  enqueue(ctx, `inspect:live:${ctx.freshId}`, {
    kind: 'inspectImage',
    tag,
    digest,
    trigger,
    source: 'operator',
  });
  return `${tag} is live by now: it is looked up`;
}

/** What is rolled back from is not released again without a person's order. */
function spendLive({ state }: Context, { digest: target }: Image, who: string): void {
  if (!state.live || state.live.digest === target) return;
  const { digest, release } = state.live;
  const how = `was rolled back by ${who}`;
  blockImage(state, { digest, how, ...(release === undefined ? {} : { release }) });
}

function wait(ctx: Context, candidate: Candidate, why: string): string {
  const { image, trigger } = candidate;
  if (trigger.kind === 'push') replaceWaiting(ctx, candidate);
  else if (!replaceOrder(ctx, candidate)) return `${image.tag} does not wait: another order does`;
  recordPush(ctx, image, 'waiting', why, { overwrite: true });
  return `${image.tag} waits: ${why}`;
}

/** Among pushes the newest wins. */
function replaceWaiting(ctx: Context, { image, trigger }: Candidate): void {
  const earlier = ctx.state.waiting;
  ctx.state.waiting = structuredClone({ image, trigger }) as Draft<Candidate>;
  if (!earlier || earlier.image.digest === image.digest) return;
  const { pushedBefore = 0 } = earlier.image;
  if (image.pushedAt < pushedBefore) leaveToPerson(ctx, earlier.image, { ...image, how: 'waits' }, true);
  else recordPush(ctx, earlier.image, 'superseded', `${image.tag} came while it waited`, { overwrite: true });
}

/** The last order of people is carried out, but for one that a hold stops where another passes it. */
function replaceOrder(ctx: Context, order: Candidate): boolean {
  const { state } = ctx;
  const { ordered: earlier, hold } = state;
  const passesHold = !hold || passes(hold, order.trigger);
  if (earlier && keepsPlace(earlier, order, hold)) {
    turnAway(ctx, order, earlier);
    return false;
  }
  state.ordered = structuredClone(order) as Draft<Candidate>;
  if (earlier) turnAway(ctx, earlier, order);
  if (hold && !passesHold) announceWaiting(ctx, hold, order);
  return true;
}

/** The same image waits already, or a hold stops the later order and not the earlier one. */
function keepsPlace(earlier: Candidate, later: Candidate, hold: Hold | undefined): boolean {
  const [before, after] = [earlier, later].map(({ trigger }) => !hold || passes(hold, trigger));
  if (before !== after) return before === true;
  return earlier.image.digest === later.image.digest && !changesMore(later.trigger);
}

/** An order that does not start itself ends in the ledger, and its person is notified of what starts instead. */
function turnAway(ctx: Context, { image, trigger }: Candidate, winner: Candidate): void {
  if (trigger.kind === 'push') return;
  const { name } = ctx.app;
  const { tag, digest } = image;
  const asked = `${trigger.who} asked to deploy ${tag} to ${name}`;
  if (digest !== winner.image.digest) {
    const reason = `${nameOfCandidate(winner)}, replaced it while it waited`;
    recordPush(ctx, image, 'superseded', reason, { overwrite: true });
    const sentence = `${asked}: ${nameOfCandidate(winner)}, replaces it. \`fairway deploy ${name} ${tag}\` requests it again.`;
    announceApp(ctx, 'notDeployed', 'warning', sentence);
    return;
  }
  if (changesMore(trigger)) {
    const sentence = `${asked}: ${nameOfCandidate(winner)}, replaces it, without the changes that \`fairway apply\` ordered. Run it again.`;
    announceApp(ctx, 'notDeployed', 'warning', sentence);
    return;
  }
  const reason = `the same image waits as ${nameOfCandidate(winner)}`;
  if (tag !== winner.image.tag) recordPush(ctx, image, 'ignored', reason, { overwrite: true });
  announceApp(ctx, 'notDeployed', 'info', `${asked}: ${reason}.`);
}

/** Why this image needs no release: it is live, on its way, or waiting already. */
function sameImage(ctx: Context, image: Image): string | undefined {
  const { live, release, waiting } = ctx.state;
  if (release) {
    if (release.image.digest !== image.digest || release.failure) return waitsAlready();
    return `the same image is being released as v${release.number}`;
  }
  if (live?.digest === image.digest) return `the same image is live already, as ${live.tag}`;
  return waitsAlready();

  function waitsAlready(): string | undefined {
    if (waiting?.image.digest !== image.digest) return undefined;
    return `the same image waits already, as ${waiting.image.tag}`;
  }
}

/** This image comes too late: a newer one is live, on its way, or waiting. */
function newerThan(ctx: Context, image: Image): Rival | undefined {
  return rivalsOf(ctx.state).find((rival) => compareImages(ctx.app.image, rival, image) > 0);
}

function nameOf({ tag, digest }: Rival): string {
  return `${tag} (${shortDigest(digest)})`;
}

/** A late push must not move an app backwards, and a push must not end in silence: a person decides. */
function leaveToPerson(ctx: Context, image: Image, rival: Rival, overwrite: boolean): string {
  const { app } = ctx;
  const { tag } = rankOf(image);
  const reason = `its event was lost and its image is older than the tag, so it may be newer or older than ${nameOf(rival)}, which ${rival.how}: \`fairway deploy ${app.name} ${tag}\` releases it`;
  recordPush(ctx, image, 'ignored', reason, { overwrite });
  announceApp(ctx, 'orderUnknown', 'warning', `${tag} was not released to ${app.name}: ${reason}.`);
  return reason;
}

/** What waited may start, if nothing is in its way. Called whenever a release ends or a hold is lifted. */
export function startWaiting(ctx: Context): string | undefined {
  const { ordered, waiting } = ctx.state;
  if (ordered && whyNotNow(ctx, ordered.trigger) === undefined) {
    delete ctx.state.ordered;
    return order(ctx, ordered.image, ordered.trigger);
  }
  if (!waiting || whyNotNow(ctx, waiting.trigger) !== undefined) return undefined;
  delete ctx.state.waiting;
  return consider(ctx, waiting.image, { overwrite: true });
}
