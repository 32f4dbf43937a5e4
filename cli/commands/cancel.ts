import { asking } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, required } from '../reading.ts';

export const cancel = defineCommand({
  usage: 'cancel APP',
  summary: 'cancel the open release and roll back what it changed',
  examples: ['fairway cancel web'],
  read({ words }) {
    const [app] = atMost(1, words);
    return asking({ command: 'cancel', app: required('APP', app) });
  },
});
