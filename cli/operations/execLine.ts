import type { App } from '../../shared/domain/app.ts';
import type { Connection } from '../connection.ts';
import { shellWord } from '../shell.ts';
import type { RunningTask } from './tasks.ts';

/** The line of the AWS CLI that opens a shell in a task. */

export interface ExecWanted {
  readonly service?: string;
  /** The id of a task, or its beginning. */
  readonly task?: string;
  readonly container?: string;
  readonly command: string;
}

/** The task to enter: the newest one that runs and that ECS Exec can reach; a healthy one, if there is one. */
export function taskToEnter(
  { name }: App,
  tasks: readonly RunningTask[],
  { service, task }: ExecWanted,
): RunningTask | { readonly refused: string } {
  const meant = tasks.filter(
    (one) =>
      (service === undefined || one.service === service) && (task === undefined || one.id.startsWith(task)),
  );
  const running = meant.filter(({ status }) => status === 'running');
  const open = running.filter(({ exec }) => exec);
  const [chosen] = open.toSorted((a, b) => rank(b) - rank(a) || (b.startedAt ?? 0) - (a.startedAt ?? 0));
  if (chosen !== undefined) return chosen;
  const [closed] = running;
  if (closed === undefined)
    return { refused: `${name} has no such running task: \`fairway tasks ${name}\` lists them` };
  return {
    refused: `ECS Exec is off for the tasks of ${closed.service}: set enableExecuteCommand on the service, then \`fairway restart ${name}\``,
  };
}

/** Healthy tasks first, unhealthy ones last. */
function rank({ health }: RunningTask): number {
  return Number(health === 'healthy') - Number(health === 'unhealthy');
}

/** `aws ecs execute-command …`, quoted for a shell. */
export function execLine(
  { cluster }: App,
  task: RunningTask,
  { container = Object.keys(task.images)[0], command }: ExecWanted,
  { settings, local }: Connection,
): string {
  const words = [
    'aws ecs execute-command',
    `--cluster ${shellWord(cluster)}`,
    `--task ${shellWord(task.id)}`,
    ...(container === undefined ? [] : [`--container ${shellWord(container)}`]),
    ...(settings.region === undefined ? [] : [`--region ${shellWord(settings.region)}`]),
    ...(local === undefined ? [] : [`--endpoint-url ${shellWord(local)}`]),
    '--interactive',
    `--command ${shellWord(command)}`,
  ];
  return words.join(' ');
}

/** One word may be a whole line. Several are quoted, so that ECS splits them the same way. */
export function commandOf(words: readonly string[]): string {
  return words.length > 1 ? words.map(shellWord).join(' ') : words.join('');
}
