import { ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import {
  arnOf,
  familyAndRevision,
  isOurs,
  latestBaseOf,
  type RawDefinition,
  type RevisionTag,
  releaseIdOf,
  revisionName,
} from '../domain/revision.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { type Clients, type Time, untilDeadline } from './clients.ts';
import { translated } from './faults.ts';
import type { Gates } from './gate.ts';
import { BELOW_RETRIES, sendOnceIfThrottled } from './once.ts';
import { describeRaw, registerRaw } from './rawJson.ts';

/** How many revisions are checked for one that can be reused. */
const MOST_CHECKED = 10;
/** How often a registration is tried while others register the same family. */
const REGISTER_ATTEMPTS = 5;

interface Described {
  readonly taskDefinition: RawDefinition;
  readonly tags: readonly RevisionTag[];
}

type TaskDefinitions = Pick<
  Ecs,
  'taskDefinition' | 'register' | 'findRegistered' | 'findMade' | 'newestOfOthers'
>;

/** The part of the ECS port for task definitions. */
export function createTaskDefinitions(client: Clients['ecs'], time: Time, gates: Gates): TaskDefinitions {
  const ecs: Definitions = { client, time, gates, definitions: new Map() };

  return {
    taskDefinition: (reference) => taskDefinition(ecs, reference),
    register: register(ecs),
    findRegistered: findRegistered(ecs),
    findMade: findMade(ecs),
    newestOfOthers: newestOfOthers(ecs),
  };
}

interface Definitions {
  readonly client: Clients['ecs'];
  readonly time: Time;
  readonly gates: Gates;
  /** Task definitions that were read, by ARN. */
  readonly definitions: Map<string, Described>;
}

async function taskDefinition(ecs: Definitions, reference: string): Promise<Described> {
  const known = ecs.definitions.get(reference);
  if (known) return known;
  const answer = await ecs.gates.read('DescribeTaskDefinition', () =>
    translated(`ecs:DescribeTaskDefinition of ${revisionName(reference)}`, () =>
      describeRaw(ecs.client, reference, untilDeadline(ecs.time)),
    ),
  );
  const described = split(answer, reference);
  remember(ecs, described);
  return described;
}

/** Returns its ARN. */
function remember(ecs: Definitions, described: Described): string {
  const arn = arnOf(described.taskDefinition);
  if (arn === undefined)
    throw new AwsFault('NoTaskDefinition', 'ECS returned a revision without an ARN', false);
  ecs.definitions.set(arn, described);
  return arn;
}

/** ARNs of a family's ACTIVE revisions. */
async function* newestFirst(ecs: Definitions, familyPrefix: string) {
  let nextToken: string | undefined;
  do {
    const command = new ListTaskDefinitionsCommand({
      familyPrefix,
      status: 'ACTIVE',
      sort: 'DESC',
      nextToken,
    });
    command.middlewareStack.add(sendOnceIfThrottled('ecs:ListTaskDefinitions'), BELOW_RETRIES);
    // Both operations share one rate.
    const page = await ecs.gates.read('DescribeTaskDefinition', () =>
      translated('ecs:ListTaskDefinitions', () => ecs.client.send(command, untilDeadline(ecs.time))),
    );
    yield* (page.taskDefinitionArns ?? []).filter((arn) => familyAndRevision(arn).family === familyPrefix);
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

function register(ecs: Definitions): Ecs['register'] {
  return async (input) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await ecs.gates.pass('RegisterTaskDefinition', () =>
          translated('ecs:RegisterTaskDefinition', () =>
            registerRaw(ecs.client, input, untilDeadline(ecs.time)),
          ),
        );
        return remember(ecs, split(answer, String(input.family)));
      } catch (error) {
        const wait = 200 * 2 ** attempt * (0.5 + Math.random());
        if (!isRace(error) || attempt === REGISTER_ATTEMPTS || ecs.time.now() + wait > ecs.time.deadline())
          throw error;
        await ecs.time.sleep(wait);
      }
    }
  };
}

function findRegistered(ecs: Definitions): Ecs['findRegistered'] {
  return async (base, releaseId, isWanted) => {
    const { family, revision = 0 } = familyAndRevision(base);
    for await (const arn of newestFirst(ecs, family)) {
      if ((familyAndRevision(arn).revision ?? 0) <= revision) return undefined;
      const candidate = await taskDefinition(ecs, arn);
      if (releaseIdOf(candidate.tags) === releaseId && isWanted(candidate.taskDefinition)) return arn;
    }
    return undefined;
  };
}

function findMade(ecs: Definitions): Ecs['findMade'] {
  return async (family, isWanted) => {
    let checked = 0;
    for await (const arn of newestFirst(ecs, family)) {
      checked += 1;
      if (checked > MOST_CHECKED) return undefined;
      const candidate = await taskDefinition(ecs, arn);
      if (isOurs(candidate.tags) && isWanted(candidate.taskDefinition)) return arn;
    }
    return undefined;
  };
}

function newestOfOthers(ecs: Definitions): Ecs['newestOfOthers'] {
  return async (family) => {
    for await (const arn of newestFirst(ecs, family)) {
      const { tags } = await taskDefinition(ecs, arn);
      if (!isOurs(tags)) return arn;
      // The base that this revision of ours was made from was the newest then, and no other revision is newer.
      const base = latestBaseOf(tags);
      if (base !== undefined && (await taskDefinition(ecs, base)).taskDefinition.status === 'ACTIVE')
        return base;
    }
    return undefined;
  };
}

function split(answer: RawDefinition, reference: string): Described {
  const { taskDefinition, tags } = answer;
  if (typeof taskDefinition !== 'object' || taskDefinition === null || Array.isArray(taskDefinition)) {
    throw new AwsFault('NoTaskDefinition', `ECS returned no task definition for ${reference}`, false);
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
