import { askAndPrint } from './answering.ts';
import { type Action, type Context, type Question, UsageError } from './command.ts';
import type { Connection } from './connection.ts';
import { exitCode, Failure } from './failure.ts';
import { type Follower, printRefusal } from './follow/follower.ts';
import { followBy } from './follow/following.ts';
import { followRelease } from './follow/release.ts';
import type { OptionTable } from './line.ts';
import { print } from './surroundings.ts';

/** What `deploy` and `rollback` have in common: the confirmation in production, and `--wait`. */

export const orderOptions = {
  wait: {
    type: 'boolean',
    short: 'w',
    about: 'show the release until it ends; exit with 0 only if it succeeds',
  },
  yes: { type: 'boolean', short: 'y', about: 'do not ask for confirmation in production' },
} as const satisfies OptionTable;

export const followExitCodes = [
  ['130, 143', 'with --wait: SIGINT or SIGTERM ended the command, and the release continues'],
] as const;

export type OrderRequest = Extract<Question, { command: 'deploy' | 'rollback' }>;

interface WantedOrder {
  readonly request: OrderRequest;
  /** Until its release has ended. */
  readonly wait: boolean;
  /** Without confirmation, even in production. */
  readonly yes: boolean;
}

/** The way past a hold, with a reason. Throws a `UsageError` where one of both is missing. */
export function pastHold(despiteHold: boolean, reason: string | undefined) {
  if (despiteHold && !reason)
    throw new UsageError('--despite-hold needs a --reason, for everyone who is notified');
  if (!despiteHold && reason !== undefined) throw new UsageError('--reason needs --despite-hold');
  return reason && { despiteHold: true, reason };
}

/** Sends an order, after a confirmation in production. */
export function ordering({ request, wait, yes }: WantedOrder): Action {
  return async (context) => {
    const connection = await context.connect();
    if (!yes && !(await isConfirmed(request, connection, context))) {
      print(context.around.err, 'Nothing was changed.');
      return exitCode.failed;
    }
    if (!wait) return askAndPrint(request, () => [], connection, context);
    return followBy(connection, context, (follower) => followOrder(request, follower));
  };
}

/** Sends an order and follows its release to the end. Returns the exit code: 0 only where it succeeded. */
export async function followOrder(request: OrderRequest, follower: Follower): Promise<number> {
  const answer = await follower.ask(request);
  if (!answer.ok) return printRefusal(follower, answer);
  if (!answer.order) throw new Failure(exitCode.failed, TOO_OLD);
  follower.err(answer.sentence);
  return followRelease(request.app, answer.order, follower);
}

const TOO_OLD =
  'the function is older than this command, so that the release cannot be followed: deploy the stack again';

/** Only people at a terminal are asked. */
async function isConfirmed(
  request: OrderRequest,
  connection: Connection,
  { around }: Context,
): Promise<boolean> {
  if (!isProduction(connection)) return true;
  const keyboard = around.keyboard?.();
  try {
    const where = `${connection.functionName.replace(/-operate$/, '')}, ${connection.where}`;
    return (await keyboard?.confirm(confirmation(request, where))) ?? true;
  } finally {
    keyboard?.close();
  }
}

function confirmation(request: OrderRequest, where: string): string {
  const { app, tag } = request;
  if (request.command === 'deploy' && request.restart) return `Restart ${app} in ${where}? [y/N] `;
  if (request.command === 'deploy')
    return `Deploy ${tag ?? 'the newest image'} to ${app} in ${where}? [y/N] `;
  const to = tag ?? (request.to === undefined ? 'the image before' : `v${request.to}`);
  return `Roll ${app} back to ${to} in ${where}, and hold it? [y/N] `;
}

/** What makes an environment's name that of production: "production", "eu-prod". */
const PRODUCTION = /(?:^|[^a-z0-9])prod(?:uction)?(?:[^a-z0-9]|$)/i;

/** Whether orders are confirmed there. `functionName` contains the name of the environment. */
export function isProduction({
  functionName,
  local,
}: {
  readonly functionName: string;
  readonly local?: string;
}): boolean {
  return local === undefined && PRODUCTION.test(functionName);
}
