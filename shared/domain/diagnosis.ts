import { WORDINGS } from './diagnosis/wordings.ts';
import { withoutSecrets } from './redaction/structures.ts';
import type { Cause } from './release.ts';

/** A stopped task, as DescribeTasks tells of it. */
export interface StoppedTask {
  /** When its containers had started, epoch milliseconds. */
  readonly startedAt?: number;
  /** When it began to stop, epoch milliseconds. */
  readonly stoppingAt?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly StoppedContainer[];
}
export interface StoppedContainer {
  readonly name: string;
  /** Absent when the container never ran. */
  readonly exitCode?: number;
  readonly reason?: string;
  /** As the task definition says; absent: not known. */
  readonly essential?: boolean;
}

export interface ExitMeaning {
  readonly kind: string;
  readonly means: string;
  readonly canHeal: boolean;
  readonly advice?: string;
}

/** What exit codes mean by convention of shells and of the kernel (128 + signal). */
export const EXITS: Readonly<Record<number, ExitMeaning>> = {
  0: {
    kind: 'exited',
    means: 'although it should run on',
    canHeal: true,
    advice: 'Check that its command stays in the foreground.',
  },
  126: {
    kind: 'commandNotExecutable',
    means: 'its command is not executable',
    canHeal: false,
    advice: "Set the file's mode (chmod +x) in the image.",
  },
  127: {
    kind: 'commandNotFound',
    means: 'its command was not found in the image',
    canHeal: false,
    advice: 'Check entryPoint, command and the Dockerfile.',
  },
  134: {
    kind: 'crash',
    means: 'it aborted (SIGABRT), its logs tell why',
    canHeal: true,
    advice: 'Look at the last lines of its log: an assertion or the runtime itself gave up.',
  },
  137: {
    kind: 'killed',
    means: 'it was killed (SIGKILL), out of memory or too slow to stop',
    canHeal: true,
    advice: 'Look at its memory, and at how long it takes to stop.',
  },
  139: {
    kind: 'crash',
    means: 'it touched memory that is not its own (SIGSEGV)',
    canHeal: true,
    advice: 'Look for native modules that do not fit the image or the platform.',
  },
  143: {
    kind: 'terminated',
    means: 'it was asked to stop (SIGTERM)',
    canHeal: true,
    advice: 'Find out who or what asked: another container of the task, a deployment, a person.',
  },
};
const CRASH: ExitMeaning = {
  kind: 'crash',
  means: 'its logs tell why',
  canHeal: true,
};

/** Seconds after its start in which a task may still be starting. */
const SOON = 300;

/** AWS's phrases that say that there is a reason, not which. */
const SAYS_NOTHING = /^(Task failed to start|Essential container in task exited)\.?$/i;

/**
 * Why a task stopped: one sentence, AWS's own words as evidence. Words that nobody has seen are passed through
 * unchanged, as kind "unknown", but for secrets in them. Never throws.
 */
export function diagnoseTask(seen: StoppedTask): Cause {
  const task = withoutSecrets(seen);
  const evidence = wordsOf(task);
  const ordered = orderedBy(task);
  if (ordered) return { ...ordered, evidence, canHeal: true };
  return wordedCause(task, evidence) ?? exitCause(task, evidence) ?? unknownCause(evidence);
}

/**
 * Whether the scheduler stopped the task because fewer were wanted, or another deployment took its place: no failure.
 * Source: Amazon ECS Developer Guide, "Stopped tasks error messages".
 */
export function isScaledIn(task: Pick<StoppedTask, 'stoppedReason'>): boolean {
  return task.stoppedReason?.startsWith('Scaling activity initiated by') === true;
}

/** Kinds that say how a task ended, and not why: what was asked to stop, and what nobody has words for. */
const SYMPTOMS: readonly string[] = ['terminated', 'unknown', 'exited'];

/** Whether a cause says how a task ended, and not why: another task may tell more. */
export function isSymptom({ kind }: Pick<Cause, 'kind'>): boolean {
  return SYMPTOMS.includes(kind);
}

/**
 * Why several tasks of one deployment stopped: the cause of the one that failed first, for what came later may follow
 * from it. Tasks that were scaled in do not count; symptoms only where there is nothing else. Undefined: none failed.
 */
export function firstCause(tasks: readonly StoppedTask[]): Cause | undefined {
  const causes = tasks
    .filter((task) => task.stoppedReason !== undefined && !isScaledIn(task))
    .toSorted((a, b) => (a.stoppingAt ?? Number.MAX_VALUE) - (b.stoppingAt ?? Number.MAX_VALUE))
    .map(diagnoseTask);
  return causes.find((cause) => !isSymptom(cause)) ?? causes[0];
}

function wordedCause(task: StoppedTask, evidence: readonly string[]): Cause | undefined {
  const texts = evidence.map(plain);
  for (const { pattern, kind, canHeal, say, advice } of WORDINGS) {
    for (const text of texts) {
      const found = pattern.exec(text);
      if (!found) continue;
      const container = containerSaying(task, pattern);
      const cause = { kind, sentence: say(subjectOf(container), found), ...advised(advice) };
      return { ...(isHealth(kind) ? withAge(cause, task) : cause), evidence, canHeal, ...named(container) };
    }
  }
  return undefined;
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

function exitCause(task: StoppedTask, evidence: readonly string[]): Cause | undefined {
  const container = culprit(task.containers);
  if (container?.exitCode === undefined) return undefined;
  const { kind, means, canHeal, advice } = EXITS[container.exitCode] ?? CRASH;
  const sentence = `${subjectOf(container)} exited with code ${container.exitCode}: ${means}.`;
  return { kind, sentence, ...advised(advice), evidence, canHeal, ...named(container) };
}

function unknownCause(evidence: readonly string[]): Cause {
  const telling = evidence.find((text) => !SAYS_NOTHING.test(text)) ?? evidence[0];
  const sentence = telling ?? 'ECS does not say why the task stopped.';
  return { kind: 'unknown', sentence, evidence, canHeal: true };
}

/**
 * The container whose exit ended the task. When one ends, ECS asks the others to stop (143, or 137 where they take
 * too long): whoever ended otherwise comes first.
 */
function culprit(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const exited = containers.filter((one) => one.exitCode !== undefined && one.essential !== false);
  const byItself = exited.find((one) => ![0, 137, 143].includes(one.exitCode ?? 0));
  const like = (code: number) => exited.find((one) => one.exitCode === code);
  return byItself ?? like(137) ?? like(0) ?? like(143);
}

const INFRASTRUCTURE = {
  kind: 'infrastructure',
  advice: 'Nothing has to be mended: ECS starts another one.',
};

/** Who ended the task, where that says enough. Source: ECS API reference, Task, stopCode. */
function orderedBy({
  stopCode,
  stoppedReason,
}: StoppedTask): Pick<Cause, 'kind' | 'sentence' | 'advice'> | undefined {
  switch (stopCode) {
    case 'UserInitiated': {
      const why = stoppedReason?.replace(/\.$/, '') || 'no reason was given';
      return { kind: 'stoppedByPerson', sentence: `Somebody stopped the task: ${why}.` };
    }
    case 'SpotInterruption':
      return {
        kind: 'spotInterruption',
        sentence: 'The task was interrupted: its Spot capacity was taken away.',
        advice: 'Run what must not be interrupted on demand.',
      };
    case 'TerminationNotice':
      return { ...INFRASTRUCTURE, sentence: 'The task was stopped: AWS retires what it ran on.' };
    case 'InfrastructureHealth':
      return { ...INFRASTRUCTURE, sentence: 'The task was stopped: what it ran on became unhealthy.' };
    default:
      return undefined;
  }
}

function wordsOf(task: StoppedTask): string[] {
  const reasons = [task.stoppedReason, ...task.containers.map((container) => container.reason)];
  return [...new Set(reasons.flatMap((text) => (text ? [text] : [])))];
}

/** On one line, without image references and URLs: their words are not AWS's. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[^\s'"]+\/[^\s'"]+[:@][^\s'"]*\w/g, '<reference>');
}

/** The container that the words are about: the one that says them, or the only one there is. */
function containerSaying(task: StoppedTask, pattern: RegExp): StoppedContainer | undefined {
  const saying = task.containers.find((one) => one.reason !== undefined && pattern.test(plain(one.reason)));
  return saying ?? (task.containers.length === 1 ? task.containers[0] : undefined);
}

function advised(advice: string | undefined): Pick<Cause, 'advice'> {
  return advice === undefined ? {} : { advice };
}

function subjectOf(container: StoppedContainer | undefined): string {
  return container === undefined ? 'A container of the task' : `Container ${container.name}`;
}

function named(container: StoppedContainer | undefined): Pick<Cause, 'container' | 'exitCode'> {
  if (container === undefined) return {};
  const { name, exitCode } = container;
  return { container: name, ...(exitCode === undefined ? {} : { exitCode }) };
}
