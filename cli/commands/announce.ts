import { asking } from '../answering.ts';
import { defineCommand, UsageError } from '../command.ts';
import { atMost } from '../reading.ts';

export const announce = defineCommand({
  usage: 'announce --test [CHANNEL]',
  summary: 'send a test message to the channels, with the rights of the functions',
  options: { test: { type: 'boolean', about: 'send a test message: nothing else is announced by hand' } },
  examples: ['fairway announce --test', 'fairway announce --test deploys'],
  read({ words, flag }) {
    if (!flag('test')) throw new UsageError('it sends test messages only: add --test');
    const [channel] = atMost(1, words);
    return asking({ command: 'announce', ...(channel === undefined ? {} : { channel }) });
  },
});
