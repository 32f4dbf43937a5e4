import type { DomainEvent } from '../events.ts';
import type { Context } from '../kernel/context.ts';
import { personOf } from '../person.ts';
import { nearestRun, SHORTEST_ID } from './naming.ts';
import { independentRuns } from './parts.ts';
import { stopTasks } from './stopping.ts';

type Stop = Extract<Extract<DomainEvent, { type: 'operator' }>['request'], { command: 'stop' }>;

/** A person stops a run, named by its id, the beginning of it, or its task. */
export function stopByPerson(ctx: Context, request: Stop): { reason: string; refused?: boolean } {
  const open = independentRuns(ctx).filter((run) => run.state !== 'ended');
  const isLong = request.run.length >= SHORTEST_ID;
  const all = open.filter((run) => (isLong && run.id.startsWith(request.run)) || run.task === request.run);
  // What is being stopped already is hardly meant where another one is not.
  const going = all.filter((run) => run.endsAs === undefined);
  const named = going.length > 0 ? going : all;
  const [run, another] = named;
  if (!run) {
    const choices = open.map(({ task, id }) => `${task} ${id}`).join(', ') || 'none';
    const ids = open.map(({ id }) => id);
    const hint = nearestRun(request.run, [...new Set(open.map(({ task }) => task))], ids);
    const reason = `no run ${request.run} of ${ctx.app.name} is in progress: open runs are ${choices}${hint}`;
    return { reason, refused: true };
  }
  if (another) {
    const choices = named.map(({ id }) => id).join(', ');
    return { reason: `"${request.run}" matches several runs: choose one of ${choices}`, refused: true };
  }
  if (run.endsAs === undefined) run.stoppedBy = personOf(request);
  return { reason: stopTasks(ctx, run, 'stopped', `${request.who} stopped it`) };
}
