import { defineCommand } from '../command.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';

export const apply = defineCommand({
  usage: 'apply [--yes] [--no-wait] [--first-image TAG] [--only NAMES]',
  summary: 'create and change what the declared infrastructure needs, with your own credentials',
  options: {
    yes: { type: 'boolean', short: 'y', about: 'do not ask for confirmation' },
    'no-wait': { type: 'boolean', about: 'do not wait for the first image of a new service' },
    'first-image': {
      type: 'string',
      value: 'TAG',
      about: 'the image that a new service starts with; default: the newest eligible one',
    },
    only: { type: 'string', value: 'NAMES', about: 'resources or kinds to apply, separated by commas' },
  },
  examples: ['fairway apply', 'fairway apply --yes --no-wait', 'fairway apply --first-image 1.0.0'],
  exitCodes: [['130, 143', 'SIGINT or SIGTERM ended the wait for the first image']],
  read({ words, flag, text }) {
    atMost(0, words);
    const firstImage = text('first-image');
    const wanted = {
      yes: flag('yes'),
      noWait: flag('no-wait'),
      only: text('only')?.split(',') ?? [],
      ...(firstImage === undefined ? {} : { firstImage }),
    };
    return async (context) => {
      const { openSession } = await import('../infrastructure/session.ts');
      const { applyDeclared } = await import('../infrastructure/applying.ts');
      const { around } = context;
      const session = await openSession(context);
      return applyDeclared(session, wanted, context, styleFor(around.out.isTTY ?? false, around.env));
    };
  },
});
