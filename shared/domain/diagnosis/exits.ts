import type { Cause } from '../release.ts';
import { type StoppedContainer, type StoppedTask, subjectOf } from './stoppedTask.ts';

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
    means: 'it ended, and should have run on',
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

/** Milliseconds after which a command that is missing or not executable cannot be the one that began it all. */
const AT_ONCE = 60_000;

/**
 * The cause that the exit codes tell: undefined where no container ended that ends the task with it. A container that
 * need not run on is to blame only where no other one ran (`dependsOn` with SUCCESS waits for it).
 */
export function exitCause(task: StoppedTask): Omit<Cause, 'evidence'> | undefined {
  const container = culprit(task.containers) ?? failedBefore(task.containers);
  if (container?.exitCode === undefined) return undefined;
  const { kind, means, canHeal, advice } = EXITS[container.exitCode] ?? CRASH;
  return {
    kind,
    sentence: `${subjectOf(container)} exited with code ${container.exitCode}: ${means}.`,
    ...(advice === undefined ? {} : { advice }),
    canHeal: canHeal || !isCertain(task, container),
    container: container.name,
    exitCode: container.exitCode,
  };
}

/** Whether a container ended by itself: neither well, nor because it was asked to stop. */
export function endedByItself({ exitCode }: StoppedContainer): boolean {
  return exitCode !== undefined && ![0, 137, 143].includes(exitCode);
}

/**
 * The container whose exit ended the task. When one ends, ECS asks the others to stop (143, or 137 where they take
 * too long): whoever ended otherwise comes first. What the task definition names comes before what AWS adds to it.
 */
function culprit(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const exited = containers
    .filter((one) => one.exitCode !== undefined && one.essential !== false)
    .toSorted((a, b) => Number(b.essential === true) - Number(a.essential === true));
  const like = (code: number) => exited.find((one) => one.exitCode === code);
  return exited.find(endedByItself) ?? like(137) ?? like(0) ?? like(143);
}

/** A container that may end as it likes, and without which the others never ran. */
function failedBefore(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const others = containers.filter(({ essential }) => essential !== false);
  if (others.some(({ exitCode }) => exitCode !== undefined)) return undefined;
  return containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
}

/**
 * Whether the code says for certain what it says by convention: a container that ran for minutes, or ended beside
 * another one, may have met its missing command on the way out.
 */
function isCertain({ startedAt, stoppingAt, containers }: StoppedTask, blamed: StoppedContainer): boolean {
  const others = containers.filter((one) => one !== blamed && one.essential !== false);
  const ran = startedAt === undefined || stoppingAt === undefined ? 0 : stoppingAt - startedAt;
  return !others.some(endedByItself) && ran < AT_ONCE;
}
