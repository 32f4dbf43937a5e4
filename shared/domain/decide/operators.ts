import type { DomainEvent } from '../events.ts';
import { runByPerson } from '../runs/asking.ts';
import { stopByPerson } from '../runs/stopping.ts';
import type { LiveImage } from '../state.ts';
import { openTask } from './abandoning.ts';
import { announceApp, ask, causeOf, type ReleaseDraft, recordPush, type Turn } from './draft.ts';
import { failRelease } from './ending.ts';
import { adopt } from './pushes.ts';

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
  const { state, app } = turn;
  if (state.hold) {
    return refused(
      `${app.name} is held by ${state.hold.by} (${state.hold.reason}): \`fairway resume ${app.name}\` first`,
    );
  }
  if (state.adoptedAt === undefined) adopt(turn);
  ask(turn, `inspect:${request.tag ?? 'newest'}`, {
    kind: 'inspectImage',
    ...(request.tag === undefined ? {} : { tag: request.tag }),
    trigger: { kind: 'deploy', who: request.who },
    source: 'operator',
  });
  const what =
    request.tag === undefined ? 'the newest image' : `${request.tag}, if ${app.image.repository} has it,`;
  const open = state.release ? `, after v${state.release.number}` : '';
  return { reason: `${what} will be deployed to ${app.name}${open}` };
}

/** Goes back to an image that was live, and holds: automation must not undo what a person did. */
function rollback(turn: Turn, request: Of<'rollback'>) {
  const { state, app, now } = turn;
  if (state.release && request.to !== undefined) {
    return refused(`v${state.release.number} is under way: \`fairway cancel ${app.name}\` first`);
  }
  const target = state.release ? undefined : targetOf(turn, request.to);
  if (!state.release && !target) return refused(noTarget(turn, request.to));

  state.hold = { by: request.who, reason: 'rolled back by hand', at: now };
  announceApp(
    turn,
    'held',
    'warning',
    `${request.who} rolled ${app.name} back: nothing deploys until \`fairway resume ${app.name}\`.`,
  );
  if (state.waiting) {
    recordPush(turn, state.waiting.image, 'waiting', `held by ${request.who}: rolled back by hand`, {
      overwrite: true,
    });
  }
  if (state.release) return stopRelease(turn, state.release, request.who, 'rolled back');
  if (!target) return refused(noTarget(turn, request.to));
  const from = state.live;
  if (from?.release !== undefined) {
    const entry = { digest: from.digest, release: from.release, how: `was rolled back by ${request.who}` };
    state.spent = [entry, ...state.spent].slice(0, 50);
  }
  ask(turn, `inspect:${target.digest}`, {
    kind: 'inspectImage',
    tag: target.tag,
    digest: target.digest,
    trigger: {
      kind: 'rollback',
      who: request.who,
      ...(target.release === undefined ? {} : { to: target.release }),
    },
    source: 'operator',
  });
  return {
    reason: `${app.name} goes back to ${target.tag}${target.release === undefined ? '' : ` (v${target.release})`} and is held`,
  };
}

function targetOf(turn: Turn, to: number | undefined): LiveImage | undefined {
  const { live, proven } = turn.state;
  if (to !== undefined) return proven.find((image) => image.release === to);
  return proven.find((image) => image.digest !== live?.digest);
}

function noTarget(turn: Turn, to: number | undefined): string {
  const known = turn.state.proven.map((image) =>
    image.release === undefined ? image.tag : `v${image.release} (${image.tag})`,
  );
  const choices = known.length > 0 ? `it was live with ${known.join(', ')}` : 'nothing was live yet';
  return to === undefined
    ? `${turn.app.name} has no earlier image to go back to: ${choices}`
    : `${turn.app.name} was never live as v${to}: ${choices}`;
}

function holdApp(turn: Turn, request: Of<'hold'>) {
  const { state, app, now } = turn;
  if (state.hold) return refused(`${app.name} is held already, by ${state.hold.by}: ${state.hold.reason}`);
  state.hold = { by: request.who, reason: request.reason, at: now };
  announceApp(turn, 'held', 'warning', `${request.who} holds ${app.name}: ${request.reason}`);
  const open = state.release
    ? `; v${state.release.number} goes on, \`fairway cancel ${app.name}\` stops it`
    : '';
  return { reason: `${app.name} is held: nothing deploys until it is resumed${open}` };
}

function resume(turn: Turn, request: Of<'resume'>) {
  const { state, app } = turn;
  if (!state.hold) return refused(`${app.name} is not held`);
  delete state.hold;
  announceApp(turn, 'resumed', 'info', `${request.who} resumed ${app.name}.`);
  if (state.release) return { reason: `${app.name} is resumed` };
  // What runs now is what the app is at: it is looked at before anything starts on top of it.
  adopt(turn);
  const next = state.waiting ? `, then starting ${state.waiting.image.tag}` : '';
  return { reason: `${app.name} is resumed: looking at what runs${next}` };
}

function cancel(turn: Turn, request: Of<'cancel'>) {
  const { release, waiting } = turn.state;
  if (release) return stopRelease(turn, release, request.who, 'cancelled');
  if (!waiting) return refused(`${turn.app.name} has no release under way and nothing that waits`);
  recordPush(turn, waiting.image, 'rejected', `cancelled by ${request.who} while it waited`, {
    overwrite: true,
  });
  delete turn.state.waiting;
  return { reason: `${waiting.image.tag} no longer waits` };
}

function stopRelease(turn: Turn, release: ReleaseDraft, who: string, how: string) {
  if (release.failure) return refused(`v${release.number} is going back already`);
  const cause = causeOf('person', `${who} ${how} v${release.number}.`);
  failRelease(turn, release, { cause, outcome: 'rolledBack' });
  const open = openTask(release);
  if (open) return { reason: `v${release.number} is stopped: it ends once ${open.name} has stopped` };
  return { reason: `v${release.number} is stopped and goes back` };
}
