import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { revisionName } from '../revision.ts';
import { namesOf } from '../uses.ts';
import { note } from './notes.ts';
import { proceed } from './proceeding.ts';
import { tasksOfRelease } from './releaseTasks.ts';

/** A new revision exists: it becomes the target of what it was made for. */
export function registered(
  ctx: Context,
  release: ReleaseDraft,
  what: readonly string[],
  { revision, droppedTags }: { readonly revision: string; readonly droppedTags: readonly string[] },
): string {
  if (droppedTags.length > 0) {
    const name = revisionName(revision);
    note(
      release,
      `${name} has 50 tags, the most that ECS allows: these tags of its base are left out: ${droppedTags.join(', ')}`,
    );
  }
  const [services, tasks] = [namesOf(what, 'service'), namesOf(what, 'task')];
  for (const rollout of release.services) if (services.includes(rollout.service)) rollout.target = revision;
  for (const run of tasksOfRelease(ctx, release)) if (tasks.includes(run.task)) run.revision = revision;
  proceed(ctx);
  return `registered ${revisionName(revision)}`;
}
