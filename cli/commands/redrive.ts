import { asking } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost } from '../reading.ts';

export const redrive = defineCommand({
  usage: 'redrive',
  summary: 'retry the events in the dead-letter queues (all apps)',
  examples: ['fairway redrive'],
  read({ words }) {
    atMost(0, words);
    return asking({ command: 'redrive' });
  },
});
