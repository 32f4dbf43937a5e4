import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import type { Question } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import type { Signal } from '../keyboard.ts';
import type { Style } from '../style.ts';

/** What following a run or a release uses of the process around it. */
export interface Follower {
  /** Throws a `Failure`. */
  readonly ask: (question: Question) => Promise<OperatorAnswer>;
  /** The result of a run or of a release. */
  readonly out: (text: string) => void;
  /** Lines of the task as it wrote them. */
  readonly verbatim: (text: string) => void;
  /** What Fairway reports about it. */
  readonly err: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The signal that arrived since the last call. */
  readonly interrupted: () => Signal | undefined;
  /** Asks the person at the keyboard; undefined: no one is there. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  readonly style: Style;
  readonly json: boolean;
}

/** Between two requests, milliseconds: short at first, longer after `SHORT_FOR` requests. */
const SHORT = 1_000;
const LONG = 3_000;
const SHORT_FOR = 60;

/**
 * Waits before the next request.
 * @param requests how many there were
 * @param unanswered how many of the last ones failed
 */
export function pause({ sleep }: Follower, requests: number, unanswered: number): Promise<void> {
  return sleep(requests < SHORT_FOR && unanswered === 0 ? SHORT : LONG);
}

/** Asks, and returns a failure to reach the function instead of throwing it: the next request may succeed. */
export async function look(question: Question, { ask }: Follower): Promise<OperatorAnswer | Failure> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Prints a refusal. Returns the exit code. */
export function printRefusal(
  { out, err, json, style }: Follower,
  refusal: Extract<OperatorAnswer, { ok: false }>,
): number {
  if (json) out(JSON.stringify(refusal, null, 2));
  else err(`${style.bad('fairway:')} ${refusal.message}`);
  return exitCode.failed;
}
