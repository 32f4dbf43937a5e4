import { UNKNOWN_ADVICE } from './diagnosis/advice.ts';
import { cutShort } from './diagnosis/cut.ts';
import { endedByItself, exitCause } from './diagnosis/exits.ts';
import { injectedBy } from './diagnosis/injected.ts';
import { oneLine, plain } from './diagnosis/plain.ts';
import { policyInTheWay } from './diagnosis/policies.ts';
import { SOON, WHO_STOPPED } from './diagnosis/running.ts';
import {
  isScaledIn,
  mayEnd,
  type StoppedContainer,
  type StoppedTask,
  subjectOf,
} from './diagnosis/stoppedTask.ts';
import { weightOf } from './diagnosis/weight.ts';
import { foundIn, type Wording } from './diagnosis/wording.ts';
import { WORDINGS } from './diagnosis/wordings.ts';
import { withoutSecrets } from './redaction/structures.ts';
import type { Cause } from './release.ts';

type Told = Omit<Cause, 'evidence'>;

/** AWS's phrases that say that there is a reason, not which. */
const SAYS_NOTHING = /^(Task failed to start|Essential container in task exited)\.?$/i;

/** Kinds that may follow from another container's exit. */
const FOLLOWS: readonly string[] = ['dependency', 'runtime'];

/**
 * Why a task stopped: one sentence, AWS's own words as evidence. Unknown words are passed through
 * unchanged, as kind "unknown", but for secrets in them. Never throws.
 */
export function diagnoseTask(seen: StoppedTask): Cause {
  const task = withoutSecrets(seen);
  const evidence = wordsOf(task);
  const told = orderedBy(task) ?? causeOf(task) ?? unknownCause(evidence);
  return { ...told, evidence };
}

/** A task that failed, and why. */
interface Failure<Task extends StoppedTask> {
  readonly task: Task;
  readonly cause: Cause;
}

/**
 * The tasks of one deployment that failed, the most specific first: of those the one that failed first, for what came
 * later may follow from it. Tasks that were scaled in do not count; what came from outside, and symptoms, come last.
 */
export function failuresOf<Task extends StoppedTask>(tasks: readonly Task[]): readonly Failure<Task>[] {
  return tasks
    .filter((task) => saysAnything(task) && !isScaledIn(task))
    .toSorted((a, b) => (a.stoppingAt ?? Number.MAX_VALUE) - (b.stoppingAt ?? Number.MAX_VALUE))
    .map((task) => ({ task, cause: diagnoseTask(task) }))
    .toSorted((a, b) => weightOf(b.cause) - weightOf(a.cause));
}

/** Why several tasks of one deployment stopped. Undefined: none failed. */
export function firstCause(tasks: readonly StoppedTask[]): Cause | undefined {
  return failuresOf(tasks)[0]?.cause;
}

/**
 * What AWS's words say comes before exit codes, but for words that may follow from an exit; what is said of a
 * container that may end as it likes comes last, unless others waited for it.
 */
function causeOf(task: StoppedTask): Told | undefined {
  const worded = wordedCause(task, (container) => !mayEnd(container));
  if (worded && !FOLLOWS.includes(worded.kind)) return worded;
  const ended = exitCause(task);
  if (ended && (!worded || task.containers.some(endedByItself))) return ended;
  const other = wordedCause(task, mayEnd);
  if (worded?.kind === 'dependency' && other && !FOLLOWS.includes(other.kind)) return other;
  return worded ?? other;
}

function wordedCause(task: StoppedTask, counts: (container: StoppedContainer) => boolean): Told | undefined {
  const speakers = [undefined, ...task.containers.filter(counts)];
  const texts = speakers.flatMap((container) => {
    const text = container ? container.reason : task.stoppedReason;
    return text?.trim() ? [worded(text, container)] : [];
  });
  // An attachment says why where the task says only that it failed to start.
  texts.splice(1, 0, ...(task.attachmentReasons ?? []).map((text) => worded(text)));
  for (const wording of WORDINGS) {
    for (const { full, text, container: speaker } of texts) {
      const found = foundIn(wording, text, full);
      if (!found) continue;
      const { kind, say, advice, canHeal } = wording;
      const container = speaker ?? subjectIn(task, wording);
      const cause = {
        kind,
        sentence: say(subjectOf(container), found, full),
        ...advised(advice, text, container),
      };
      return {
        ...cutShort(isHealth(kind) ? withAge(cause, task) : cause, full),
        canHeal,
        ...named(container),
      };
    }
  }
  return undefined;
}

interface Worded {
  readonly container: StoppedContainer | undefined;
  readonly full: string;
  readonly text: string;
}

function worded(text: string, container?: StoppedContainer): Worded {
  return { container, full: oneLine(text), text: plain(text) };
}

/** Whom a reason of the task is about: of a failed container health check, the container that is unhealthy. */
function subjectIn(task: StoppedTask, { kind, pattern }: Wording): StoppedContainer | undefined {
  const unhealthy = task.containers.find(({ healthStatus }) => healthStatus === 'UNHEALTHY');
  return kind === 'containerHealth' && unhealthy ? unhealthy : containerSaying(task, pattern);
}

function isHealth(kind: string): boolean {
  return kind === 'targetHealth' || kind === 'containerHealth';
}

/** A task that is unhealthy soon after its start may only need longer to start. */
function withAge(
  cause: Pick<Cause, 'kind' | 'sentence' | 'advice'>,
  { startedAt, stoppingAt }: StoppedTask,
): Pick<Cause, 'kind' | 'sentence' | 'advice'> {
  if (startedAt === undefined || stoppingAt === undefined || stoppingAt < startedAt) return cause;
  const seconds = Math.round((stoppingAt - startedAt) / 1000);
  const sentence = `${cause.sentence.replace(/\.$/, '')}, ${seconds} s after it had started.`;
  if (seconds > SOON) return { ...cause, sentence };
  const setting =
    cause.kind === 'targetHealth' ? "the service's healthCheckGracePeriodSeconds" : "the check's startPeriod";
  const advice = `${cause.advice ?? ''} If it needs longer to start, raise ${setting}.`.trim();
  return { ...cause, sentence, advice };
}

function unknownCause(evidence: readonly string[]): Told {
  const telling = evidence.find((text) => !SAYS_NOTHING.test(text.trim())) ?? evidence[0];
  const sentence = telling === undefined ? undefined : oneLine(telling);
  const cause = {
    kind: 'unknown',
    sentence: sentence || 'ECS does not say why the task stopped.',
    advice: UNKNOWN_ADVICE,
    canHeal: true,
  };
  return telling === undefined ? cause : cutShort(cause, telling.trim());
}

const INFRASTRUCTURE = {
  kind: 'infrastructure',
  advice: 'No action needed: ECS starts a replacement.',
  canHeal: true,
};

const SCALED_IN = {
  kind: 'scaledIn',
  sentence: 'The task was stopped by scale-in or by a newer deployment.',
  advice: 'No action needed.',
  canHeal: true,
};

/** Who ended the task, where that says enough. Source: ECS API reference, Task, stopCode. */
function orderedBy(task: StoppedTask): Told | undefined {
  if (isScaledIn(task)) return SCALED_IN;
  const { stopCode, stoppedReason } = task;
  switch (stopCode) {
    case 'UserInitiated': {
      const why =
        oneLine(stoppedReason ?? '').replace(/^Task stopped by user[:\s]*|\.$/gi, '') ||
        'no reason was given';
      const sentence = `Someone stopped the task: ${why}.`;
      return { kind: 'stoppedByPerson', sentence, advice: WHO_STOPPED, canHeal: true };
    }
    case 'SpotInterruption':
      return {
        kind: 'spotInterruption',
        sentence: 'The task was interrupted: its Spot capacity was taken away.',
        advice: 'Run what must not be interrupted on demand.',
        canHeal: true,
      };
    case 'TerminationNotice':
      return { ...INFRASTRUCTURE, sentence: 'The task stopped because its host was terminated.' };
    case 'InfrastructureHealth':
      return { ...INFRASTRUCTURE, sentence: 'The task stopped because its host became unhealthy.' };
    default:
      return undefined;
  }
}

function wordsOf(task: StoppedTask): string[] {
  const reasons = [
    task.stoppedReason,
    ...(task.attachmentReasons ?? []),
    ...task.containers.map((container) => container.reason),
  ];
  return [...new Set(reasons.flatMap((text) => (text?.trim() ? [text] : [])))];
}

function saysAnything({ stopCode, stoppedReason, containers }: StoppedTask): boolean {
  const isSaid = containers.some(({ exitCode, reason }) => exitCode !== undefined || reason !== undefined);
  return stopCode !== undefined || stoppedReason !== undefined || isSaid;
}

/** The container that the task's own words are about: the one that says the same, or the only one there is. */
function containerSaying(task: StoppedTask, pattern: RegExp): StoppedContainer | undefined {
  const saying = task.containers.find((one) => one.reason !== undefined && pattern.test(plain(one.reason)));
  return saying ?? (task.containers.length === 1 ? task.containers[0] : undefined);
}

/** What to do about it; where AWS says whose policy is in the way, that first. */
function advised(
  advice: string | undefined,
  text: string,
  container: StoppedContainer | undefined,
): Pick<Cause, 'advice'> {
  const own = container && injectedBy(container.name)?.advice;
  const whole = [policyInTheWay(text), own ?? advice].filter((part) => part !== undefined).join(' ');
  return whole === '' ? {} : { advice: whole };
}

function named(container: StoppedContainer | undefined): Pick<Cause, 'container' | 'exitCode'> {
  if (container === undefined) return {};
  const { name, exitCode } = container;
  return { container: name, ...(exitCode === undefined ? {} : { exitCode }) };
}
