/** A stopped task, as DescribeTasks describes it. */
export interface StoppedTask {
  /** When its containers had started, epoch milliseconds. */
  readonly startedAt?: number;
  /** When it began to stop, epoch milliseconds. */
  readonly stoppingAt?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly containers: readonly StoppedContainer[];
  /** What AWS says of its volumes and network interfaces that could not be attached. */
  readonly attachmentReasons?: readonly string[];
}

export interface StoppedContainer {
  readonly name: string;
  /** Absent when the container never ran. */
  readonly exitCode?: number;
  readonly reason?: string;
  /** HEALTHY, UNHEALTHY or UNKNOWN, from its health check. */
  readonly healthStatus?: string;
  /** As the task definition says; absent: not known, as of containers that AWS adds to the task. */
  readonly essential?: boolean;
}

/**
 * Whether a container may end as it likes, without the task: as the task definition says, and the agent that GuardDuty
 * adds to tasks on Fargate. Source: Amazon GuardDuty User Guide, "How Runtime Monitoring works with Fargate".
 */
export function mayEnd({ name, essential }: StoppedContainer): boolean {
  return essential === false || (essential === undefined && name.startsWith('aws-guardduty-agent'));
}

/**
 * Whether the scheduler stopped the task because fewer were wanted, or another deployment took its place: no failure.
 * Source: Amazon ECS Developer Guide, "Stopped tasks error messages".
 */
export function isScaledIn(task: Pick<StoppedTask, 'stoppedReason'>): boolean {
  return /^\s*Scaling activity initiated by/i.test(task.stoppedReason ?? '');
}

/** How a sentence names a container; undefined: which one is not known. */
export function subjectOf(container: StoppedContainer | undefined): string {
  return container === undefined ? 'A container of the task' : `Container ${container.name}`;
}
