import { advance } from '../advance.ts';
import type { App } from '../domain/app.ts';
import { memberOf } from '../domain/member.ts';
import { scheduleName } from '../domain/runs/schedules.ts';
import { missedTimes } from '../domain/schedules/missedSchedules.ts';
import type { Runtime } from '../runtime.ts';

/** Compares schedules with the calls that arrived. A new schedule is only remembered. */
export async function findMissedRuns(runtime: Runtime, app: App): Promise<void> {
  const memories = (await runtime.store.load(app.name))?.state.schedules ?? {};
  for (const task of app.tasks.filter(({ schedule }) => schedule !== undefined)) {
    const memory = memberOf(memories, task.name);
    const known = memory?.schedule === scheduleName(task);
    const missed = memory && known ? missedTimes(task, memory, runtime.now()) : [];
    if (known && missed.length === 0) continue;
    await advance(runtime, app, { type: 'scheduleChecked', task: task.name, missed });
  }
  const scheduled = app.tasks.flatMap(({ name, schedule }) => (schedule ? [name] : []));
  for (const task of Object.keys(memories).filter((name) => !scheduled.includes(name)))
    await advance(runtime, app, { type: 'scheduleChecked', task, missed: [] });
}
