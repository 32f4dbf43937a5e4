import type { Context } from '../command.ts';
import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

const DECLARED = ['plan', 'apply'] as const;
const OPERATIONS = ['tasks', 'exec', 'logs', 'scale', 'prune-revisions'] as const;
const PURPOSES = [...DECLARED, 'import', ...OPERATIONS, 'audit'] as const;
type Purpose = (typeof PURPOSES)[number];

export const permissions = defineCommand({
  usage: 'permissions --for COMMAND',
  summary: 'print the IAM policy that you need for a command',
  options: { for: { type: 'string', value: 'COMMAND', about: PURPOSES.join(', ') } },
  examples: [
    'fairway permissions --for plan',
    'fairway permissions --for apply',
    'fairway permissions --for import',
    'fairway permissions --for logs',
    'fairway permissions --for audit',
  ],
  read({ words, text }) {
    atMost(0, words);
    const purpose = purposeOf(text('for'));
    return async (context) => {
      print(context.around.out, JSON.stringify(await policyFor(purpose, context), null, 2));
      return exitCode.done;
    };
  },
});

/** The policy for `import` needs no file: there is none before it. */
async function policyFor(purpose: Purpose, context: Context): Promise<object> {
  if (purpose === 'import') {
    const { policyForImport } = await import('../../shared/infrastructure/import/permissions.ts');
    return policyForImport();
  }
  const { openSession, placeOf } = await import('../infrastructure/session.ts');
  if (purpose === 'plan' || purpose === 'apply') return (await openSession(context)).policy(purpose);
  const { operationsPolicy } = await import('../../shared/infrastructure/operationsPolicy.ts');
  const { auditPolicy } = await import('../../shared/audit/permissions.ts');
  const { installationFrom } = await import('../connection.ts');
  const { stackName } = await import('../../stack/names.ts');
  const { configuration } = await context.configuration();
  const connection = await context.connect(() => installationFrom(configuration));
  const place = await placeOf(connection, stackName(configuration));
  if (purpose === 'audit') return auditPolicy(configuration.apps, place);
  return operationsPolicy(purpose, configuration.apps, place);
}

function purposeOf(text: string | undefined): Purpose {
  const purpose = PURPOSES.find((one) => one === text);
  if (purpose === undefined) throw new UsageError(`--for needs one of ${PURPOSES.join(', ')}`);
  return purpose;
}
