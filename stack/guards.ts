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

/** What the framework would do. */
interface Wanted {
  /** The name of the stack that it changes. */
  readonly stack: string;
  /** The folder of an earlier package that it deploys. */
  readonly package?: string | undefined;
}

/**
 * Throws if a command of the Serverless Framework would change another stack than the one of the configuration file, or
 * the stack of another installation or account, or lose its state.
 */
export async function guard(
  commands: readonly string[],
  wanted: Wanted,
  prepared: Pick<Prepared, 'stack' | 'resources'> & Partial<Pick<Prepared, 'account'>>,
  account: Account,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const command = commands.join(' ');
  if (!CHANGES_STACK.has(command)) return;
  refuseOtherStack(wanted, prepared);
  await refuseOtherAccount(prepared, account);
  if (env.FAIRWAY_REPLACE === prepared.stack) return;
  const deployed = parsed(await account.template(prepared.stack));
  const other =
    deployed === undefined ? undefined : otherInstallation(prepared.stack, deployed, prepared.resources);
  if (other !== undefined) throw new Error(other);
  const [lost] = command === 'deploy' ? changesOf(deployed, prepared.resources).refused : [];
  if (lost !== undefined) throw new Error(`the stack ${prepared.stack} must not be deployed: ${lost}`);
}

function refuseOtherStack(wanted: Wanted, { stack }: Pick<Prepared, 'stack'>): void {
  if (wanted.stack !== stack)
    throw new Error(
      `serverless.yml names the stack ${wanted.stack}, and the configuration file describes ${stack}: remove \`stackName\` from its provider`,
    );
  if (wanted.package !== undefined)
    throw new Error(
      `--package ${wanted.package} would deploy what was packaged earlier, for an environment that is not checked: leave the option out, or deploy what \`fairway package\` writes`,
    );
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
