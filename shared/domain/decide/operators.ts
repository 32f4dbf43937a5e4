import type { App } from '../app.ts';
import { clip } from '../bounds.ts';
import { defined, pick } from '../defined.ts';
import { DEPLOYING_SETTINGS, FORCED_BY } from '../deployingSettings.ts';
import type { DomainEvent } from '../events.ts';
import { lastStop, whyHeld } from '../hold.ts';
import type { ImageName } from '../image.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context } from '../kernel/context.ts';
import { lookAtWhatRuns } from '../kernel/deployments.ts';
import { enqueueLatest } from '../kernel/outbox.ts';
import { personOf } from '../person.ts';
import { redact } from '../redaction/redact.ts';
import type { Again, Trigger } from '../release.ts';
import { holdForPerson, liftHold } from '../releases/holding.ts';
import { continuePause } from '../releases/pauses.ts';
import { cancelLookUp } from '../releases/rollbackEnds.ts';
import { rollback, warningOfCancel } from '../releases/rollbacks.ts';
import { stopRelease } from '../releases/stopping.ts';
import {
  discardWaiting,
  nameOfCandidate,
  namesOfLookUps,
  whatWaits,
  whyNoRoom,
} from '../releases/waiting.ts';
import { runByPerson } from '../runs/asking.ts';
import { stopByPerson } from '../runs/stoppedByPerson.ts';
import type { Hold } from '../state.ts';

type Request = Extract<DomainEvent, { type: 'operator' }>['request'];
type Of<Command extends Request['command']> = Extract<Request, { command: Command }>;

type Reply = { readonly reason: string; readonly refused?: boolean };

const MOST_ANSWERED = 10;
/** Characters of an answer that is kept. */
const LONGEST_ANSWER = 500;
/** Characters of the settings of one order, as JSON: the app's item holds them until they are sent. */
const LONGEST_SETTINGS = 12_000;

/**
 * What a person asked for. `refused` requests change nothing. A request is carried out once: where DynamoDB's answer to
 * the write was lost, and the item was written again since, the same request is decided on once more.
 */
export function operator(ctx: Context, request: Request): Reply {
  const { answeredRequests = [] } = ctx.state;
  const { requestId } = request;
  const earlier = answeredRequests.find((answered) => answered.requestId === requestId);
  if (earlier) return { reason: earlier.reason };
  const reply = carryOut(ctx, request);
  if (reply.refused || requestId === undefined) return reply;
  const answered = { requestId, reason: clip(reply.reason, LONGEST_ANSWER) };
  ctx.state.answeredRequests = [answered, ...answeredRequests].slice(0, MOST_ANSWERED);
  return reply;
}

function carryOut(ctx: Context, request: Request): Reply {
  switch (request.command) {
    case 'deploy':
      return deploy(ctx, request);
    case 'rollback':
      return rollback(ctx, request);
    case 'hold':
      return holdApp(ctx, request);
    case 'resume':
      return resume(ctx, request);
    case 'cancel':
      return cancel(ctx, request);
    case 'continue':
      return continuePause(ctx, request);
    case 'run':
      return runByPerson(ctx, request);
    case 'stop':
      return stopByPerson(ctx, request);
  }
}

function refused(reason: string) {
  return { reason, refused: true };
}

function deploy(ctx: Context, request: Of<'deploy'>) {
  const { state } = ctx;
  const { who } = request;
  const refusal = whyNoDeploy(ctx, request);
  if (refusal !== undefined) return refused(refusal);
  const { tag, digest } = imageOf(ctx, request);
  if (state.adoptedAt === undefined) lookAtWhatRuns(ctx);
  const trigger = state.hold
    ? passing(ctx, request, state.hold)
    : { kind: 'deploy' as const, ...personOf(request), ...again(request) };
  const key = `inspect:deploy:${tag ?? ''}:${who}${state.hold ? ':despiteHold' : ''}${keyOfMore(request)}`;
  const look = {
    kind: 'inspectImage' as const,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    trigger,
    source: 'operator' as const,
  };
  const full = whyNoRoom(ctx, key, look);
  if (full !== undefined) return refused(full);
  enqueueLatest(ctx, key, look);
  const stopped = stopForNext(ctx, request);
  const then = whatHappens(ctx, request);
  return { reason: stopped === undefined ? then : `${stopped}; ${then}` };
}

/** Stops the open release, if another image is to take its place at once. Answers what becomes of it. */
function stopForNext(ctx: Context, request: Of<'deploy'>): string | undefined {
  const { release, waiting } = ctx.state;
  const { now, tag } = request;
  // Without a tag, only a push that waits is known to be another image.
  const isOther = tag === undefined ? waiting !== undefined : release?.image.tag !== tag;
  if (!now || !release || release.failure || !isOther) return undefined;
  return stopRelease(ctx, release, request, `deploys ${tag ?? 'the newest image'} now, instead of`).reason;
}

function again(request: Of<'deploy'>): Again {
  return defined(pick(request, 'live', 'restart', 'bases', 'settings'));
}

/** What comes with the image makes it another order: none takes the place of another while ECR is asked. */
function keyOfMore(request: Of<'deploy'>): string {
  const more = Object.keys(again(request));
  return more.length === 0 ? '' : `:${[...more, request.requestId ?? ''].join(':')}`;
}

/** The image of an order; neither tag nor digest: the newest one. */
function imageOf({ state }: Context, { tag, live }: Of<'deploy'>): Partial<ImageName> {
  if (!live || !state.live) return tag === undefined ? {} : { tag };
  return { tag: state.live.tag, digest: state.live.digest };
}

/** The explicit way past a hold is announced with its reason. The hold stays. */
function passing(ctx: Context, request: Of<'deploy'>, hold: Hold): Trigger {
  const { app } = ctx;
  const { tag, live, who, reason = '' } = request;
  const what = live ? 'the live image again' : (tag ?? 'the newest image');
  const despite = `despite the hold by ${hold.by} (${whyHeld(hold)})`;
  const sentence = `${who} deploys ${what} to ${app.name} ${despite}: ${reason}. ${app.name} stays held.`;
  announceApp(ctx, 'despiteHold', 'warning', sentence);
  return {
    kind: 'deploy',
    ...personOf(request),
    ...again(request),
    despiteHold: { reason, placedAt: lastStop(hold) },
  };
}

function whyNoDeploy({ state, app }: Context, request: Of<'deploy'>): string | undefined {
  const { hold } = state;
  const { live, despiteHold, reason, settings } = request;
  if (live && !state.live) return `${app.name} has no live image yet: push one first`;
  const refusal = settings && whyNotSettings(settings, app);
  if (refusal !== undefined) return refusal;
  if (!despiteHold)
    return (
      hold &&
      `${app.name} is held by ${hold.by} (${whyHeld(hold)}): \`fairway resume ${app.name}\` first${orDespite(app, request)}`
    );
  if (!reason?.trim()) return 'a deploy despite a hold needs a reason, for everyone who is notified of it';
  return hold ? undefined : `${app.name} is not held: deploy without --despite-hold`;
}

/** `apply` has no way past a hold. */
function orDespite({ name }: App, { tag, live, restart }: Of<'deploy'>): string {
  if (live && !restart) return '';
  const command = restart ? `restart ${name}` : `deploy ${name}${tag === undefined ? '' : ` ${tag}`}`;
  return `, or \`fairway ${command} --despite-hold --reason …\``;
}

/** Settings are kept in the app's item until they are sent: it is small, and has no secrets. */
function whyNotSettings(
  settings: NonNullable<Again['settings']>,
  { name, services }: App,
): string | undefined {
  const unknown = Object.keys(settings).find((one) => services.every((service) => service.name !== one));
  if (unknown !== undefined)
    return `${name} has no service ${unknown}: deploy the stack with this fairway.yml first`;
  const other = Object.values(settings).flatMap(({ to, from }) => [
    ...otherMembers(to),
    ...otherMembers(from),
  ])[0];
  if (other !== undefined) return `a release does not change ${other} of a service`;
  const text = JSON.stringify(settings);
  if (text.length > LONGEST_SETTINGS)
    return `the settings have ${text.length} characters, and at most ${LONGEST_SETTINGS} are ordered at once: apply fewer services with --only`;
  const secret = Object.entries(settings).find(
    ([, { to, from }]) => redact(to) !== to || redact(from) !== from,
  );
  return secret && `the settings of ${secret[0]} contain what looks like a secret: change them by hand`;
}

/** Who may deploy may not change the rest: scaling, ECS Exec and so on. */
function otherMembers(settings: string): readonly string[] {
  const known = [...DEPLOYING_SETTINGS, FORCED_BY.with];
  return Object.keys(JSON.parse(settings)).filter((member) => !known.includes(member));
}

/** What a person can expect of a deploy, before its image is looked up. */
function whatHappens({ state, app }: Context, { tag, live, restart }: Of<'deploy'>): string {
  const { release, ordered, waiting } = state;
  const deploys = `deployed to ${app.name}${release ? `, after v${release.number}` : ''}`;
  const place = ordered ? `, in place of ${nameOfCandidate(ordered)}` : '';
  const then = waiting ? `; ${nameOfCandidate(waiting)}, waits and has its turn after that` : '';
  if (live) {
    const what = restart ? 'restarted with' : 'deployed again:';
    return `${app.name} will be ${what} ${state.live?.tag ?? 'the live image'}${release ? `, after v${release.number}` : ''}${place}${then}`;
  }
  if (tag === undefined) return `the newest image will be ${deploys}${place}${then}`;
  if (release && !release.failure && release.image.tag === tag)
    return `${tag} is being released as v${release.number}; another image that it names by now will be ${deploys}${place}${then}`;
  return `${tag}, if ${app.image.repository} has it, will be ${deploys}${place}${then}`;
}

function holdApp(ctx: Context, request: Of<'hold'>) {
  const { state, app } = ctx;
  if (state.hold) return refused(`${app.name} is held already, by ${state.hold.by}: ${whyHeld(state.hold)}`);
  announceApp(ctx, 'held', 'warning', `${request.who} holds ${app.name}: ${request.reason}`);
  holdForPerson(ctx, request, request.reason);
  const open = state.release
    ? `; v${state.release.number} goes on, \`fairway cancel ${app.name}\` stops it`
    : '';
  return { reason: `${app.name} is held: nothing deploys until it is resumed${open}` };
}

function resume(ctx: Context, request: Of<'resume'>) {
  const { state, app } = ctx;
  const { who } = request;
  if (!state.hold) return refused(`${app.name} is not held`);
  liftHold(ctx);
  const then = request.discardWaiting ? discard(ctx, who) : whatStarts(ctx);
  announceApp(ctx, 'resumed', 'info', `${who} resumed ${app.name}${then}.`);
  // Fairway checks what runs before anything starts on top of it.
  if (!state.release) lookAtWhatRuns(ctx);
  return { reason: `${app.name} is resumed${then}` };
}

function discard(ctx: Context, who: string): string {
  const discarded = discardWaiting(ctx, who, 'discarded');
  return discarded === undefined ? ': nothing waited' : `; discarded: ${discarded}`;
}

/** What a resumed app starts, and in which order. */
function whatStarts({ state }: Context): string {
  const [first, ...others] = whatWaits(state).map(nameOfCandidate);
  const lookedUp = namesOfLookUps(state).map((name) => `; ${name}, is being looked up`);
  if (first === undefined) return `: nothing waits${lookedUp.join('')}`;
  const after = state.release ? `v${state.release.number}` : 'a look at what runs';
  return `: ${[`${first}, starts after ${after}`, ...others.map((name) => `then ${name}`)].join('; ')}${lookedUp.join('')}`;
}

function cancel(ctx: Context, request: Of<'cancel'>) {
  const { release } = ctx.state;
  const { app } = ctx;
  if (release) {
    const warning = warningOfCancel(ctx, release);
    const { reason, ...more } = stopRelease(ctx, release, request, 'canceled');
    return { reason: `${reason}${warning}`, ...more };
  }
  const rollback = cancelLookUp(ctx, request.who);
  const waited = discardWaiting(ctx, request.who, 'canceled');
  const canceled = [rollback, waited].filter((what) => what !== undefined).join('; ');
  if (canceled === '') return refused(`${app.name} has no release in progress and nothing that waits`);
  return { reason: `canceled: ${canceled}` };
}
