import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { personOf } from '../person.ts';
import type { Person } from '../release.ts';
import { failRelease } from './failing.ts';
import { hasSucceeded, isOfPhase, openTask, tasksOfRelease } from './releaseTasks.ts';
import { changedServices } from './rollingBack.ts';

/** A person ends the open release. What it changed rolls back. */
export function stopRelease(
  ctx: Context,
  release: ReleaseDraft,
  by: Person,
  how: string,
): { readonly reason: string; readonly refused?: boolean } {
  if (release.failure) return { reason: `v${release.number} is rolling back already`, refused: true };
  const cause = causeOf('person', `${by.who} ${how} v${release.number}.`);
  const { who: _, ...invocation } = personOf(by);
  failRelease(ctx, release, { cause, outcome: 'rolledBack', ...invocation });
  const parts = [
    `v${release.number} is stopped`,
    ...whatBecomesOfTasks(ctx, release),
    whatServicesDo(release),
  ];
  return { reason: parts.join('; ') };
}

function whatServicesDo(release: ReleaseDraft): string {
  const changed = changedServices(release);
  if (changed.length === 0) return 'no service was changed';
  return changed.every(({ state }) => state === 'failed')
    ? 'its services stay as they are until a person decides'
    : 'its services roll back';
}

/** People who cancel a migration want to know whether it still runs, and that nothing undoes what it did. */
function whatBecomesOfTasks(ctx: Context, release: ReleaseDraft): readonly string[] {
  const open = openTask(ctx, release);
  const done = tasksOfRelease(ctx, release).filter((run) => isOfPhase(run, 'before') && hasSucceeded(run));
  const stays = done.map(({ task }) => `${task} has run, and what it did stays`);
  if (!open) return stays;
  const { task: name, tasks } = open;
  const taskArn = tasks.at(-1)?.taskArn;
  const ends = `v${release.number} ends after that`;
  if (open.state === 'starting')
    return [...stays, `whether ${name} has started is unknown: it is stopped if ECS shows it; ${ends}`];
  const task = taskArn === undefined ? '' : ` (task ${taskArn.slice(taskArn.lastIndexOf('/') + 1)})`;
  return [...stays, `${name}${task} is being stopped, and what it has done by then stays; ${ends}`];
}
