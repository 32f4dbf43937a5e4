import { asking } from '../answering.ts';
import { defineCommand, UsageError } from '../command.ts';
import { atMost, required } from '../reading.ts';

export const hold = defineCommand({
  usage: 'hold APP --reason TEXT',
  summary: 'block deployments until resumed',
  options: { reason: { type: 'string', value: 'TEXT', about: 'why, for everyone who finds the app held' } },
  examples: ['fairway hold web --reason "incident"'],
  read({ words, text }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const reason = text('reason')?.trim();
    if (!reason) throw new UsageError('a hold needs a --reason, for everyone who finds the app held');
    return asking({ command: 'hold', app, reason });
  },
});
