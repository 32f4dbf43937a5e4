import { duration } from '../../shared/domain/duration.ts';
import { shortDigest } from '../../shared/domain/image.ts';
import { asking, type Render } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, required, wholeNumber } from '../reading.ts';
import { ago, table } from '../style.ts';
import { stateSince, stateText } from '../words.ts';

export const releases = defineCommand({
  usage: 'releases APP [--limit N]',
  summary: 'list recent releases and how they ended',
  options: { limit: { type: 'string', value: 'N', about: 'how many at most; default: 20' } },
  examples: ['fairway releases web', 'fairway releases web --limit 5'],
  read({ words, text }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const limit = text('limit');
    const most = limit === undefined ? {} : { limit: wholeNumber('--limit', limit) };
    return asking({ command: 'releases', app, ...most }, renderReleases);
  },
});

export const renderReleases: Render = ({ releases: found = [] }, now, style) => {
  if (found.length === 0) return [];
  const rows = found.map((release) => [
    `v${release.number}`,
    release.tag,
    shortDigest(release.digest),
    stateText(stateSince(release.state, release.live), style),
    ago(release.startedAt, now),
    duration((release.endedAt ?? now) - release.startedAt),
    release.by,
    release.live?.sentence ?? release.reason,
  ]);
  const heading = ['RELEASE', 'TAG', 'DIGEST', 'STATE', 'STARTED', 'TOOK', 'BY', 'REASON'];
  const newest = found.find(({ times }) => times !== undefined);
  const times = newest ? [style.dim(`v${newest.number} was ${newest.times}`)] : [];
  return [table(heading, rows, style).join('\n'), ...times];
};
