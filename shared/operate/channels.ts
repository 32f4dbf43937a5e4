import type { Announce } from '../announce/announce.ts';
import { channelsInUse } from '../announce/channels.ts';
import { counted } from '../domain/counted.ts';
import { didYouMean, nearestOf } from '../domain/nearest.ts';
import type { ChannelTest, OperatorAnswer, OperatorRequest } from '../domain/operator.ts';
import type { Runtime } from '../runtime.ts';

type Request = Extract<OperatorRequest, { command: 'announce' }>;

/**
 * Sends a test message with the function's own rights, as every other message is sent: whether a person may read a
 * token or publish to a topic proves nothing.
 */
export async function testChannels(
  runtime: Runtime,
  { channel, who }: Request,
  announce: Announce,
): Promise<OperatorAnswer> {
  const used = appsByChannel(runtime);
  if (channel !== undefined && !used.has(channel)) return notInUse(channel, [...used.keys()]);
  const names = channel === undefined ? [...used.keys()] : [channel];
  const channels = await Promise.all(
    names.map((name) => testOne(runtime, name, used.get(name), who, announce)),
  );
  const failed = channels.filter(({ ok }) => !ok);
  if (failed.length === 0) {
    const sentence = `sent a test message to ${counted(channels.length, 'channel')}: check that it has arrived`;
    return { ok: true, sentence, channels };
  }
  const lines = failed.map(({ channel: name, why }) => `${name}: ${why}`);
  const sentence = `failed to send to ${counted(failed.length, 'channel')} of ${channels.length}`;
  return { ok: false, error: 'refused', message: [sentence, ...lines].join('\n') };
}

/** By name, with an app that uses it. */
function appsByChannel({ configuration }: Runtime) {
  return new Map(
    [...channelsInUse(configuration)].map((name) => [
      name,
      configuration.apps.find((app) => channelsInUse({ apps: [app] }).has(name)),
    ]),
  );
}

function notInUse(channel: string, used: readonly string[]): OperatorAnswer {
  const known = used.length === 0 ? 'no app uses a channel' : `apps use ${used.join(', ')}`;
  const message = `no app uses the channel "${channel}": ${known}${didYouMean(nearestOf(channel, used))}`;
  return { ok: false, error: 'notFound', message };
}

async function testOne(
  runtime: Runtime,
  channel: string,
  app: Runtime['configuration']['apps'][number] | undefined,
  who: string,
  announce: Announce,
): Promise<ChannelTest> {
  const sentence = `This is a test of the channel ${channel}, sent by ${who}. No release was started.`;
  try {
    await announce(
      channel,
      {
        kind: 'app',
        app: app?.name ?? '',
        ...runtime.location,
        cluster: app?.cluster ?? '',
        at: runtime.now(),
        topic: 'test',
        severity: 'info',
        sentence,
      },
      undefined,
    );
    return { channel, ok: true };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    runtime.log('a test message was not sent', { channel, why });
    return { channel, ok: false, why };
  }
}
