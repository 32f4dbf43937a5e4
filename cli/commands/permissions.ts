import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

const PURPOSES = ['plan', 'apply'] as const;
type Purpose = (typeof PURPOSES)[number];

export const permissions = defineCommand({
  usage: 'permissions --for plan|apply',
  summary: 'print the IAM policy that you need for a command',
  options: { for: { type: 'string', value: 'COMMAND', about: 'plan or apply' } },
  examples: ['fairway permissions --for plan', 'fairway permissions --for apply'],
  read({ words, text }) {
    atMost(0, words);
    const purpose = purposeOf(text('for'));
    return async (context) => {
      const { openSession } = await import('../infrastructure/session.ts');
      const session = await openSession(context);
      print(context.around.out, JSON.stringify(session.policy(purpose), null, 2));
      return exitCode.done;
    };
  },
});

function purposeOf(text: string | undefined): Purpose {
  const purpose = PURPOSES.find((one) => one === text);
  if (purpose === undefined) throw new UsageError(`--for needs one of ${PURPOSES.join(', ')}`);
  return purpose;
}
