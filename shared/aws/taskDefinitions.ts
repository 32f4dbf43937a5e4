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
export function createTaskDefinitions(client: Clients['ecs'], time: Time): TaskDefinitions {
  const definitions = new Map<string, Described>();

  async function taskDefinition(reference: string): Promise<Described> {
    const known = definitions.get(reference);
    if (known) return known;
    const answer = await translated(`ecs:DescribeTaskDefinition of ${revisionName(reference)}`, () =>
      describeRaw(client, reference, untilDeadline(time)),
    );
    const described = split(answer, reference);
    remember(described);
    return described;
  }

  /** Returns its ARN. */
  function remember(described: Described): string {
    const arn = arnOf(described.taskDefinition);
    if (arn === undefined)
      throw new AwsFault('NoTaskDefinition', 'ECS returned a revision without an ARN', false);
    definitions.set(arn, described);
    return arn;
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
    taskDefinition,

    async register(input) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const answer = await translated('ecs:RegisterTaskDefinition', () =>
            registerRaw(client, input, untilDeadline(time)),
          );
          return remember(split(answer, String(input.family)));
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
      let checked = 0;
      for await (const arn of newestFirst(family)) {
        checked += 1;
        if (checked > MOST_CHECKED) return undefined;
        const candidate = await taskDefinition(arn);
        if (isOurs(candidate.tags) && isWanted(candidate.taskDefinition)) return arn;
      }
      return undefined;
    },

    async newestOfOthers(family) {
      for await (const arn of newestFirst(family)) {
        const { tags } = await taskDefinition(arn);
        if (!isOurs(tags)) return arn;
        // The base that this revision of ours was made from was the newest then, and no other revision is newer.
        const base = latestBaseOf(tags);
        if (base !== undefined && (await taskDefinition(base)).taskDefinition.status === 'ACTIVE')
          return base;
      }
      return undefined;
    },
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
