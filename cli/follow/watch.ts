import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import type { Question } from '../command.ts';
import { Failure } from '../failure.ts';
import type { Signal } from '../keyboard.ts';
import { type Follower, look, pause, printRefusal } from './follower.ts';

/** What is followed, a run or a release. An exit code ends the following; undefined continues it. */
export interface Subject {
  /** The next request. */
  question(): Question;
  /** Takes its answer. */
  take(answer: Extract<OperatorAnswer, { ok: true }>): number | undefined;
  interrupt(signal: Signal): Promise<number | undefined> | number | undefined;
  /** The failure to end with, for a failed request after which it is given up. */
  giveUp(failure: Failure): Failure;
  /** Whether it is known to exist; otherwise the first failed request ends the following. */
  isKnown(): boolean;
  /** Whether there is more to read already. */
  hasMore?(): boolean;
}

/** Failed requests in a row after which following ends: about two minutes. */
const MOST_UNANSWERED = 40;

/** Requests the state of something until it has ended. Returns the exit code; throws a `Failure`. */
export async function watch(subject: Subject, follower: Follower): Promise<number> {
  let unanswered = 0;
  for (let requests = 0; ; requests += 1) {
    const answer = await look(subject.question(), follower);
    unanswered = answer instanceof Failure ? unanswered + 1 : 0;
    const ended = takeAnswer(answer, unanswered, subject, follower);
    if (ended !== undefined) return ended;
    const signal = follower.interrupted();
    const left = signal && (await subject.interrupt(signal));
    if (left !== undefined) return left;
    const isEager = unanswered === 0 && subject.hasMore?.() === true;
    if (!isEager) await pause(follower, requests, unanswered);
  }
}

function takeAnswer(
  answer: OperatorAnswer | Failure,
  unanswered: number,
  subject: Subject,
  follower: Follower,
): number | undefined {
  if (!(answer instanceof Failure)) return answer.ok ? subject.take(answer) : printRefusal(follower, answer);
  if (!answer.unanswered || unanswered > MOST_UNANSWERED || !subject.isKnown()) throw subject.giveUp(answer);
  if (unanswered === 1) follower.err(follower.style.dim(`${answer.message}; retrying`));
  return undefined;
}
