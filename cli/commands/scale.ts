import type { Context } from '../command.ts';
import { defineCommand, UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { atMost, required } from '../reading.ts';
import { print } from '../surroundings.ts';

/** What a line asks for. */
interface Wanted {
  readonly service: string;
  readonly count: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export const scale = defineCommand({
  usage: 'scale SERVICE [COUNT] [--min N] [--max N]',
  summary: 'change the desired count of a service, or the limits of its auto scaling',
  options: {
    min: { type: 'string', value: 'N', about: 'minimum number of tasks' },
    max: { type: 'string', value: 'N', about: 'maximum number of tasks' },
  },
  examples: ['fairway scale web-app 5', 'fairway scale web-app --min 2 --max 20'],
  read({ words, text }) {
    const [name, count] = atMost(2, words);
    const service = required('SERVICE', name);
    const wanted = { service, count: whole(count), min: whole(text('min')), max: whole(text('max')) };
    const hasBounds = wanted.min !== undefined || wanted.max !== undefined;
    if (hasBounds === (wanted.count !== undefined))
      throw new UsageError('expected either COUNT, or --min and --max');
    return (context) => scaled(wanted, context);
  },
});

function whole(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,4}$/.test(text)) throw new UsageError(`"${text}" is not a number of tasks`);
  return Number(text);
}

async function scaled(
  { service, count, min, max }: Wanted,
  { around, options, connect, configuration: read }: Context,
): Promise<number> {
  const { installationFrom } = await import('../connection.ts');
  const { createRawCalls } = await import('../../shared/aws/rawCalls.ts');
  const { changeBounds, NotScaled, scaleTo } = await import('../../shared/infrastructure/scale.ts');
  const { awsFailure } = await import('../failure.ts');
  const { configuration } = await read();
  const app = configuration.apps.find(({ services }) => services.some(({ name }) => name === service));
  if (app === undefined)
    throw new Failure(exitCode.failed, `no app has the service ${service}: check its name in fairway.yml`);
  const connection = await connect(() => installationFrom(configuration));
  const aws = createRawCalls(connection.settings);
  try {
    if (count !== undefined) await scaleTo(app.cluster, service, count, aws);
    else
      await changeBounds(
        app.cluster,
        service,
        { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) },
        aws,
      );
  } catch (error) {
    if (error instanceof NotScaled) throw new Failure(exitCode.failed, error.message, { cause: error });
    throw awsFailure(error, `scale ${service}`, connection.where);
  }
  const what =
    count === undefined
      ? `scales between ${min ?? 'the same minimum'} and ${max ?? 'the same maximum'}`
      : `is scaled to ${count} tasks`;
  const call = count === undefined ? 'application-autoscaling:RegisterScalableTarget' : 'ecs:UpdateService';
  const sentence = `${service} ${what}, with your own credentials (${call}).`;
  print(around.out, options.json ? JSON.stringify({ ok: true, sentence }, null, 2) : sentence);
  return exitCode.done;
}
