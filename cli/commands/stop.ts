import { asking } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, required } from '../reading.ts';

export const stop = defineCommand({
  usage: 'stop APP RUN',
  summary: 'stop a run, named by its id or task',
  examples: ['fairway stop web nightly-report', 'fairway stop web 4f9c2e1b'],
  read({ words }) {
    const [app, run] = atMost(2, words);
    return asking({ command: 'stop', app: required('APP', app), run: required('RUN', run) });
  },
});
