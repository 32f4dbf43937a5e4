import { asking, type Render } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, releaseNumber, required } from '../reading.ts';
import { renderRelease } from '../renderRelease.ts';

export const show = defineCommand({
  usage: 'show APP [vN]',
  summary: 'show a release: steps, cause, log lines, commit, links; without vN the newest',
  examples: ['fairway show web', 'fairway show web v12'],
  read({ words }) {
    const [name, release] = atMost(2, words);
    const app = required('APP', name);
    const wanted = release === undefined ? {} : { release: releaseNumber(release) };
    return asking({ command: 'show', app, ...wanted }, renderShown);
  },
});

export const renderShown: Render = ({ shown }, now, style) =>
  shown ? [renderRelease(shown, now, style)] : [];
