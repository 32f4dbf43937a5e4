import { SET_A_REGION } from './region.ts';

/** Commands of the Serverless Framework that need no AWS account. */
const OFFLINE: ReadonlySet<string> = new Set(['package', 'print', 'help', 'invoke local']);

/** Whether a command of the Serverless Framework reads or changes an AWS account. */
export function touchesAccount(commands: readonly string[]): boolean {
  return !OFFLINE.has(commands.join(' '));
}

/** Throws where a command would touch an account without a region: there is no default. */
export function refuseWithoutRegion(commands: readonly string[], region: string | undefined): void {
  if (region !== undefined || !touchesAccount(commands)) return;
  throw new Error(`no AWS region is set: ${SET_A_REGION}`);
}
