import type { Channel, Configuration } from '../domain/app.ts';
import type { ChannelKind, Need } from './channel.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';
import { webhook } from './webhook.ts';

/** Every kind of channel. */
export const CHANNELS: readonly ChannelKind[] = [slack, sns, webhook];

export function kindOf({ kind }: Channel): ChannelKind {
  const known = CHANNELS.find((one) => one.kind === kind);
  if (known) return known;
  throw new Error(`failed to use a channel of kind ${kind}: there is none, deploy the stack again`);
}

export function needsOf(channel: Channel): readonly Need[] {
  return kindOf(channel).needs(channel);
}

/** Names of the channels that apps and their tasks use: the functions have rights for these only. */
export function channelsInUse({ apps }: Pick<Configuration, 'apps'>): ReadonlySet<string> {
  return new Set(
    apps.flatMap(({ channels, tasks }) => [
      ...channels,
      ...tasks.flatMap(({ notify }) => Object.values(notify).flat()),
    ]),
  );
}
