import { type Command, defineCommand, type Question } from '../command.ts';
import { followExitCodes, ordering, orderOptions, pastHold } from '../order.ts';
import { atMost, imageName, required } from '../reading.ts';

export const deploy: Command = defineCommand({
  usage: 'deploy APP [TAG] [--now] [--wait] [--despite-hold --reason TEXT]',
  summary: 'release an image now, even one that failed before',
  options: {
    ...orderOptions,
    now: { type: 'boolean', about: 'stop and roll back the open release instead of waiting for its end' },
    'despite-hold': { type: 'boolean', about: 'start although the app is held; the hold stays' },
    reason: { type: 'string', value: 'TEXT', about: 'why, for everyone who is notified' },
  },
  examples: [
    'fairway deploy web 1.4.0',
    'fairway deploy web 1.4.0 --wait',
    'fairway deploy web 1.4.1 --despite-hold --reason "fixes it"',
  ],
  exitCodes: followExitCodes,
  read({ words, flag, text }) {
    const [name, tag] = atMost(2, words);
    const app = required('APP', name);
    const hold = pastHold(flag('despite-hold'), text('reason')?.trim());
    const request: Question = {
      command: 'deploy',
      app,
      ...(tag === undefined ? {} : { tag: imageName(tag) }),
      ...(flag('now') && { now: true }),
      ...hold,
    };
    return ordering({ request, wait: flag('wait'), yes: flag('yes') });
  },
});
