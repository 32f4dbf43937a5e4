import { type Context, defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

const DECLARED = ['plan', 'apply'] as const;
const OPERATIONS = ['tasks', 'logs', 'scale'] as const;
const PURPOSES = [...DECLARED, ...OPERATIONS] as const;
type Purpose = (typeof PURPOSES)[number];

export const permissions = defineCommand({
  usage: 'permissions --for COMMAND',
  summary: 'print the IAM policy that you need for a command',
  options: { for: { type: 'string', value: 'COMMAND', about: PURPOSES.join(', ') } },
  examples: [
    'fairway permissions --for plan',
    'fairway permissions --for apply',
    'fairway permissions --for logs',
  ],
  read({ words, text }) {
    atMost(0, words);
    const purpose = purposeOf(text('for'));
    return async (context) => {
      print(context.around.out, JSON.stringify(await policyOf(purpose, context), null, 2));
      return exitCode.done;
    };
  },
});

async function policyOf(purpose: Purpose, context: Context) {
  const { openSession, placeOf } = await import('../infrastructure/session.ts');
  const operation = OPERATIONS.find((one) => one === purpose);
  const declared = DECLARED.find((one) => one === purpose);
  if (declared !== undefined) return (await openSession(context)).policy(declared);
  const { operationsPolicy } = await import('../../shared/infrastructure/operationsPolicy.ts');
  const { installationFrom } = await import('../connection.ts');
  const { stackName } = await import('../../stack/names.ts');
  const { load } = await import('../verify/file.ts');
  const { configuration } = load(await context.file(), context.environment());
  const connection = await context.connect(() => installationFrom(configuration));
  const place = await placeOf(connection, stackName(configuration));
  return operationsPolicy(operation ?? 'tasks', configuration.apps, place);
}

function purposeOf(text: string | undefined): Purpose {
  const purpose = PURPOSES.find((one) => one === text);
  if (purpose === undefined) throw new UsageError(`--for needs one of ${PURPOSES.join(', ')}`);
  return purpose;
}
