import { announceApp } from '../kernel/announcing.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { OperatorRequest } from '../operator.ts';
import { personOf } from '../person.ts';
import type { Person } from '../release.ts';
import type { LiveImage } from '../state.ts';
import { holdForPerson } from './holding.ts';
import { blockedEntry, liveImageNamed, rollbackTarget, tagLeftRunning, wasReleasedAs } from './liveImages.ts';
import { nameOfBadImage, rolledBackFrom } from './rollbackEnds.ts';
import { stopRelease } from './stopping.ts';
import { pendingRollback } from './waiting.ts';

/** Rollbacks by people. Each holds the app: automation must not undo what a person did. */

type Request = Extract<OperatorRequest, { command: 'rollback' }>;
type Reply = { readonly reason: string; readonly refused?: boolean };

export function rollback(ctx: Context, request: Request): Reply {
  const { release } = ctx.state;
  const under = underWay(ctx);
  if (under) return again(ctx, request, under);
  if (release) return endOpenRelease(ctx, request, release);
  const target = isNamed(request) ? liveImageNamed(ctx.state, request) : rollbackTarget(ctx.state);
  if (!target) return { reason: noTarget(ctx, request), refused: true };
  return returnTo(ctx, request, target);
}

function isNamed({ to, tag }: Request): boolean {
  return to !== undefined || tag !== undefined;
}

function returnTo(ctx: Context, request: Request, target: Draft<LiveImage>): Reply {
  const { app } = ctx;
  const { who, to } = request;
  const { tag, digest } = target;
  const release = wasReleasedAs(target, to) ? to : target.release;
  const where = nameOf({ ...target, release });
  const more = `${alreadyLive(ctx, target)}${warningOf(ctx, target)}`;
  holdFor(
    ctx,
    request,
    `${who} rolls ${app.name} back to ${where}: nothing deploys until \`fairway resume ${app.name}\`.${more}`,
  );
  enqueue(ctx, `inspect:rollback:${digest}`, {
    kind: 'inspectImage',
    tag,
    digest,
    trigger: { kind: 'rollback', ...personOf(request), ...(release === undefined ? {} : { to: release }) },
    source: 'operator',
  });
  return { reason: `${app.name} rolls back to ${where} and is held.${more}` };
}

/** What ECS runs may be another image all the same: it is looked up before anything changes. */
function alreadyLive({ state }: Context, { tag, digest }: LiveImage): string {
  if (state.live?.digest !== digest || tagLeftRunning(state) !== undefined) return '';
  return ` ${tag} is live already: if every service still runs it, nothing is changed.`;
}

function warningOf(ctx: Context, target: LiveImage): string {
  const spent = blockedEntry(ctx.state, target);
  return spent === undefined ? '' : ` Warning: ${target.tag} ${spent.how}.`;
}

interface UnderWay {
  readonly tag: string;
  readonly digest: string;
  readonly who: string;
  readonly release?: ReleaseDraft;
}

/** A rollback that is open, or whose image is looked up. */
function underWay({ state }: Context): UnderWay | undefined {
  const { release } = state;
  if (release?.trigger.kind === 'rollback')
    return { tag: release.image.tag, digest: release.image.digest, who: release.trigger.who, release };
  const pending = pendingRollback(state);
  if (!pending) return undefined;
  return { tag: pending.tag ?? '', digest: pending.digest ?? '', who: pending.trigger.who };
}

/** A rollback while another one is in progress: both people want the same image gone. */
function again(ctx: Context, request: Request, { tag, digest, who: first, release }: UnderWay): Reply {
  const { app, state } = ctx;
  const { who } = request;
  const from = release && rolledBackFrom(ctx, release);
  if (release?.failure) {
    const what = `v${release.number}, the rollback to ${tag}, ${release.failure.outcome === 'rolledBack' ? 'was canceled' : 'failed'}`;
    const returns = from === undefined ? '' : ` and ${app.name} returns to ${from}`;
    return { reason: `${what}${returns}: roll back once it has ended`, refused: true };
  }
  const already = `${app.name} is already rolling back to ${tag}${release ? ` (v${release.number})` : ''}, as ${first} asked`;
  if (isNamed(request) && liveImageNamed(state, request)?.digest !== digest)
    return { reason: `${already}: \`fairway cancel ${app.name}\` first`, refused: true };
  if (!state.hold)
    holdFor(ctx, request, `${already}. ${who} holds ${app.name} until \`fairway resume ${app.name}\`.`);
  return { reason: already };
}

/** An open release has not replaced what was live yet: ending it is the rollback. */
function endOpenRelease(ctx: Context, request: Request, release: ReleaseDraft): Reply {
  const { app, state } = ctx;
  const { who } = request;
  const name = `v${release.number}`;
  if (isNamed(request))
    return { reason: `${name} is in progress: \`fairway cancel ${app.name}\` first`, refused: true };
  const before = release.previous ? ` to ${release.previous.tag}` : '';
  const held = `nothing deploys until \`fairway resume ${app.name}\`.`;
  if (release.failure) {
    if (!state.hold)
      holdFor(ctx, request, `${name} is already rolling back${before}. ${who} holds ${app.name}: ${held}`);
    return { reason: `${name} is already rolling back${before}, and ${app.name} is held` };
  }
  holdFor(ctx, request, `${who} rolls ${app.name} back${before}: ${held}`);
  return stopRelease(ctx, release, request, 'rolled back');
}

function holdFor(ctx: Context, by: Person, sentence: string): void {
  announceApp(ctx, 'held', 'warning', sentence);
  holdForPerson(ctx, by, 'rolled back by hand');
}

function noTarget(ctx: Context, { to, tag }: Request): string {
  const { app, state } = ctx;
  const known = state.liveHistory.map((image) => {
    const how = blockedEntry(state, image)?.how;
    return how === undefined ? nameOf(image) : `${nameOf(image)}, which ${how}`;
  });
  const choices = known.length > 0 ? `it was live with ${known.join('; ')}` : 'nothing was live yet';
  const wanted = tag ?? (to === undefined ? undefined : `v${to}`);
  if (wanted !== undefined) return `${app.name} was never live as ${wanted}: ${choices}`;
  return `${app.name} has no earlier image to roll back to: ${choices}`;
}

function nameOf({ tag, release }: { readonly tag: string; readonly release?: number | undefined }): string {
  return release === undefined ? `${tag} (from before Fairway)` : `${tag} (v${release})`;
}

/** What runs once an open release is canceled, where that is the image that was rolled back from. */
export function warningOfCancel(ctx: Context, release: ReleaseDraft): string {
  const from = rolledBackFrom(ctx, release);
  return from === undefined ? '' : `; ${nameOfBadImage(from)}, will run again, and the app is held`;
}
