import { defineCommand } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { atMost, required } from '../reading.ts';
import { print } from '../surroundings.ts';

const SHELL = '/bin/sh';

export const exec = defineCommand({
  usage: 'exec APP [--service NAME] [--task ID] [--container NAME] [-- COMMAND]',
  summary: 'print the AWS CLI command that opens a shell in a running task',
  options: {
    service: { type: 'string', value: 'NAME', about: 'a service of the app; default: any' },
    task: {
      type: 'string',
      value: 'ID',
      about: 'a task, or the beginning of its id; default: the newest healthy one',
    },
    container: { type: 'string', value: 'NAME', about: "default: the app's first container" },
  },
  rest: ['-- COMMAND', `the command; default: ${SHELL}`],
  examples: ['fairway exec web', 'fairway exec web --container web -- ps aux'],
  read({ words, text, rest = [] }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const [service, task, container] = [text('service'), text('task'), text('container')];
    const wanted = {
      ...(service === undefined ? {} : { service }),
      ...(task === undefined ? {} : { task }),
      ...(container === undefined ? {} : { container }),
    };
    return async (context) => {
      const { attempting, openApp, reportCalls } = await import('../operations/app.ts');
      const { readTasks, TASK_CALLS } = await import('../operations/tasks.ts');
      const { commandOf, execLine, taskToEnter } = await import('../operations/execLine.ts');
      const { around, options } = context;
      const command = rest.length > 0 ? commandOf(rest) : SHELL;
      const { app: known, connection, aws } = await openApp(app, context);
      const doing = `find a task of ${app}`;
      const tasks = await attempting(doing, connection, () => readTasks(known, aws));
      reportCalls(TASK_CALLS, connection, context);
      const found = taskToEnter(known, tasks, { command, ...wanted });
      if ('refused' in found) throw new Failure(exitCode.failed, found.refused);
      const own = known.services.find((one) => one.name === found.service)?.containers[0];
      const line = execLine(
        known,
        found,
        { ...(own === undefined ? {} : { container: own }), command, ...wanted },
        connection,
      );
      print(around.out, options.json ? JSON.stringify({ task: found, line }, null, 2) : line);
      return exitCode.done;
    };
  },
});
