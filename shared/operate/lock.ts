import type { OperatorAnswer, OperatorRequest } from '../domain/operator.ts';
import { claimed } from '../domain/person.ts';
import type { ApplyLock } from '../ports.ts';
import type { Runtime } from '../runtime.ts';

/** How long it holds without being taken again: a killed command keeps it for as long. */
const HOLDS = 5 * 60_000;

/** Takes the lock of `fairway apply`, or gives it back. */
export async function takeLock(
  { now }: Runtime,
  { id, who, release }: Extract<OperatorRequest, { command: 'lock' }>,
  lock: ApplyLock,
): Promise<OperatorAnswer> {
  const at = now();
  const wanted = { id, who, expiresAt: release ? 0 : at + HOLDS };
  const holder = await lock.take(wanted, at);
  if (holder === undefined) return { ok: true, sentence: release ? 'unlocked' : 'locked' };
  // It had ended, and someone else has it by now.
  if (release) return { ok: true, sentence: 'unlocked before' };
  const minutes = Math.ceil((holder.expiresAt - at) / 60_000);
  const message = `${claimed(holder.who)} is applying: try again once that has ended. If the command was killed, its lock expires in ${minutes} min`;
  return { ok: false, error: 'refused', message };
}
