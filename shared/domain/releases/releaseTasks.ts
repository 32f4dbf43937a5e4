// A release task is a run whose owner is a release.
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import type { RunOwner } from '../run.ts';
import type { RunDraft } from '../runs/parts.ts';
import { stopTasks } from '../runs/stopping.ts';
import { note } from './notes.ts';

/** The runs that a release owns: its tasks, in the order in which they run. */

type Phase = Extract<RunOwner, { kind: 'release' }>['phase'];

export function tasksOfRelease({ state }: Context, { id }: ReleaseDraft): RunDraft[] {
  return state.runs.filter(({ owner }) => owner.kind === 'release' && owner.release === id);
}

export function isOfPhase({ owner }: RunDraft, phase: Phase): boolean {
  return owner.kind === 'release' && owner.phase === phase;
}

export function hasSucceeded({ outcome }: RunDraft): boolean {
  return outcome === 'succeeded';
}

/** Gives a new release its runs. */
export function addTasks(
  { state }: Context,
  { id, number, startedAt, deadline }: ReleaseDraft,
  phase: Phase,
  tasks: readonly { readonly name: string; readonly container: string }[],
): void {
  for (const { name, container } of tasks)
    state.runs.push({
      id: `${id}/${name}`,
      task: name,
      owner: { kind: 'release', release: id, number, phase },
      askedAt: startedAt,
      state: 'queued',
      container,
      count: 1,
      attempt: 0,
      earlier: [],
      tasks: [],
      deadline,
      lookedAt: startedAt,
    });
}

/** The task that a release has in progress, if any: release tasks run one after the other. */
export function openTask(ctx: Context, release: ReleaseDraft): RunDraft | undefined {
  return tasksOfRelease(ctx, release).find(({ state }) => state !== 'queued' && state !== 'ended');
}

/** The release has failed: its task is stopped, or looked for where it is unknown whether it was started. */
export function abandonTask(ctx: Context, release: ReleaseDraft): void {
  const { failure } = release;
  const run = openTask(ctx, release);
  if (!run || !failure) return;
  const isLate = failure.task === run.task && failure.cause.kind === 'timeout';
  stopTasks(ctx, run, isLate ? 'timedOut' : 'stopped', failure.cause.sentence);
  if (run.state === 'ended') noteEnding(release, run);
}

/** What a failed release says of its task besides the cause of its failure. */
export function noteEnding(release: ReleaseDraft, { reason }: RunDraft): void {
  if (reason !== undefined) note(release, reason);
}

/** How the tasks ended that were in progress when the release failed, a sentence each. */
export function endingsOf(ctx: Context, release: ReleaseDraft): readonly string[] {
  return tasksOfRelease(ctx, release).flatMap(({ endsAs, state, reason }) =>
    endsAs !== undefined && state === 'ended' && reason !== undefined ? [reason] : [],
  );
}

/** What a failed release waits for. */
export function waitsFor({ task, state }: RunDraft): string {
  if (state === 'starting') return `Fairway is checking whether ${task} has started.`;
  return `${task} is being stopped.`;
}
