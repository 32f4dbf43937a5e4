import { millisecondsOf } from '../../shared/config/duration.ts';
import { type Context, defineCommand, UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { ENDED_BY } from '../keyboard.ts';
import type { Line } from '../operations/logReader.ts';
import { atMost, required } from '../reading.ts';
import { type Style, styleFor } from '../style.ts';
import { print, printVerbatim } from '../surroundings.ts';

interface Wanted {
  readonly app: string;
  readonly follow: boolean;
  /** Milliseconds. */
  readonly since: number;
  readonly container?: string;
}

const SINCE = '10m';
/** Milliseconds between two looks, for each source: CloudWatch Logs allows a few calls a second. */
const BETWEEN = 2_000;
const EACH_SOURCE = 400;

export const logs = defineCommand({
  usage: 'logs APP [--follow] [--since 1h] [--container NAME]',
  summary: 'print the logs of the containers of all services, with your own credentials',
  options: {
    follow: { type: 'boolean', short: 'f', about: 'continue with new lines until Ctrl-C' },
    since: { type: 'string', value: 'TIME', about: `how far back, such as 90s or 1h; default: ${SINCE}` },
    container: { type: 'string', value: 'NAME', about: 'only this container' },
  },
  examples: ['fairway logs web', 'fairway logs web --since 1h --container web', 'fairway logs web --follow'],
  exitCodes: [['130, 143', 'with --follow: SIGINT or SIGTERM ended the command']],
  read({ words, flag, text }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const container = text('container');
    const wanted = {
      app,
      follow: flag('follow'),
      since: sinceOf(text('since') ?? SINCE),
      ...(container === undefined ? {} : { container }),
    };
    return (context) => printLogs(wanted, context);
  },
});

function sinceOf(text: string): number {
  const since = millisecondsOf(text);
  if (since === undefined) throw new UsageError(`--since "${text}" is not a time such as 90s, 30m or 1h`);
  return since;
}

async function printLogs({ app: name, since, follow, ...only }: Wanted, context: Context): Promise<number> {
  const { attempting, openApp, reportCalls } = await import('../operations/app.ts');
  const { missingContainer, readLogSources } = await import('../operations/logSources.ts');
  const { createLogReader } = await import('../operations/logReader.ts');
  const { clock } = await import('../answering.ts');
  const { around, options } = context;
  const { app, connection, aws } = await openApp(name, context);
  const doing = `read the logs of ${name}`;
  const region = connection.settings.region ?? '';
  const found = await attempting(doing, connection, () => readLogSources(app, { aws, region, ...only }));
  const { sources, elsewhere } = found;
  reportCalls(
    ['ecs:DescribeServices', 'ecs:DescribeTaskDefinition', 'logs:FilterLogEvents'],
    connection,
    context,
  );
  const missing = missingContainer(name, only.container, found);
  if (missing !== undefined) throw new Failure(exitCode.failed, missing);
  for (const where of elsewhere) print(around.err, where);
  const read = createLogReader(sources, aws, (await clock(connection, around)) - since);
  const show = options.json ? asJson : lineText(styleFor(around.out.isTTY ?? false, around.env));
  const next = async () => {
    for (const line of await attempting(doing, connection, read)) printVerbatim(around.out, show(line));
  };
  await next();
  if (!follow) return exitCode.done;
  return repeat(next, Math.max(BETWEEN, sources.length * EACH_SOURCE), context);
}

/** Until a signal ends it. */
async function repeat(act: () => Promise<void>, between: number, { around }: Context): Promise<number> {
  const keyboard = around.keyboard?.();
  try {
    for (;;) {
      await (keyboard?.wait(between) ?? new Promise((resolve) => setTimeout(resolve, between)));
      const signal = keyboard?.interrupted();
      if (signal !== undefined) return ENDED_BY[signal];
      await act();
    }
  } finally {
    keyboard?.close();
  }
}

function asJson({ at, ...line }: Line): string {
  return JSON.stringify({ at: new Date(at).toISOString(), ...line });
}

/** "web 4f9c2e1b | listening on 8080", each task in a color. */
function lineText(style: Style): (line: Line) => string {
  const colours = [style.accent, style.good, style.warn, style.bold];
  const tasks = new Map<string, number>();
  return ({ container, task, text }) => {
    const index = tasks.get(task) ?? tasks.size;
    tasks.set(task, index);
    const colour = colours[index % colours.length] ?? style.bold;
    return `${colour(`${container} ${task.slice(0, 8)} |`)} ${text}`;
  };
}
