import { counted } from '../counted.ts';
import { explained } from '../diagnosis/lastLines.ts';
import { announceRelease } from '../kernel/announcing.ts';
import type { Context, Draft, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import { type LogTail, shownTail } from '../logs.ts';
import type { Cause } from '../release.ts';
import { tasksToRead } from '../runs/ending.ts';
import { tasksOfRelease } from './releaseTasks.ts';

/** Stopped tasks whose lines are read: the first ones show why. */
const MOST_READ = 3;

/** The last lines of what failed: of the release task, or of the first tasks that stopped, as far as they are known or were found. */
export function askForLines(ctx: Context, release: ReleaseDraft, found?: readonly string[]): void {
  const { service, task } = release.failure ?? {};
  const run = tasksOfRelease(ctx, release).find((other) => other.task === task);
  const rollout = release.services.find((other) => other.service === service);
  const revision = run ? run.revision : rollout?.target;
  const stopped = found ?? stoppedOf(rollout);
  const taskArns = run ? tasksToRead(run).taskArns : stopped.slice(0, MOST_READ);
  if (revision === undefined || taskArns.length === 0) return;
  const { container } = release.failure?.cause ?? {};
  enqueue(ctx, `lines:${release.id}`, {
    kind: 'readLines',
    of: 'release',
    id: release.id,
    revision,
    taskArns,
    ...(container === undefined ? {} : { container }),
  });
}

/** That which the cause is of before the others: its lines explain it. */
function stoppedOf(rollout: ReleaseDraft['services'][number] | undefined): readonly string[] {
  if (!rollout) return [];
  const { causeTask, stoppedTasks } = rollout;
  const others = stoppedTasks.filter((taskArn) => taskArn !== causeTask);
  return causeTask === undefined ? others : [causeTask, ...others];
}

/** The last lines of what failed: they belong to its message and its history. */
export function linesRead(ctx: Context, id: string, tail: LogTail): string {
  const { release: open, ended } = ctx.state;
  const release = [...(open ? [open] : []), ...ended].find((other) => other.id === id);
  if (!release?.failure) return 'the release is in the history already';
  release.failure.tail = structuredClone(shownTail(tail)) as Draft<LogTail>;
  release.failure.cause = structuredClone(explained(release.failure.cause as Cause, tail)) as Draft<Cause>;
  announceRelease(ctx, release);
  if (release.end) enqueue(ctx, `release:${id}`, { kind: 'recordRelease', releaseId: id });
  return `read ${counted(tail.lines.length, 'line')}`;
}
