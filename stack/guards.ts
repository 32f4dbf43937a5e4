import { changesOf } from './changes.ts';
import { otherInstallation } from './installation.ts';
import { SET_A_REGION } from './region.ts';
import type { Prepared } from './serverless.ts';

/** Commands of the Serverless Framework that need no AWS account. */
const OFFLINE: ReadonlySet<string> = new Set(['package', 'print', 'help', 'invoke local']);
/** Commands that change the stack. */
const CHANGES_STACK: ReadonlySet<string> = new Set(['deploy', 'deploy function', 'remove', 'rollback']);

/** What the checks read from the account. */
interface Account {
  /** The template of a stack, as JSON; undefined if the stack does not exist. */
  template(stack: string): Promise<string | undefined>;
  /** Twelve digits. */
  id(): Promise<string>;
}

/** Throws if a command of the Serverless Framework would use an account without a region. */
export function refuseWithoutRegion(commands: readonly string[], region: string | undefined): void {
  if (region === undefined && !OFFLINE.has(commands.join(' ')))
    throw new Error(`no AWS region is set: ${SET_A_REGION}`);
}

/**
 * Throws if a command of the Serverless Framework would change the stack of another installation or account, or lose
 * its state.
 */
export async function guard(
  commands: readonly string[],
  prepared: Pick<Prepared, 'stack' | 'resources'> & Partial<Pick<Prepared, 'account'>>,
  account: Account,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const command = commands.join(' ');
  if (!CHANGES_STACK.has(command)) return;
  await refuseOtherAccount(prepared, account);
  if (env.FAIRWAY_REPLACE === prepared.stack) return;
  const deployed = parsed(await account.template(prepared.stack));
  const other =
    deployed === undefined ? undefined : otherInstallation(prepared.stack, deployed, prepared.resources);
  if (other !== undefined) throw new Error(other);
  const [lost] = command === 'deploy' ? changesOf(deployed, prepared.resources).refused : [];
  if (lost !== undefined) throw new Error(`the stack ${prepared.stack} must not be deployed: ${lost}`);
}

function parsed(template: string | undefined): unknown {
  return template === undefined ? undefined : JSON.parse(template);
}

async function refuseOtherAccount(
  { account: expected, stack }: Partial<Pick<Prepared, 'account'>> & Pick<Prepared, 'stack'>,
  account: Account,
): Promise<void> {
  if (expected === undefined) return;
  const id = await account.id();
  if (id === expected) return;
  throw new Error(
    `the stack ${stack} belongs to the account ${expected}, and these credentials are of ${id}: use other credentials, choose the environment with FAIRWAY_ENVIRONMENT, or change \`account\` in the configuration file`,
  );
}
