import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RunTaskCommand,
  type Service,
  StopTaskCommand,
  type Task,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { diagnoseEvents, TARGET_HEALTH, withTargetHealth } from '../domain/diagnosis/serviceEvents.ts';
import { isSymptom } from '../domain/diagnosis/weight.ts';
import { failuresOf } from '../domain/diagnosis.ts';
import {
  essentialByName,
  familyAndRevision,
  isOurs,
  latestBaseOf,
  type RawDefinition,
  type RevisionTag,
  releaseIdOf,
  revisionName,
} from '../domain/revision.ts';
import type { ServiceSight, TaskSight } from '../domain/state.ts';
import { AwsFault, type Ecs, type RunTaskInput } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import { sendOnce } from './once.ts';
import { describeRaw, registerRaw } from './rawJson.ts';
import { missingService, serviceSight, stoppedTask, taskSight } from './sights.ts';
import { capacityInput, networkInput, overridesInput, surroundingsOf } from './surroundings.ts';

/** DescribeServices takes 10 names. Source: ECS API reference. */
const SERVICES_PER_CALL = 10;
const TASKS_PER_CALL = 100;
/** How long a task without a health check must run to look healthy. */
const SETTLED = 60_000;
/** Tasks whose last lines are read: the first ones tell why. */
const MOST_READ = 3;
/** Older events of a service are of no deployment that is under way. */
const RECENT = 60 * 60_000;
/** Revisions among which one is looked for that could be used again. */
const MOST_LOOKED_AT = 10;
/** Attempts to register while others register the same family. */
const REGISTER_ATTEMPTS = 5;

interface Described {
  readonly taskDefinition: RawDefinition;
  readonly tags: readonly RevisionTag[];
}

/** The ECS port over the SDK. Lives for one invocation. */
export function createEcs(clients: Pick<Clients, 'ecs'>, time: Time): Ecs {
  const client = clients.ecs;
  const definitions = new Map<string, Described>();
  const seen = new Map<string, Service>();

  async function services(cluster: string, names: readonly string[]): Promise<readonly ServiceSight[]> {
    const sights: ServiceSight[] = [];
    for (let from = 0; from < names.length; from += SERVICES_PER_CALL) {
      const batch = names.slice(from, from + SERVICES_PER_CALL);
      const answer = await translated('ecs:DescribeServices', () =>
        client.send(new DescribeServicesCommand({ cluster, services: batch }), untilDeadline(time)),
      );
      for (const name of batch) {
        const service = answer.services?.find((other) => other.serviceName === name);
        if (service) seen.set(`${cluster}/${name}`, service);
        sights.push(service ? serviceSight(name, service) : missingService(name));
      }
    }
    return sights;
  }

  async function service(cluster: string, name: string): Promise<Service | undefined> {
    if (!seen.has(`${cluster}/${name}`)) await services(cluster, [name]);
    return seen.get(`${cluster}/${name}`);
  }

  async function taskDefinition(reference: string): Promise<Described> {
    const known = definitions.get(reference);
    if (known) return known;
    const answer = await translated(`ecs:DescribeTaskDefinition of ${revisionName(reference)}`, () =>
      describeRaw(client, reference, untilDeadline(time)),
    );
    const described = split(answer, reference);
    const arn = described.taskDefinition.taskDefinitionArn;
    if (typeof arn === 'string') definitions.set(arn, described);
    return described;
  }

  /** ARNs of a family's ACTIVE revisions. */
  async function* newestFirst(familyPrefix: string) {
    let nextToken: string | undefined;
    do {
      const command = new ListTaskDefinitionsCommand({
        familyPrefix,
        status: 'ACTIVE',
        sort: 'DESC',
        nextToken,
      });
      const page = await translated('ecs:ListTaskDefinitions', () =>
        client.send(command, untilDeadline(time)),
      );
      yield* (page.taskDefinitionArns ?? []).filter((arn) => familyAndRevision(arn).family === familyPrefix);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }

  return {
    services,
    taskDefinition,

    async surroundings(cluster, name) {
      return surroundingsOf(await service(cluster, name));
    },

    async register(input) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await translated('ecs:RegisterTaskDefinition', () =>
            registerRaw(client, input, untilDeadline(time)),
          );
        } catch (error) {
          const wait = 200 * 2 ** attempt * (0.5 + Math.random());
          if (!isRace(error) || attempt === REGISTER_ATTEMPTS || time.now() + wait > time.deadline())
            throw error;
          await time.sleep(wait);
        }
      }
    },

    async findRegistered(base, releaseId, isWanted) {
      const { family, revision = 0 } = familyAndRevision(base);
      for await (const arn of newestFirst(family)) {
        if ((familyAndRevision(arn).revision ?? 0) <= revision) return undefined;
        const candidate = await taskDefinition(arn);
        if (releaseIdOf(candidate.tags) === releaseId && isWanted(candidate.taskDefinition)) return arn;
      }
      return undefined;
    },

    async findMade(family, isWanted) {
      let looks = 0;
      for await (const arn of newestFirst(family)) {
        looks += 1;
        if (looks > MOST_LOOKED_AT) return undefined;
        const candidate = await taskDefinition(arn);
        if (isOurs(candidate.tags) && isWanted(candidate.taskDefinition)) return arn;
      }
      return undefined;
    },

    async newestOfOthers(family) {
      for await (const arn of newestFirst(family)) {
        const { tags } = await taskDefinition(arn);
        if (!isOurs(tags)) return arn;
        // When it was made there was none newer, and since then there was none: those would have come before it.
        const base = latestBaseOf(tags);
        if (base !== undefined && (await taskDefinition(base)).taskDefinition.status === 'ACTIVE')
          return base;
      }
      return undefined;
    },

    async update(cluster, name, revision) {
      const command = new UpdateServiceCommand({ cluster, service: name, taskDefinition: revision });
      sendOnce('ecs:UpdateService', command.middlewareStack);
      const answer = await translated('ecs:UpdateService', () => client.send(command, untilDeadline(time)));
      const primary = answer.service?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
      if (primary?.id === undefined)
        throw new AwsFault('NoPrimary', 'ecs:UpdateService answered without a PRIMARY deployment', true);
      return primary.id;
    },

    run: (input) => runTask(input),

    async task(cluster, taskArn) {
      const answer = await translated('ecs:DescribeTasks', () =>
        client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }), untilDeadline(time)),
      );
      const [task] = answer.tasks ?? [];
      return taskSight(taskArn, task, await essentialsOf(task));
    },

    async tasks(cluster, ids) {
      const sights: TaskSight[] = [];
      for (let from = 0; from < ids.length; from += TASKS_PER_CALL) {
        const tasks = ids.slice(from, from + TASKS_PER_CALL);
        const answer = await translated('ecs:DescribeTasks', () =>
          client.send(new DescribeTasksCommand({ cluster, tasks }), untilDeadline(time)),
        );
        for (const id of tasks) {
          const task = answer.tasks?.find((one) => isNamed(one, id));
          sights.push(taskSight(id, task, await essentialsOf(task)));
        }
      }
      return sights;
    },

    async stop(cluster, taskArn, reason) {
      await translated('ecs:StopTask', () =>
        client.send(new StopTaskCommand({ cluster, task: taskArn, reason }), untilDeadline(time)),
      );
    },

    async countHealthy(cluster, deploymentId) {
      const tasks = await tasksOf(cluster, deploymentId, 'RUNNING');
      const running = tasks.filter((task) => task.lastStatus === 'RUNNING');
      const healthy = running.filter((task) => {
        const settled = (task.startedAt?.getTime() ?? time.now()) <= time.now() - SETTLED;
        return task.healthStatus === 'HEALTHY' || (task.healthStatus !== 'UNHEALTHY' && settled);
      });
      return { running: running.length, healthy: healthy.length };
    },

    async firstCause(cluster, name, deploymentId) {
      const tasks = await tasksOf(cluster, deploymentId, 'STOPPED');
      const stopped = [];
      for (const task of tasks) {
        const { taskArn = '' } = task;
        stopped.push({ ...stoppedTask(task, await essentialsOf(task)), taskArn });
      }
      const failures = failuresOf(stopped);
      const taskArns = failures.slice(0, MOST_READ).map(({ task }) => task.taskArn);
      const cause = failures[0]?.cause;
      const needsEvents = !cause || isSymptom(cause) || cause.kind === TARGET_HEALTH;
      if (!needsEvents) return { cause, taskArns };
      const seen = await service(cluster, name);
      const deployment = seen?.deployments?.find(({ id }) => id === deploymentId);
      const since = deployment?.createdAt?.getTime() ?? time.now() - RECENT;
      const messages = messagesSince(seen, since);
      if (cause?.kind === TARGET_HEALTH) return { cause: withTargetHealth(cause, name, messages), taskArns };
      // Events whose words nobody has seen say no more than how the task ended.
      const said = diagnoseEvents(name, messages);
      const told = cause && said?.kind === 'unknown' ? cause : (said ?? cause);
      return told && { cause: told, taskArns };
    },

    async targetHealth(cluster, name, cause, since) {
      if (cause.kind !== TARGET_HEALTH) return cause;
      return withTargetHealth(cause, name, messagesSince(await service(cluster, name), since));
    },

    async troubleOf(cluster, name, since) {
      return diagnoseEvents(name, messagesSince(await service(cluster, name), since));
    },

    async runningDigests(cluster, name) {
      const seenService = await service(cluster, name);
      const arns = seenService?.currentServiceRevisions?.flatMap(({ arn }) => arn ?? []) ?? [];
      if (arns.length === 0) return {};
      const answer = await translated('ecs:DescribeServiceRevisions', () =>
        client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns }), untilDeadline(time)),
      );
      // During a deployment there are several: the one that PRIMARY brings is what the service will run.
      const primary = seenService?.deployments?.find((deployment) => deployment.status === 'PRIMARY');
      const revisions = answer.serviceRevisions ?? [];
      const current = revisions.find((one) => one.taskDefinition === primary?.taskDefinition) ?? revisions[0];
      const images = current?.containerImages ?? [];
      return Object.fromEntries(
        images.flatMap(({ containerName, imageDigest }) =>
          containerName === undefined || imageDigest === undefined ? [] : [[containerName, imageDigest]],
        ),
      );
    },
  };

  /**
   * Which containers end the task when they end: asked for where one of several went wrong, for a sidecar may end as
   * it likes. Undefined: not known, and not worth a failure.
   */
  async function essentialsOf(task: Task | undefined): Promise<ReadonlyMap<string, boolean> | undefined> {
    const { containers = [], taskDefinitionArn } = task ?? {};
    const isWrong = containers.some(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
    if (taskDefinitionArn === undefined || containers.length < 2 || !isWrong) return undefined;
    try {
      return essentialByName((await taskDefinition(taskDefinitionArn)).taskDefinition);
    } catch (error) {
      if (error instanceof AwsFault) return undefined;
      throw error;
    }
  }

  async function tasksOf(
    cluster: string,
    startedBy: string,
    desiredStatus: 'RUNNING' | 'STOPPED',
  ): Promise<Task[]> {
    const found: Task[] = [];
    let nextToken: string | undefined;
    do {
      const page = await translated('ecs:ListTasks', () =>
        client.send(
          new ListTasksCommand({ cluster, startedBy, desiredStatus, nextToken }),
          untilDeadline(time),
        ),
      );
      const arns = page.taskArns ?? [];
      for (let from = 0; from < arns.length; from += TASKS_PER_CALL) {
        const tasks = arns.slice(from, from + TASKS_PER_CALL);
        const answer = await translated('ecs:DescribeTasks', () =>
          client.send(new DescribeTasksCommand({ cluster, tasks }), untilDeadline(time)),
        );
        found.push(...(answer.tasks ?? []));
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  async function runTask(input: RunTaskInput): Promise<{ taskArns: readonly string[]; failure?: string }> {
    const answer = await translated('ecs:RunTask', () =>
      client.send(
        new RunTaskCommand({
          cluster: input.cluster,
          taskDefinition: input.taskDefinition,
          clientToken: input.clientToken,
          startedBy: input.startedBy,
          count: input.count ?? 1,
          ...overridesInput(input),
          ...networkInput(input.network),
          ...capacityInput(input.capacity),
        }),
        untilDeadline(time),
      ),
    );
    const taskArns = (answer.tasks ?? []).flatMap(({ taskArn }) => taskArn ?? []);
    if (taskArns.length >= (input.count ?? 1)) return { taskArns };
    const [failure] = answer.failures ?? [];
    const words = [failure?.reason, failure?.detail].filter(Boolean).join(': ');
    return { taskArns, failure: words || 'ECS started too few tasks and says nothing' };
  }
}

/** A service's events since then, oldest first: ECS lists the newest first. */
function messagesSince(service: Service | undefined, since: number): string[] {
  const events = (service?.events ?? []).filter(({ createdAt }) => (createdAt?.getTime() ?? 0) >= since);
  return events.map(({ message }) => message ?? '').toReversed();
}

/** `name`: an id or an ARN. */
function isNamed({ taskArn }: Task, name: string): boolean {
  return taskArn === name || taskArn?.endsWith(`/${name}`) === true;
}

function split(answer: RawDefinition, reference: string): Described {
  const { taskDefinition, tags } = answer;
  if (typeof taskDefinition !== 'object' || taskDefinition === null || Array.isArray(taskDefinition)) {
    throw new AwsFault('NoTaskDefinition', `ecs:DescribeTaskDefinition answered without ${reference}`, false);
  }
  const list = Array.isArray(tags) ? tags : [];
  const parsed = list.flatMap((tag) => {
    if (typeof tag !== 'object' || tag === null || Array.isArray(tag)) return [];
    const { key, value } = tag as RawDefinition;
    return typeof key === 'string' ? [{ key, value: typeof value === 'string' ? value : '' }] : [];
  });
  return { taskDefinition: taskDefinition as RawDefinition, tags: parsed };
}

function isRace(error: unknown): boolean {
  return error instanceof AwsFault && error.message.includes('Too many concurrent attempts');
}
