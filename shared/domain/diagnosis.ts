import type { Cause } from './release.ts';

/** A stopped task, as DescribeTasks tells of it. */
export interface StoppedTask {
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly StoppedContainer[];
}
export interface StoppedContainer {
  readonly name: string;
  /** Absent when the container never ran. */
  readonly exitCode?: number;
  readonly reason?: string;
}

interface Wording {
  readonly pattern: RegExp;
  readonly kind: string;
  readonly sentence: string;
  readonly canHeal: boolean;
}

/**
 * AWS's own wording of reasons, most specific first. Sources: Amazon ECS Developer Guide, "Stopped tasks error
 * messages", "CannotPullContainer task errors", "ResourceInitializationError".
 */
const WORDINGS: readonly Wording[] = [
  wording(
    /descriptor matching platform|platform .*does not match|image operating system/i,
    'wrongPlatform',
    'The image was built for another platform than the task runs on.',
  ),
  wording(
    /CannotPull\w*:? .*(not found|does not exist|manifest unknown)|failed to resolve ref .*not found/i,
    'imageNotFound',
    'The image does not exist in its repository: its tag or digest was deleted, or never pushed.',
  ),
  wording(
    /CannotPull\w*:? .*(denied|not authorized|no basic auth|403|401)/i,
    'pullDenied',
    'The image cannot be pulled: the execution role has no permission.',
  ),
  wording(
    /CannotPull\w*:? .*(timeout|timed out|i\/o|dial tcp|no such host|connection|deadline exceeded)/i,
    'registryUnreachable',
    'The registry cannot be reached: the subnet has no route to ECR (NAT gateway, public IP or VPC endpoints).',
    true,
  ),
  wording(
    /CannotPull\w*:? .*no space left/i,
    'diskFull',
    'The image does not fit on the disk of the task: ask for more ephemeral storage.',
  ),
  wording(/CannotPull/i, 'pullFailed', 'The image cannot be pulled.', true),
  wording(
    /ResourceInitializationError.*(secret|ssm|parameter).*(AccessDenied|not authorized|is not authorized)/i,
    'secretDenied',
    'The execution role may not read a secret that the task definition names.',
  ),
  wording(
    /ResourceInitializationError.*(ResourceNotFoundException|can't find the specified secret|ParameterNotFound|invalid ssm parameters|did not contain json key)/i,
    'secretMissing',
    'A secret that the task definition names does not exist.',
  ),
  wording(
    /ResourceInitializationError.*(pull secrets|registry auth).*(timeout|deadline|connection|context)/i,
    'registryUnreachable',
    'Secrets or the registry cannot be reached: the subnet has no route to them.',
    true,
  ),
  wording(
    /ResourceInitializationError.*(pull secrets|registry auth)/i,
    'secretDenied',
    'Secrets or registry credentials could not be fetched.',
    true,
  ),
  wording(
    /(log group|log stream).*(does not exist)|failed to (initialize|validate) logg/i,
    'logging',
    'The log driver could not start: the log group is missing, or the execution role may not write to it.',
  ),
  wording(
    /ResourceInitializationError.*(efs|volume|mount)/i,
    'volume',
    'A volume could not be mounted.',
    true,
  ),
  wording(/ResourceInitializationError/i, 'initialization', 'ECS could not prepare the task.', true),
  wording(
    /exec format error/i,
    'wrongPlatform',
    'The program in the image is built for another processor than the task runs on.',
  ),
  wording(
    /executable file not found|no such file or directory.*(exec|runc|starting container)|starting container.*no such file/i,
    'commandNotFound',
    'The command does not exist in the image.',
  ),
  wording(
    /permission denied.*(exec|starting container)|starting container.*permission denied/i,
    'commandNotExecutable',
    'The command in the image may not be executed.',
  ),
  wording(/OutOfMemory/i, 'outOfMemory', 'The container used more memory than it has and was killed.', true),
  wording(/failed ELB health checks/i, 'targetHealth', 'The load balancer found the task unhealthy.', true),
  wording(
    /failed container health checks/i,
    'containerHealth',
    'The health check of the container failed.',
    true,
  ),
  wording(
    /Capacity is unavailable|RESOURCE:|EMPTY CAPACITY PROVIDER|NO ACTIVE INSTANCES|placement constraint/i,
    'capacity',
    'There is no capacity to place the task.',
    true,
  ),
  wording(
    /network interface|ENI|subnet.*(address|ip)/,
    'network',
    'The network interface of the task could not be made.',
    true,
  ),
  wording(/Spot/i, 'spotInterruption', 'The Spot capacity was taken away.', true),
  wording(
    /CannotStartContainer|CannotCreateContainer/i,
    'cannotStart',
    'The container could not be started.',
    true,
  ),
  wording(
    /ContainerRuntimeTimeout|ContainerRuntimeError|InternalError/i,
    'runtime',
    'The container runtime failed.',
    true,
  ),
];

/** What exit codes mean by convention of shells and of the kernel (128 + signal). */
const EXITS: Readonly<Record<number, { kind: string; sentence: string; canHeal: boolean }>> = {
  126: { kind: 'commandNotExecutable', sentence: 'its command may not be executed', canHeal: false },
  127: { kind: 'commandNotFound', sentence: 'its command was not found', canHeal: false },
  134: { kind: 'crash', sentence: 'it aborted (SIGABRT)', canHeal: true },
  137: { kind: 'killed', sentence: 'it was killed (SIGKILL)', canHeal: true },
  139: { kind: 'crash', sentence: 'it touched memory that is not its own (SIGSEGV)', canHeal: true },
  143: { kind: 'terminated', sentence: 'it was asked to stop (SIGTERM)', canHeal: true },
};

/** Why a task stopped: one sentence, AWS's own words as evidence. Unknown wording is passed through. */
export function diagnoseTask(task: StoppedTask): Cause {
  const words = wordsOf(task);
  const person = task.stopCode === 'UserInitiated';
  if (person)
    return cause(
      'stoppedByPerson',
      `The task was stopped by hand: ${task.stoppedReason ?? 'no reason given'}.`,
      words,
      true,
    );
  for (const known of WORDINGS) {
    if (!words.some((text) => known.pattern.test(text))) continue;
    const container = containerSaying(task, known.pattern);
    return cause(known.kind, known.sentence, words, known.canHeal, container);
  }
  const exited = task.containers
    .filter((container) => container.exitCode !== undefined)
    .toSorted((one, other) => innocence(one.exitCode) - innocence(other.exitCode))[0];
  if (exited?.exitCode !== undefined) return exitCause(exited.name, exited.exitCode, words, exited);
  return cause('unknown', words[0] ?? 'ECS does not say why the task stopped.', words, true);
}

/** When one container ends, ECS stops the others: with SIGTERM (143), then SIGKILL (137). The first cause is another code. */
function innocence(exitCode: number | undefined): number {
  if (exitCode === 143) return 3;
  if (exitCode === 0) return 2;
  return exitCode === 137 ? 1 : 0;
}

function exitCause(name: string, code: number, words: readonly string[], container: StoppedContainer): Cause {
  const known = EXITS[code];
  if (known) {
    return cause(
      known.kind,
      `Container ${name} exited with code ${code}: ${known.sentence}.`,
      words,
      known.canHeal,
      container,
    );
  }
  const kind = code === 0 ? 'exited' : 'crash';
  const more = code === 0 ? ', although it should run on' : '';
  return cause(kind, `Container ${name} exited with code ${code}${more}.`, words, true, container);
}

/** Stopped by the scheduler because fewer tasks were wanted: no failure. */
export function isScaledIn(task: Pick<StoppedTask, 'stoppedReason'>): boolean {
  return task.stoppedReason?.startsWith('Scaling activity initiated by') === true;
}

function wordsOf(task: StoppedTask): string[] {
  const reasons = [task.stoppedReason, ...task.containers.map((container) => container.reason)];
  return [...new Set(reasons.filter((text): text is string => text !== undefined && text !== ''))];
}

function containerSaying(task: StoppedTask, pattern: RegExp): StoppedContainer | undefined {
  return task.containers.find(
    (container) => container.reason !== undefined && pattern.test(container.reason),
  );
}

function cause(
  kind: string,
  sentence: string,
  evidence: readonly string[],
  canHeal: boolean,
  container?: StoppedContainer,
): Cause {
  return {
    kind,
    sentence,
    evidence,
    canHeal,
    ...(container === undefined ? {} : { container: container.name }),
    ...(container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
  };
}

function wording(pattern: RegExp, kind: string, sentence: string, canHeal = false): Wording {
  return { pattern, kind, sentence, canHeal };
}
