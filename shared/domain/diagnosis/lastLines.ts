import type { LogLine, LogTail } from '../logs.ts';
import type { Cause } from '../release.ts';
import { READ_ITS_LOG } from './exits.ts';
import { withoutColours } from './plain.ts';

/** Kinds whose exit code says less than what the container wrote. */
const EXPLAINED: readonly string[] = ['crash', 'exited', 'commandNotFound', 'commandNotExecutable'];

/** Characters of a line that a sentence has room for. */
const ROOM = 200;

const TELLS =
  /error|exception|fatal|panic|fail|refused|denied|cannot|can't|could not|unable|not found|no such|missing|invalid|undefined|time-?d? ?out|unhandled|abort|segmentation/i;

/** Frames of a stack and the insides of objects; the noise of package managers; lines that are no errors. */
const NOISE =
  /^\s|^[}\])]|^at |^npm (?:ERR!|error|warn)|^error Command failed|ELIFECYCLE|\b(?:INFO|DEBUG|TRACE)\b|"level":\s*"?(?:info|debug|trace|[123]0)\b|\b(?:0|no) (?:errors|failures)\b/;

/** Whether the last lines of its container may tell more of a cause. */
export function isExplicable({ kind, exitCode }: Cause): boolean {
  return exitCode !== undefined && EXPLAINED.includes(kind);
}

/**
 * What the last lines of the container that ended tell of it, in the sentence: the program's own words for what an
 * exit code only hints at. The same cause where they tell nothing. Lines come without secrets.
 */
export function explained(cause: Cause, { lines }: LogTail): Cause {
  if (!isExplicable(cause)) return cause;
  const own = lines
    .filter(({ container }) => container === cause.container)
    .map(({ text }: LogLine) => withoutColours(text).trimEnd());
  const line = own.findLast((text) => TELLS.test(text) && !NOISE.test(text));
  if (line === undefined) return cause;
  const start = cause.sentence.replace(/(?:[:,] its logs tell why)?\.$/, '');
  return {
    ...withoutReading(cause),
    ...knownBy(own),
    sentence: `${start}; its log says "${shortened(line)}".`,
  };
}

/** Whoever reads the line has read the log. */
function withoutReading({ advice, ...cause }: Cause): Cause {
  return advice === undefined || advice === READ_ITS_LOG ? cause : { ...cause, advice };
}

/** Container runtimes start the program before they know that they cannot: the log alone says so. */
function knownBy(lines: readonly string[]): Partial<Pick<Cause, 'kind' | 'advice' | 'canHeal'>> {
  if (lines.some((text) => /^(?:standard_init_linux\S* )?exec\b.*: exec format error/.test(text)))
    return { kind: 'wrongPlatform', advice: "Build the image for the task's platform.", canHeal: false };
  if (lines.some((text) => /heap out of memory|java\.lang\.OutOfMemoryError|std::bad_alloc/.test(text)))
    return {
      kind: 'outOfMemory',
      advice:
        "Raise the limit of its heap (--max-old-space-size, -Xmx) or the task's memory, or make it use less.",
      canHeal: true,
    };
  return {};
}

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length <= ROOM ? line : `${line.slice(0, ROOM - 1)}…`;
}
