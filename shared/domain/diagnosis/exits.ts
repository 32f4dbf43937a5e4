import type { Cause } from '../release.ts';
import { READ_ITS_LOG } from './advice.ts';
import { injectedBy } from './injected.ts';
import { mayEnd, type StoppedContainer, type StoppedTask, subjectOf } from './stoppedTask.ts';

interface ExitMeaning {
  readonly kind: string;
  readonly means: string;
  readonly canHeal: boolean;
  readonly advice?: string;
}

const ASKED: Omit<ExitMeaning, 'means'> = {
  kind: 'terminated',
  canHeal: true,
  advice: 'Find out who or what asked: another container of the task, a deployment, a person.',
};

/**
 * What exit codes mean by convention of shells and of the kernel (128 + signal), and of Windows (NTSTATUS, as numbers
 * without a sign).
 */
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
  128: {
    kind: 'crash',
    means: 'its command could not be started, or a script gave an exit code that does not exist',
    canHeal: true,
    advice: 'Check the last lines of its log; where there are none, check entryPoint and command.',
  },
  129: { ...ASKED, means: 'it was asked to stop (SIGHUP)' },
  130: { ...ASKED, means: 'it was asked to stop (SIGINT)' },
  131: { ...ASKED, means: 'it was asked to stop (SIGQUIT)' },
  132: {
    kind: 'crash',
    means: 'illegal instruction (SIGILL), as in an image that was built for another CPU',
    canHeal: true,
    advice: "Build the image for the task's processor, without features that only newer ones have.",
  },
  134: {
    kind: 'crash',
    means: 'it aborted (SIGABRT); see its log',
    canHeal: true,
    advice: 'Check the last lines of its log: an assertion or the runtime itself gave up.',
  },
  135: {
    kind: 'crash',
    means: 'bus error (SIGBUS)',
    canHeal: true,
    advice:
      'Check what it maps into memory: files that shrink, or a /dev/shm that is too small (sharedMemorySize).',
  },
  136: {
    kind: 'crash',
    means: 'arithmetic error (SIGFPE); see its log',
    canHeal: true,
    advice: 'Check the last lines of its log: a division by zero, perhaps.',
  },
  137: {
    kind: 'killed',
    means: 'it was killed (SIGKILL), out of memory or too slow to stop',
    canHeal: true,
    advice: 'Check its memory, and how long it takes to stop.',
  },
  139: {
    kind: 'crash',
    means: 'segmentation fault (SIGSEGV)',
    canHeal: true,
    advice: 'Look for native modules that do not fit the image or the platform.',
  },
  143: { ...ASKED, means: 'it was asked to stop (SIGTERM)' },
  1073807364: { ...ASKED, means: 'it was asked to stop (0x40010004)' },
  3221225786: { ...ASKED, means: 'it was asked to stop (0xC000013A, control-C)' },
  3221225477: {
    kind: 'crash',
    means: 'access violation (0xC0000005)',
    canHeal: true,
    advice: 'Look for native modules that do not fit the image or the platform.',
  },
  3221225781: {
    kind: 'crash',
    means: 'a DLL that it needs is not in the image (0xC0000135)',
    canHeal: true,
    advice: 'Add it to the image, or build on a base image that has it.',
  },
  3221226505: {
    kind: 'crash',
    means: 'it aborted (0xC0000409); see its log',
    canHeal: true,
    advice: 'Check the last lines of its log: an assertion or the runtime itself gave up.',
  },
  3762504530: {
    kind: 'crash',
    means: 'an exception of .NET was not caught (0xE0434352); see its log',
    canHeal: true,
    advice: 'Check the exception in the last lines of its log.',
  },
};

const CRASH: ExitMeaning = { kind: 'crash', means: 'see its log', canHeal: true, advice: READ_ITS_LOG };

/** Kinds of exits that may follow from another container's: ECS asks the others to stop, and kills who is too slow. */
const AFTER_ANOTHER: readonly string[] = ['exited', 'killed', 'terminated'];

function meaningOf(code: number): ExitMeaning {
  return EXITS[code < 0 ? code >>> 0 : code] ?? CRASH;
}

/** Milliseconds after which a command that is missing or not executable cannot be the one that began it all. */
const AT_ONCE = 60_000;

/**
 * The cause from the exit codes: undefined where no container ended that ends the task with it. A container that
 * need not run on is to blame only where no other one ran (`dependsOn` with SUCCESS waits for it).
 */
export function exitCause(task: StoppedTask): Omit<Cause, 'evidence'> | undefined {
  const container = culprit(task.containers) ?? failedBefore(task.containers);
  if (container?.exitCode === undefined) return undefined;
  const { name, exitCode } = container;
  const { kind, means, canHeal, advice } =
    stoppedByEcs(task, exitCode) ?? late(task, exitCode) ?? meaningOf(exitCode);
  const injected = injectedBy(name);
  const whole = {
    kind: injected?.kind ?? kind,
    sentence: `${injected ? `${injected.what} (${name})` : subjectOf(container)} exited with code ${exitCode}: ${injected ? 'AWS runs it beside the task' : means}.`,
    canHeal: canHeal || !isCertain(task, container) || injected !== undefined,
    container: name,
    exitCode,
  };
  const help = injected?.advice ?? advice;
  return help === undefined ? whole : { ...whole, advice: help };
}

/** A container that ends because the scheduler stopped its task did not end on its own, whatever its code. */
function stoppedByEcs({ stopCode }: StoppedTask, code: number): ExitMeaning | undefined {
  if (stopCode !== 'ServiceSchedulerInitiated') return undefined;
  const how =
    code === 0
      ? 'and it ended in order'
      : code === 137
        ? 'and it was killed, as it was too slow to stop'
        : 'and it ended then';
  return {
    kind: 'terminated',
    means: `ECS stopped the task, ${how}`,
    canHeal: true,
    advice: `${SEE_EVENTS} Failed health checks are the most frequent reason.`,
  };
}

/** Where to look for why ECS stopped a task. */
const SEE_EVENTS =
  "Check the service's events, which say why ECS stopped it (aws ecs describe-services --cluster CLUSTER --services SERVICE).";

/** After minutes, a command that was missing or not executable is another one than that of the container. */
function late(task: StoppedTask, code: number): ExitMeaning | undefined {
  const ran = ranFor(task);
  if (ran < AT_ONCE || (code !== 126 && code !== 127)) return undefined;
  const what = code === 127 ? 'was not there' : 'could not be executed';
  const minutes = Math.max(1, Math.round(ran / 60_000));
  return {
    kind: 'crash',
    means: `it had run for ${minutes} min, so a program that it started ${what}, probably`,
    canHeal: true,
    advice: READ_ITS_LOG,
  };
}

function ranFor({ startedAt, stoppingAt }: StoppedTask): number {
  return startedAt === undefined || stoppingAt === undefined ? 0 : stoppingAt - startedAt;
}

/** Whether a container failed on its own: it did not succeed, and was not asked to stop. */
export function endedByItself({ exitCode }: StoppedContainer): boolean {
  return exitCode !== undefined && !AFTER_ANOTHER.includes(meaningOf(exitCode).kind);
}

/**
 * The container whose exit ended the task. When one ends, ECS asks the others to stop (143, or 137 where they take
 * too long): a container that ended otherwise comes first. What the task definition names comes before what AWS adds to it.
 */
function culprit(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const exited = containers
    .filter((one) => one.exitCode !== undefined && !mayEnd(one))
    .toSorted((a, b) => Number(b.essential === true) - Number(a.essential === true));
  const like = (kind: string) => exited.find((one) => meaningOf(one.exitCode ?? 0).kind === kind);
  return exited.find(endedByItself) ?? like('killed') ?? like('exited') ?? like('terminated');
}

/** A container that may end as it likes, and without which the others never ran. */
function failedBefore(containers: readonly StoppedContainer[]): StoppedContainer | undefined {
  const others = containers.filter((one) => !mayEnd(one));
  if (others.some(({ exitCode }) => exitCode !== undefined)) return undefined;
  return containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
}

/**
 * Whether the code says for certain what it says by convention: a container that ran for minutes, or ended beside
 * another one, may have met its missing command on the way out.
 */
function isCertain(task: StoppedTask, blamed: StoppedContainer): boolean {
  const others = task.containers.filter((one) => one !== blamed && !mayEnd(one));
  return !others.some(endedByItself) && ranFor(task) < AT_ONCE;
}
