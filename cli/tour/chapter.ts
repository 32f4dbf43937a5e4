import { memberOf } from '../../shared/domain/member.ts';

/** What runs at one moment, read through the AWS endpoint. Times are epoch milliseconds of the simulated clock. */
export interface Snapshot {
  readonly now: number;
  readonly desired: number;
  readonly deployments: readonly DeploymentSeen[];
  readonly tasks: readonly TaskSeen[];
}

interface DeploymentSeen {
  readonly primary: boolean;
  /** `family:number`. */
  readonly revision: string;
  readonly completed: boolean;
}

export interface TaskSeen {
  readonly arn: string;
  /** "service:web-app" or "family:db-migrate". */
  readonly group: string;
  readonly revision: string;
  readonly createdAt: number;
  readonly stoppedAt?: number;
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly healthy: boolean;
  readonly stopCode?: string;
  /** By container; absent where it never ran. */
  readonly exitCodes: Readonly<Record<string, number>>;
}

/** What one push has caused so far. `observe` makes the next chapter from each snapshot. */
export interface Chapter {
  readonly image: string;
  readonly digest: string;
  readonly service: string;
  /** The release task before the rollout, where the app has one. */
  readonly migration?: { readonly family: string; readonly container: string };
  readonly startedAt: number;
  readonly now: number;
  /** The revision that ran before. */
  readonly base: string;
  readonly desired: number;
  /** The revision of this push, once it is PRIMARY. */
  readonly target?: string;
  readonly migrations: readonly TaskSeen[];
  readonly rollStartedAt?: number;
  readonly rolledAt?: number;
  readonly backStartedAt?: number;
  readonly backAt?: number;
  readonly oldTasks: readonly Dot[];
  readonly newTasks: readonly Dot[];
  /** Tasks of the new revision that stopped on their own. */
  readonly crashed: readonly string[];
  readonly outcome?: Outcome;
}

export interface Outcome {
  readonly release: number;
  readonly state: string;
  readonly reason: string;
  readonly endedAt: number;
}

export type Dot = 'starting' | 'checking' | 'up' | 'stopping' | 'crashed';

const STOPPED_ON_ITS_OWN = new Set(['EssentialContainerExited', 'TaskFailedToStart']);

export function openChapter(
  start: Pick<Chapter, 'image' | 'digest' | 'service' | 'startedAt' | 'base' | 'desired'> &
    Pick<Chapter, 'migration'>,
): Chapter {
  return { ...start, now: start.startedAt, migrations: [], oldTasks: [], newTasks: [], crashed: [] };
}

/** The chapter after one more snapshot. A start or end that was seen once stays. */
export function observe(chapter: Chapter, snapshot: Snapshot): Chapter {
  const primary = snapshot.deployments.find((deployment) => deployment.primary);
  const isNew = primary !== undefined && primary.revision !== chapter.base;
  const target = chapter.target ?? (isNew ? primary.revision : undefined);
  const settled = primary?.completed === true && snapshot.deployments.length === 1;
  const mine = snapshot.tasks.filter(({ group }) => group === `service:${chapter.service}`);
  const ofTarget = mine.filter(({ revision }) => revision === target);
  const crashed = ofTarget.filter(({ stopCode }) => stopCode && STOPPED_ON_ITS_OWN.has(stopCode));
  const dots = (tasks: readonly TaskSeen[]) =>
    tasks.filter(({ lastStatus }) => lastStatus !== 'STOPPED').map((task) => dot(task, settled));
  return {
    ...chapter,
    now: snapshot.now,
    desired: snapshot.desired,
    ...(target === undefined ? {} : { target }),
    ...timesOf(chapter, snapshot.now, target, primary, settled),
    migrations: merge(chapter.migrations, migrationsIn(snapshot, chapter)),
    oldTasks: dots(mine.filter(({ revision }) => revision !== target)),
    newTasks: dots(ofTarget),
    crashed: [...new Set([...chapter.crashed, ...crashed.map(({ arn }) => arn)])],
  };
}

/** When the rollout and the rollback were first seen to start and to end. */
function timesOf(
  chapter: Chapter,
  now: number,
  target: string | undefined,
  primary: DeploymentSeen | undefined,
  settled: boolean,
) {
  const isTarget = target !== undefined && primary?.revision === target;
  const isBack = target !== undefined && primary !== undefined && primary.revision !== target;
  return defined({
    rollStartedAt: chapter.rollStartedAt ?? (target === undefined ? undefined : now),
    rolledAt: chapter.rolledAt ?? (isTarget && settled ? now : undefined),
    backStartedAt: chapter.backStartedAt ?? (isBack ? now : undefined),
    backAt: chapter.backAt ?? (isBack && settled ? now : undefined),
  });
}

/** Of this push, not of earlier ones. */
function migrationsIn({ tasks }: Snapshot, { migration, startedAt }: Chapter): readonly TaskSeen[] {
  return tasks.filter(
    ({ group, createdAt }) => group === `family:${migration?.family}` && createdAt >= startedAt - 1_000,
  );
}

/** Whether ECS reports the services as steady after this push. */
export function hasSettled(chapter: Chapter): boolean {
  return (
    chapter.backAt !== undefined || (chapter.rolledAt !== undefined && chapter.backStartedAt === undefined)
  );
}

/** Exit code of the migration that ran last, if it ran. */
export function migrationExit(chapter: Chapter): number | undefined {
  const last = chapter.migrations.at(-1);
  return last && chapter.migration ? memberOf(last.exitCodes, chapter.migration.container) : undefined;
}

function dot(task: TaskSeen, settled: boolean): Dot {
  if (task.desiredStatus === 'STOPPED') return 'stopping';
  if (task.lastStatus !== 'RUNNING') return 'starting';
  // Without a health check a task's health stays unknown: a completed rollout shows that it is up.
  return task.healthy || settled ? 'up' : 'checking';
}

/** The newest state of each task, in the order they were first seen. */
function merge(before: readonly TaskSeen[], now: readonly TaskSeen[]): readonly TaskSeen[] {
  const byArn = new Map(before.map((task) => [task.arn, task]));
  for (const task of now) byArn.set(task.arn, task);
  return [...byArn.values()];
}

/** Without undefined values, so that they overwrite nothing. */
function defined<K extends string>(
  values: Readonly<Record<K, number | undefined>>,
): Partial<Record<K, number>> {
  const known: Partial<Record<K, number>> = {};
  for (const key in values) {
    const value = values[key];
    if (value !== undefined) known[key] = value;
  }
  return known;
}
