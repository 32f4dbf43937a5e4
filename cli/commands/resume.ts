import { asking } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, required } from '../reading.ts';

export const resume = defineCommand({
  usage: 'resume APP [--discard-waiting]',
  summary: 'lift the hold and start the image that is waiting',
  options: {
    'discard-waiting': { type: 'boolean', about: 'reject the image that is waiting instead of starting it' },
  },
  examples: ['fairway resume web', 'fairway resume web --discard-waiting'],
  read({ words, flag }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    return asking({ command: 'resume', app, ...(flag('discard-waiting') && { discardWaiting: true }) });
  },
});
