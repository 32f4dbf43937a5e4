import type { OperatorAnswer } from '../shared/domain/operator.ts';
import type { Question } from './arguments.ts';
import { exitCode, Failure } from './failure.ts';
import type { Style } from './style.ts';

/** How the process was asked to end. */
export type Signal = 'SIGINT' | 'SIGTERM';

/** What following a run or a release needs of the process around it. */
export interface Follower {
  /** Throws a `Failure`. */
  readonly ask: (question: Question) => Promise<OperatorAnswer>;
  /** Lines of the task as it wrote them, or the result of a release. */
  readonly out: (text: string) => void;
  /** What Fairway says of it. */
  readonly err: (text: string) => void;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** The signal that came since this was last asked. */
  readonly interrupted: () => Signal | undefined;
  /** Asks the person at the keyboard; undefined: nobody is there. */
  readonly confirm: (question: string) => Promise<boolean | undefined>;
  readonly style: Style;
  readonly json: boolean;
}

/** Between two looks, milliseconds: soon at first, later less often. */
const SOON = 1_000;
const LATER = 3_000;
const SOON_FOR = 60;
/** Times that nobody has answered, one after the other, until it is given up: some two minutes. */
export const UNANSWERED = 40;

/** 128 + the signal's number, as shells have it. */
export const ENDED_BY: Readonly<Record<Signal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Waits before the next look. `looks`: how many there were; `unanswered`: how many of the last ones failed. */
export function pause({ sleep }: Follower, looks: number, unanswered: number): Promise<void> {
  return sleep(looks < SOON_FOR && unanswered === 0 ? SOON : LATER);
}

/** A failure to ask is an answer, too: the next look may succeed. */
export async function look(question: Question, { ask }: Follower): Promise<OperatorAnswer | Failure> {
  try {
    return await ask(question);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Shows an answer that ends it. */
export function say({ out, err, json, style }: Follower, answer: OperatorAnswer, message: string): number {
  if (json) out(JSON.stringify(answer, null, 2));
  else err(`${style.bad('fairway:')} ${message}`);
  return exitCode.failed;
}
