import { shortDigest } from '../../shared/domain/image.ts';
import { asking, type Render } from '../answering.ts';
import { defineCommand, UsageError } from '../command.ts';
import { atMost, required } from '../reading.ts';
import { ago, table } from '../style.ts';
import { stateSince, stateText } from '../words.ts';

export const why = defineCommand({
  usage: 'why APP[:TAG]',
  summary: 'show what happened to a pushed image, and why; without TAG the newest push',
  examples: ['fairway why web', 'fairway why web:1.4.0'],
  read({ words: [first, ...rest] }) {
    const word = required('APP[:TAG]', first);
    const colon = word.indexOf(':');
    const app = colon === -1 ? word : word.slice(0, colon);
    // The tag may also be a separate word.
    const [tag] = colon === -1 ? atMost(1, rest) : [word.slice(colon + 1), ...atMost(0, rest)];
    if (app === '' || tag === '') throw new UsageError(`"${word}" has no ${app === '' ? 'app' : 'tag'}`);
    return asking({ command: 'why', app, ...(tag === undefined ? {} : { tag }) }, renderPushes);
  },
});

export const renderPushes: Render = ({ pushes = [] }, now, style) => {
  if (pushes.length === 0) return [];
  const rows = pushes.map((push) => {
    const release = push.release ?? push.live?.release;
    const state = push.outcome === 'ignored' && push.live ? 'live' : push.outcome;
    return [
      `${push.app}:${push.tag}`,
      shortDigest(push.digest),
      stateText(stateSince(state, push.live), style),
      release === undefined ? '' : `v${release}`,
      ago(push.pushedAt ?? push.at, now),
      push.live?.sentence ?? push.reason,
    ];
  });
  return [table(['IMAGE', 'DIGEST', 'OUTCOME', 'RELEASE', 'PUSHED', 'REASON'], rows, style).join('\n')];
};
