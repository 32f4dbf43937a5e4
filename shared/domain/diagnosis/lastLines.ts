import type { KeyLine, LogTail } from '../logs.ts';
import type { Cause } from '../release.ts';
import { READ_ITS_LOG } from './advice.ts';

/** Kinds whose exit code says less than what the container wrote. */
const EXPLAINED: readonly string[] = ['crash', 'exited', 'commandNotFound', 'commandNotExecutable'];

/** Kinds of failed health checks: a line is quoted only where it is about the check, or about a failure. */
const HEALTH: readonly string[] = ['targetHealth', 'containerHealth'];

/** Characters of a line that a sentence has room for. */
const ROOM = 200;

const FIND_THE_CODE =
  'Check the lines around that one in its log, and what changed with this image: the code that wrote it gave up.';

/** Whether the log of its container may say more about a cause. */
export function isExplicable({ kind, exitCode }: Cause): boolean {
  return HEALTH.includes(kind) || (exitCode !== undefined && EXPLAINED.includes(kind));
}

/**
 * What the log of the container that ended says about it: the program's own words for what an exit code only hints at.
 * Kind, sentence and advice come from the same line. The same cause where the log says nothing.
 */
export function explained(cause: Cause, { elsewhere, keyLines = [] }: LogTail): Cause {
  if (!isExplicable(cause)) return cause;
  if (HEALTH.includes(cause.kind)) return probed(cause, keyLines);
  const own = keyLines.find(({ container }) => container === cause.container);
  if (!own) return unseen(cause, elsewhere);
  if (!own.explains)
    return { ...cause, sentence: `${beginning(cause)}; its log ends with "${shortened(own.text)}".` };
  return own.kind === undefined ? withLine(cause, own) : known(cause, own, own.kind);
}

/** Says what Fairway could not see: a log of another driver, or one that it has no permission to read. */
function unseen(cause: Cause, elsewhere: readonly string[]): Cause {
  const where = elsewhere.find((sentence) => sentence.startsWith(`${cause.container} `));
  if (where === undefined) return cause;
  const advice = `${cause.advice ?? ''} Fairway cannot see its log: ${where.replace(/\.$/, '')}.`.trim();
  return { ...cause, advice };
}

/** What the log says about a health check; of the container that fails it, where that is known. */
function probed(cause: Cause, keyLines: readonly KeyLine[]): Cause {
  const candidates = keyLines.filter(({ container }) => !cause.container || container === cause.container);
  const found = candidates.find(({ probe }) => probe !== undefined && probe.text !== '');
  if (!found?.probe) return cause;
  const { text, advice } = found.probe;
  const sentence = `${beginning(cause)}; the log of container ${found.container} says "${shortened(text)}".`;
  return advice === ''
    ? { ...cause, sentence }
    : { ...cause, sentence, advice: `${advice} ${cause.advice ?? ''}`.trim() };
}

/** A line that the table has no words for. */
function withLine(cause: Cause, { text }: KeyLine): Cause {
  const isGeneral = cause.advice === undefined || cause.advice === READ_ITS_LOG;
  return {
    ...cause,
    sentence: `${beginning(cause)}; its log says "${shortened(text)}".`,
    ...(isGeneral ? { advice: FIND_THE_CODE } : {}),
  };
}

function known(cause: Cause, { text, means, advice, canHeal }: KeyLine, kind: string): Cause {
  const why = means === undefined ? '' : `: ${means}`;
  return {
    ...cause,
    kind,
    sentence: `Container ${cause.container} exited with code ${cause.exitCode}${why}; its log says "${shortened(text)}".`,
    ...(advice === undefined ? {} : { advice }),
    canHeal: canHeal ?? cause.canHeal,
  };
}

/** Without the pointer to the log that is quoted. */
function beginning({ sentence }: Cause): string {
  return sentence.replace(/(?:[:,;] (?:its logs tell why|see its log))?\.$/, '');
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= ROOM ? line : `${line.slice(0, ROOM - 1)}…`;
}
