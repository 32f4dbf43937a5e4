import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import type { RunningTask } from '../operations/tasks.ts';
import { atMost, required } from '../reading.ts';
import { ago, type Style, styleFor, table } from '../style.ts';
import { print } from '../surroundings.ts';

export const tasks = defineCommand({
  usage: 'tasks APP',
  summary: 'list the running tasks of every service, with your own credentials',
  examples: ['fairway tasks web', 'fairway tasks web --json'],
  read({ words }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    return async (context) => {
      const { attempting, openApp, reportCalls } = await import('../operations/app.ts');
      const { readTasks, TASK_CALLS } = await import('../operations/tasks.ts');
      const { clock } = await import('../answering.ts');
      const { around, options } = context;
      const opened = await openApp(app, context);
      const { connection, aws } = opened;
      const found = await attempting(`list the tasks of ${app}`, connection, () =>
        readTasks(opened.app, aws),
      );
      reportCalls(TASK_CALLS, connection, context);
      const now = await clock(connection, around);
      const style = styleFor(around.out.isTTY ?? false, around.env);
      print(
        around.out,
        options.json ? JSON.stringify({ app, tasks: found }, null, 2) : tasksText(app, found, now, style),
      );
      return exitCode.done;
    };
  },
});

/** A row for each task. */
export function tasksText(app: string, found: readonly RunningTask[], now: number, style: Style): string {
  if (found.length === 0) return `${app} has no running task`;
  const rows = found.map((task) => [
    task.id,
    task.service,
    task.revision,
    task.status,
    healthText(task, style),
    task.startedAt === undefined ? 'starting' : ago(task.startedAt, now),
    task.zone ?? '-',
    task.capacity,
  ]);
  const heading = ['TASK', 'SERVICE', 'REVISION', 'STATUS', 'HEALTH', 'STARTED', 'ZONE', 'CAPACITY'];
  return table(heading, rows, style).join('\n');
}

function healthText({ health }: RunningTask, style: Style): string {
  if (health === 'healthy') return style.good(health);
  return health === 'unhealthy' ? style.bad(health) : health;
}
