import type { DomainEvent } from '../events.ts';
import { announceApp, ask, type Turn } from '../kernel/draft.ts';
import { personOf } from '../person.ts';
import type { Trigger } from '../release.ts';
import { holdInstead } from '../releases/holding.ts';
import { adopt } from '../releases/pushes.ts';
import { cancelLookUp } from '../releases/rollbackEnds.ts';
import { rollback, warningOfCancel } from '../releases/rollbacks.ts';
import { stopRelease } from '../releases/stopping.ts';
import { discardWaiting, nameOfCandidate, whatWaits } from '../releases/waiting.ts';
import { runByPerson } from '../runs/asking.ts';
import { stopByPerson } from '../runs/stopping.ts';
import type { Hold } from '../state.ts';

type Request = Extract<DomainEvent, { type: 'operator' }>['request'];
type Of<Command extends Request['command']> = Extract<Request, { command: Command }>;

/** What a person asked for. `refused` requests change nothing. */
export function operator(turn: Turn, request: Request): { reason: string; refused?: boolean } {
  switch (request.command) {
    case 'deploy':
      return deploy(turn, request);
    case 'rollback':
      return rollback(turn, request);
    case 'hold':
      return holdApp(turn, request);
    case 'resume':
      return resume(turn, request);
    case 'cancel':
      return cancel(turn, request);
    case 'run':
      return runByPerson(turn, request);
    case 'stop':
      return stopByPerson(turn, request);
  }
}

function refused(reason: string) {
  return { reason, refused: true };
}

function deploy(turn: Turn, request: Of<'deploy'>) {
  const { state } = turn;
  const { tag, who } = request;
  const refusal = whyNoDeploy(turn, request);
  if (refusal !== undefined) return refused(refusal);
  if (state.adoptedAt === undefined) adopt(turn);
  const trigger = state.hold
    ? passing(turn, request, state.hold)
    : { kind: 'deploy' as const, ...personOf(request) };
  ask(turn, `inspect:deploy:${tag ?? ''}:${who}${state.hold ? ':despiteHold' : ''}`, {
    kind: 'inspectImage',
    ...(tag === undefined ? {} : { tag }),
    trigger,
    source: 'operator',
  });
  return { reason: whatHappens(turn, tag) };
}

/** The explicit way past a hold is announced with its reason. The hold stays. */
function passing(turn: Turn, request: Of<'deploy'>, hold: Hold): Trigger {
  const { app } = turn;
  const { tag, who, reason = '' } = request;
  const what = tag ?? 'the newest image';
  const despite = `despite the hold by ${hold.by} (${hold.reason})`;
  const sentence = `${who} deploys ${what} to ${app.name} ${despite}: ${reason}. ${app.name} stays held.`;
  announceApp(turn, 'despiteHold', 'warning', sentence);
  return { kind: 'deploy', ...personOf(request), despiteHold: { reason, placedAt: hold.at } };
}

function whyNoDeploy({ state, app }: Turn, { tag, despiteHold, reason }: Of<'deploy'>): string | undefined {
  const { hold } = state;
  if (!despiteHold) {
    const again = `fairway deploy ${app.name}${tag === undefined ? '' : ` ${tag}`}`;
    return (
      hold &&
      `${app.name} is held by ${hold.by} (${hold.reason}): \`fairway resume ${app.name}\` first, or \`${again} --despite-hold --reason …\``
    );
  }
  if (!reason?.trim()) return 'a deploy despite a hold needs a reason, for everyone who is notified of it';
  return hold ? undefined : `${app.name} is not held: deploy without --despite-hold`;
}

/** What a person can expect of a deploy, before its image is looked up. */
function whatHappens({ state, app }: Turn, tag: string | undefined): string {
  const { release, ordered, waiting } = state;
  const deploys = `deployed to ${app.name}${release ? `, after v${release.number}` : ''}`;
  const place = ordered ? `, in place of ${nameOfCandidate(ordered)}` : '';
  const then = waiting ? `; ${nameOfCandidate(waiting)}, waits and has its turn after that` : '';
  if (tag === undefined) return `the newest image will be ${deploys}${place}${then}`;
  if (release && !release.failure && release.image.tag === tag)
    return `${tag} is being released as v${release.number}; another image that it names by now will be ${deploys}${place}${then}`;
  return `${tag}, if ${app.image.repository} has it, will be ${deploys}${place}${then}`;
}

function holdApp(turn: Turn, request: Of<'hold'>) {
  const { state, app } = turn;
  if (state.hold) return refused(`${app.name} is held already, by ${state.hold.by}: ${state.hold.reason}`);
  announceApp(turn, 'held', 'warning', `${request.who} holds ${app.name}: ${request.reason}`);
  holdInstead(turn, request, request.reason);
  const open = state.release
    ? `; v${state.release.number} goes on, \`fairway cancel ${app.name}\` stops it`
    : '';
  return { reason: `${app.name} is held: nothing deploys until it is resumed${open}` };
}

function resume(turn: Turn, request: Of<'resume'>) {
  const { state, app } = turn;
  const { who } = request;
  if (!state.hold) return refused(`${app.name} is not held`);
  delete state.hold;
  const then = request.discardWaiting ? discard(turn, who) : whatStarts(turn);
  announceApp(turn, 'resumed', 'info', `${who} resumed ${app.name}${then}.`);
  // What runs now is what the app is at: it is looked at before anything starts on top of it.
  if (!state.release) adopt(turn);
  return { reason: `${app.name} is resumed${then}` };
}

function discard(turn: Turn, who: string): string {
  const discarded = discardWaiting(turn, who, 'discarded');
  return discarded === undefined ? ': nothing waited' : `; discarded: ${discarded}`;
}

/** What a resumed app starts, and in which order. */
function whatStarts({ state }: Turn): string {
  const [first, ...others] = whatWaits(state).map(nameOfCandidate);
  if (first === undefined) return ': nothing waits';
  const after = state.release ? `v${state.release.number}` : 'a look at what runs';
  return `: ${[`${first}, starts after ${after}`, ...others.map((name) => `then ${name}`)].join('; ')}`;
}

function cancel(turn: Turn, request: Of<'cancel'>) {
  const { release } = turn.state;
  const { app } = turn;
  if (release) {
    const warning = warningOfCancel(release);
    const { reason, ...more } = stopRelease(turn, release, request, 'cancelled');
    return { reason: `${reason}${warning}`, ...more };
  }
  const rollback = cancelLookUp(turn, request.who);
  const waited = discardWaiting(turn, request.who, 'cancelled');
  const cancelled = [rollback, waited].filter((what) => what !== undefined).join('; ');
  if (cancelled === '') return refused(`${app.name} has no release under way and nothing that waits`);
  return { reason: `cancelled: ${cancelled}` };
}
