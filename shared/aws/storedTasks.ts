import type { Release } from '../domain/release.ts';
import type { AppState } from '../domain/state.ts';
import { readEntry, type StoredEntry, storedEntry } from './storedStarts.ts';
import { runOf, type StoredRelease, storedTaskOf } from './storedTask.ts';

/**
 * Release tasks as items have them: as a part of their release, and with separate effects. The first versions did not
 * have them as runs, and read what this one writes while CloudFormation replaces one function after the other.
 */

/** A state whose release tasks are parts of their releases. */
export type StoredState = Omit<AppState, 'release' | 'ended' | 'outbox'> & {
  readonly release?: StoredRelease;
  readonly ended: readonly StoredRelease[];
  readonly outbox: readonly StoredEntry[];
};

/** Takes the runs of releases back into them. */
export function withinReleases(state: AppState): StoredState {
  const { release, ended, runs, outbox } = state;
  const whole = (one: Release): StoredRelease => ({
    ...one,
    tasks: runs.flatMap((run) => storedTaskOf(run, one.id) ?? []),
  });
  return {
    ...state,
    ...(release && { release: whole(release) }),
    ended: ended.map(whole),
    runs: runs.filter(({ owner }) => owner.kind !== 'release'),
    outbox: outbox.map(storedEntry),
  };
}

/** Makes runs of the release tasks, before the others. */
export function asRuns(state: StoredState): AppState {
  const { release, ended, runs, outbox } = state;
  const releases = [...(release ? [release] : []), ...ended];
  const ofReleases = releases.flatMap((one) => (one.tasks ?? []).map((task) => runOf(one, task)));
  return {
    ...state,
    ...(release && { release: withoutTasks(release) }),
    ended: ended.map(withoutTasks),
    runs: [...ofReleases, ...runs],
    outbox: outbox.map((entry) => readEntry(entry, ofReleases)),
  };
}

function withoutTasks({ tasks: _, ...release }: StoredRelease): Release {
  return release;
}
