import type { App } from '../domain/app.ts';
import type { EffectOf } from '../domain/effects.ts';
import type { ImageName } from '../domain/image.ts';
import type { Repository } from '../domain/registry.ts';
import {
  arnOf,
  chooseContainers,
  familyAndRevision,
  nextRevision,
  pinnedDigest,
  type RawDefinition,
  revisionName,
} from '../domain/revision.ts';
import type { Ecs } from '../ports.ts';
import { isSameDefinition } from './copies.ts';
import { type Refused, refused } from './refusals.ts';

interface Wanted {
  readonly run: EffectOf<'prepareRun'>;
  readonly repository: Repository;
  /** The name of Fairway's stack. */
  readonly stack: string;
  readonly image: ImageName;
  /** Revisions or families, the best one first. */
  readonly bases: readonly string[];
}

interface Revision {
  readonly arn: string;
  readonly definition: RawDefinition;
}

/**
 * The first of the bases that is ACTIVE and pinned to the image: during a release, that is what the service still runs. Else one that is made from the first, unless an earlier run has made it.
 */
export async function revisionFor(ecs: Ecs, app: App, wanted: Wanted): Promise<Revision | Refused> {
  const { run, repository, stack, image, bases } = wanted;
  const containers = containersOf(app, run.task);
  for (const base of bases) {
    const { taskDefinition } = await ecs.taskDefinition(base);
    const chosen = chooseContainers(taskDefinition, containers, repository);
    const runs = 'refused' in chosen ? undefined : pinnedDigest(taskDefinition, chosen.names);
    // A service keeps a revision that was deregistered; RunTask refuses it.
    if (runs === image.digest && taskDefinition.status !== 'INACTIVE')
      return revisionOf(arnOf(taskDefinition) ?? base, taskDefinition);
  }
  const [first = ''] = bases;
  const { taskDefinition, tags } = await ecs.taskDefinition(first);
  const base = arnOf(taskDefinition) ?? first;
  // A task may well run another image than the services do.
  if ('refused' in chooseContainers(taskDefinition, containers, repository))
    return revisionOf(base, taskDefinition);
  const next = nextRevision({
    taskDefinition,
    tags,
    app: app.name,
    stack,
    containers,
    repository,
    image,
    release: { id: run.run, number: run.release },
  });
  if ('refused' in next) {
    const sentence = `No new revision can be made from ${revisionName(base)}: ${next.refused}.`;
    return refused('noContainer', sentence);
  }
  const { family } = familyAndRevision(base);
  const made = await ecs.findMade(family, (candidate) => isSameDefinition(candidate, next.register));
  return revisionOf(made ?? (await ecs.register(next.register)), taskDefinition);
}

function revisionOf(arn: string, taskDefinition: RawDefinition): Revision {
  return { arn, definition: taskDefinition };
}

/** Containers that take the image: those of the service that the task is like; empty: all whose image is of the app. */
function containersOf(app: App, name: string): readonly string[] {
  const like = app.tasks.find((task) => task.name === name)?.like;
  return app.services.find((service) => service.name === like)?.containers ?? [];
}
