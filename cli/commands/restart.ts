import { type Command, defineCommand } from '../command.ts';
import { followExitCodes, ordering, orderOptions, pastHold } from '../order.ts';
import { atMost, required } from '../reading.ts';

export const restart: Command = defineCommand({
  usage: 'restart APP [--wait] [--despite-hold --reason TEXT]',
  summary: 'replace the tasks of every service, as a release of the live image',
  options: {
    ...orderOptions,
    'despite-hold': { type: 'boolean', about: 'restart although the app is held; the hold stays' },
    reason: { type: 'string', value: 'TEXT', about: 'why, for everyone who is notified' },
  },
  examples: ['fairway restart web', 'fairway restart web --wait'],
  exitCodes: followExitCodes,
  read({ words, flag, text }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const hold = pastHold(flag('despite-hold'), text('reason')?.trim());
    return ordering({
      request: { command: 'deploy', app, live: true, restart: true, ...hold },
      wait: flag('wait'),
      yes: flag('yes'),
    });
  },
});
