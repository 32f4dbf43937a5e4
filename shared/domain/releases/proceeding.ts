import { announceRelease, ask, type ReleaseDraft, type Turn } from '../kernel/draft.ts';
import { endLive } from './ending.ts';
import { closeStep, openStep } from './steps.ts';

/**
 * Takes the open release as far as what is known allows. Called after every change;
 * it derives what comes next from the release alone, so that calling it twice is harmless.
 */
export function proceed(turn: Turn): string {
  const release = turn.state.release;
  if (!release) return 'no release is open';
  if (release.failure) return 'the release has failed';
  switch (release.step) {
    case 'preparing':
      return leavePreparing(turn, release);
    case 'migrating':
      return runTasks(turn, release, 'before');
    case 'rolling':
      return roll(turn, release);
    case 'verifying':
      return runTasks(turn, release, 'after');
    case 'rollingBack':
      return 'going back';
  }
}

function leavePreparing(turn: Turn, release: ReleaseDraft): string {
  const ready =
    release.services.every((rollout) => rollout.state === 'unchanged' || rollout.target !== undefined) &&
    release.tasks.every((run) => run.revision !== undefined);
  if (!ready) return 'preparing';
  closeStep(release, 'prepare', 'done', turn.now);
  release.step = 'migrating';
  return proceed(turn);
}

/** Release tasks run one after the other, in the order of the configuration. */
function runTasks(turn: Turn, release: ReleaseDraft, phase: 'before' | 'after'): string {
  const run = release.tasks.find((other) => other.phase === phase && other.state !== 'succeeded');
  if (!run) return phase === 'before' ? startRolling(turn, release) : endLive(turn, release);
  if (run.state !== 'pending') return `${run.name} is under way`;
  const task = [...turn.app.before, ...turn.app.after].find((other) => other.name === run.name);
  if (!task || run.revision === undefined) return skip(turn, release, run.name);
  run.state = 'starting';
  run.startedAt = turn.now;
  release.deadline = turn.now + task.timeout;
  openStep(release, run.name, turn.now);
  askToRun(turn, release, run);
  announceRelease(turn, release);
  return `${run.name} starts`;
}

/** The configuration has changed since the release began. */
function skip(turn: Turn, release: ReleaseDraft, name: string): string {
  release.tasks = release.tasks.filter((run) => run.name !== name);
  for (const step of release.steps) if (step.name === name) step.state = 'skipped';
  release.notes.push(`${name} was taken out of fairway.yml meanwhile: skipped`);
  return proceed(turn);
}

export function askToRun(
  turn: Turn,
  release: ReleaseDraft,
  run: ReleaseDraft['tasks'][number],
  notBefore?: number,
): void {
  if (run.revision === undefined) return;
  ask(
    turn,
    `run:${run.name}:${run.attempt}`,
    {
      kind: 'runTask',
      task: run.name,
      revision: run.revision,
      releaseId: release.id,
      attempt: run.attempt,
      ...(run.place && { place: run.place }),
      firstAt: notBefore ?? turn.now,
    },
    notBefore === undefined ? {} : { notBefore },
  );
}

function startRolling(turn: Turn, release: ReleaseDraft): string {
  release.step = 'rolling';
  openStep(release, 'roll', turn.now);
  return roll(turn, release);
}

/** Services of one wave change together; the next wave waits until all of them are live. */
function roll(turn: Turn, release: ReleaseDraft): string {
  const left = release.services.filter(
    (rollout) => rollout.state !== 'live' && rollout.state !== 'unchanged',
  );
  if (left.length === 0) return startVerifying(turn, release);
  const wave = Math.min(...left.map((rollout) => rollout.wave));
  const ready = left.filter((rollout) => rollout.wave === wave && rollout.state === 'pending');
  if (ready.length === 0) return `wave ${wave} is rolling`;
  release.deadline = turn.now + turn.app.timeouts.rollout;
  for (const rollout of ready) {
    if (rollout.target === undefined || !rollout.before) continue;
    rollout.state = 'updating';
    ask(turn, `update:${rollout.service}`, {
      kind: 'updateService',
      service: rollout.service,
      revision: rollout.target,
      expected: rollout.before.deploymentId,
      ...(rollout.before.changedAt === undefined ? {} : { expectedAt: rollout.before.changedAt }),
    });
  }
  announceRelease(turn, release);
  return `wave ${wave} rolls: ${ready.map((rollout) => rollout.service).join(', ')}`;
}

function startVerifying(turn: Turn, release: ReleaseDraft): string {
  closeStep(release, 'roll', 'done', turn.now);
  release.step = 'verifying';
  return runTasks(turn, release, 'after');
}
