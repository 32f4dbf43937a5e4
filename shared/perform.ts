import { createHash } from 'node:crypto';
import { copyToGoBackTo, isSameDefinition } from './copies.ts';
import type { App } from './domain/app.ts';
import { newestOf } from './domain/policy.ts';
import {
  arnOf,
  chooseContainers,
  containersOf,
  familyAndRevision,
  latestBaseOf,
  nextRevision,
  parseImage,
  pinnedDigest,
  type RawDefinition,
  revisionName,
  runtimePlatformOf,
} from './domain/revision.ts';
import type {
  AdoptedService,
  Answer,
  BaseRequest,
  BaseSight,
  DeploymentSight,
  EcsEffect,
} from './domain/state.ts';
import { createRunPerformer } from './performRuns.ts';
import { AwsFault, type Ecs, type Images, type Logs, type PerformEcs } from './ports.ts';
import { answerFault, notStarted, refused, UNKNOWN_AFTER, unknownStart } from './refusals.ts';
import { lookForTrouble } from './troubles.ts';

type Of<Kind extends EcsEffect['kind']> = Extract<EcsEffect, { kind: Kind }>;

export interface PerformOptions {
  readonly ecs: Ecs;
  readonly images: Images;
  readonly logs: Logs;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Performs effects on ECS and ECR. Each is harmless the second time: a repeat looks before it acts. */
export function createPerformEcs(options: PerformOptions): PerformEcs {
  const { ecs, images, now } = options;
  const runs = createRunPerformer(options);
  return async (app, effect, attempt) => {
    try {
      return await perform(app, effect, attempt);
    } catch (error) {
      if (error instanceof AwsFault) return answerFault(error, attempt);
      throw error;
    }
  };

  function perform(app: App, effect: EcsEffect, attempt: number): Promise<Answer> {
    switch (effect.kind) {
      case 'adopt':
        return adopt(app, effect);
      case 'inspectImage':
        return inspectImage(app, effect);
      case 'lookAtServices':
        return lookAtServices(app, effect);
      case 'readBases':
        return readBases(app, effect);
      case 'register':
        return register(app, effect, attempt);
      case 'runTask':
        return runTask(app, effect, attempt);
      case 'lookAtTask':
        return lookAtTask(app, effect);
      case 'stopTask':
        return stopTask(app, effect);
      case 'updateService':
        return updateService(app, effect, attempt);
      case 'findCause':
        return findCause(app, effect);
      case 'countHealthy':
        return countHealthy(app, effect);
      case 'putBack':
        return putBack(app, effect, attempt);
      case 'prepareRun':
        return runs.prepare(app, effect);
      case 'startRun':
        return runs.start(app, effect, attempt);
      case 'readLines':
        return runs.read(effect);
      case 'lookAtStopped':
      case 'lookAtTrouble':
      case 'lookForRecovery':
        return lookForTrouble(ecs, app, effect);
    }
  }

  async function adopt(app: App, effect: Of<'adopt'>): Promise<Answer> {
    const adopted: AdoptedService[] = [];
    for (const sight of await ecs.services(app.cluster, effect.services)) {
      const primary = primaryOf(sight.deployments);
      if (!primary) continue;
      const service = app.services.find((other) => other.name === sight.service);
      adopted.push({
        service: sight.service,
        deploymentId: primary.id,
        taskDefinition: primary.taskDefinition,
        ...(await whatRuns(app, sight.service, primary.taskDefinition, service?.containers ?? [])),
      });
    }
    return { kind: 'adopted', services: adopted };
  }

  /** The digest and tag of the app's image in a running service. */
  async function whatRuns(app: App, service: string, revision: string, named: readonly string[]) {
    const { taskDefinition, tags } = await ecs.taskDefinition(revision);
    const chosen = chooseContainers(taskDefinition, named, app.image.repository);
    if ('refused' in chosen) return {};
    const [name = ''] = chosen.names;
    const image = containersOf(taskDefinition).find((container) => container.name === name)?.image ?? '';
    const digest =
      pinnedDigest(taskDefinition, chosen.names) ?? (await ecs.runningDigests(app.cluster, service))[name];
    // Our tags may have been copied to a revision that names another image; ours themselves name digests.
    const tag = parseImage(image)?.tag ?? tags.find((other) => other.key === 'fairway:image-tag')?.value;
    return { ...(digest === undefined ? {} : { digest }), ...(tag === undefined ? {} : { tag }) };
  }

  async function inspectImage(app: App, effect: Of<'inspectImage'>): Promise<Answer> {
    const { repository } = app.image;
    const reference =
      effect.digest !== undefined ? { digest: effect.digest } : { tag: effect.tag ?? (await newestTag(app)) };
    if ('tag' in reference && reference.tag === '') {
      return { kind: 'imageMissing', reason: `no image in ${repository} has a tag that counts` };
    }
    const found = await images.inspect(repository, reference);
    if (!found) {
      const what = 'tag' in reference ? `tag ${reference.tag}` : `image ${reference.digest}`;
      // Who asks for a tag may have mistyped it; every other image was seen before.
      const gone = effect.trigger.kind === 'deploy' ? '' : ' any more';
      return { kind: 'imageMissing', reason: `there is no ${what} in ${repository}${gone}` };
    }
    const image = effect.tag === undefined ? found.image : { ...found.image, tag: effect.tag };
    return { kind: 'imageInspected', image, storage: found.storage };
  }

  async function newestTag(app: App): Promise<string> {
    return newestOf(app.image, await images.tagged(app.image.repository))?.tag ?? '';
  }

  async function lookAtServices(app: App, effect: Of<'lookAtServices'>): Promise<Answer> {
    return { kind: 'servicesSeen', services: await ecs.services(app.cluster, effect.services) };
  }

  async function readBases(app: App, effect: Of<'readBases'>): Promise<Answer> {
    const bases: BaseSight[] = [];
    for (const request of effect.bases) bases.push(await readBase(app, request));
    return { kind: 'basesRead', bases };
  }

  async function readBase(app: App, request: BaseRequest): Promise<BaseSight> {
    const named = await ecs.taskDefinition(request.reference);
    const latest = request.latestOf === undefined ? undefined : await ecs.newestOfOthers(request.latestOf);
    const base = latest === undefined ? named : await ecs.taskDefinition(latest);
    const revision = arnOf(base.taskDefinition) ?? latest ?? request.reference;
    const madeFrom = latestBaseOf(named.tags);
    const seen = {
      for: request.for,
      revision,
      family: familyAndRevision(revision).family,
      platform: runtimePlatformOf(base.taskDefinition),
      current:
        base === named || arnOf(named.taskDefinition) === revision || madeFrom === revisionName(revision),
    };
    const chosen = chooseContainers(base.taskDefinition, request.containers, app.image.repository);
    if ('refused' in chosen) {
      // A release task may well run another image than the services do.
      const forService = request.for.some((what) => what.startsWith('service:'));
      return { ...seen, takesImage: false, ...(forService ? { refusal: chosen.refused } : {}) };
    }
    const runs = pinnedDigest(named.taskDefinition, chosen.names);
    return { ...seen, takesImage: true, ...(runs === undefined ? {} : { runs }) };
  }

  async function register(app: App, effect: Of<'register'>, attempt: number): Promise<Answer> {
    const { taskDefinition, tags } = await ecs.taskDefinition(effect.base);
    const { revision } = effect.image.labels;
    const next = nextRevision({
      taskDefinition,
      tags,
      app: app.name,
      containers: effect.containers,
      image: effect.image,
      release: { id: effect.releaseId, number: effect.release },
      ...(revision === undefined ? {} : { gitRevision: revision }),
      ...(effect.latest ? { latestBase: revisionName(effect.base) } : {}),
    });
    if ('refused' in next)
      return refused('noContainer', `No new revision can be made from ${effect.base}: ${next.refused}.`);
    const made = attempt > 0 ? await findMade(effect.base, effect.releaseId, next.register) : undefined;
    return {
      kind: 'registered',
      revision: made ?? (await ecs.register(next.register)),
      droppedTags: next.droppedTags,
    };
  }

  async function runTask(app: App, effect: Of<'runTask'>, attempt: number): Promise<Answer> {
    if (attempt > 0 && now() - effect.firstAt > UNKNOWN_AFTER) return unknownStart(effect.task);
    const task = [...app.before, ...app.after].find((other) => other.name === effect.task);
    if (!task) return refused('notConfigured', `${effect.task} is no longer in fairway.yml.`);
    const like = task.network && task.capacity ? undefined : app.services[0]?.name;
    const around = like === undefined ? {} : await ecs.surroundings(app.cluster, like);
    const network = task.network ?? around.network;
    const capacity = task.capacity ?? around.capacity;
    try {
      const started = await ecs.run({
        cluster: app.cluster,
        taskDefinition: effect.revision,
        clientToken: tokenOf(effect),
        startedBy: `fairway/${effect.releaseId}`.slice(0, 128),
        container: task.container,
        ...(task.command && { command: task.command }),
        ...(network && { network }),
        ...(capacity && { capacity }),
      });
      const [taskArn] = started.taskArns;
      if (taskArn !== undefined) return { kind: 'taskStarted', taskArn };
      return notStarted(effect.task, started.failure ?? '');
    } catch (error) {
      const [taskArn] =
        error instanceof AwsFault && error.code === 'ConflictException' ? error.resourceIds : [];
      if (taskArn !== undefined) return { kind: 'taskStarted', taskArn };
      if (error instanceof AwsFault && error.message.includes('Capacity is unavailable')) {
        return notStarted(effect.task, error.message);
      }
      throw error;
    }
  }

  async function lookAtTask(app: App, effect: Of<'lookAtTask'>): Promise<Answer> {
    return { kind: 'taskSeen', task: await ecs.task(app.cluster, effect.taskArn) };
  }

  async function stopTask(app: App, effect: Of<'stopTask'>): Promise<Answer> {
    try {
      await ecs.stop(app.cluster, effect.taskArn, effect.reason);
    } catch (error) {
      // ECS does not know a task that stopped long ago: then there is nothing left to stop.
      if (!(error instanceof AwsFault) || error.code !== 'InvalidParameterException') throw error;
    }
    return { kind: 'done' };
  }

  async function updateService(app: App, effect: Of<'updateService'>, attempt: number): Promise<Answer> {
    const send = async (): Promise<Answer> => {
      const deploymentId = await ecs.update(app.cluster, effect.service, effect.revision);
      return { kind: 'serviceUpdated', deploymentId };
    };
    if (attempt === 0) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof AwsFault) || !error.passing) throw error;
      }
    }
    // It may have been done: a repeat looks first, for ECS would let it undo what others did since.
    const [sight] = await ecs.services(app.cluster, [effect.service]);
    const primary = primaryOf(sight?.deployments ?? []);
    if (!primary) return refused('serviceMissing', `Service ${effect.service} is gone.`);
    if (primary.taskDefinition === effect.revision)
      return { kind: 'serviceUpdated', deploymentId: primary.id };
    if (primary.id !== effect.expected) {
      return { kind: 'foreign', taskDefinition: primary.taskDefinition, deploymentId: primary.id };
    }
    return send();
  }

  async function findCause(app: App, effect: Of<'findCause'>): Promise<Answer> {
    const found = await ecs.firstCause(app.cluster, effect.service, effect.deploymentId);
    return { kind: 'causeFound', taskArns: [], ...found };
  }

  async function countHealthy(app: App, effect: Of<'countHealthy'>): Promise<Answer> {
    return { kind: 'healthyCounted', ...(await ecs.countHealthy(app.cluster, effect.deploymentId)) };
  }

  async function putBack(app: App, effect: Of<'putBack'>, attempt: number): Promise<Answer> {
    const [sight] = await ecs.services(app.cluster, [effect.service]);
    const primary = primaryOf(sight?.deployments ?? []);
    if (!primary) return refused('serviceMissing', `Service ${effect.service} is gone.`);
    if (primary.taskDefinition === effect.revision) return heading(primary);
    const copy = copyToGoBackTo(app, effect, await ecs.taskDefinition(effect.revision));
    const made =
      copy && attempt > 0 ? await findMade(afterRelease(effect), effect.releaseId, copy) : undefined;
    if (made !== undefined && primary.taskDefinition === made) return heading(primary);
    const ours = effect.ours.includes(primary.id) || primary.taskDefinition === effect.target;
    if (!ours) return { kind: 'foreign', taskDefinition: primary.taskDefinition, deploymentId: primary.id };
    const revision = copy ? (made ?? (await ecs.register(copy))) : effect.revision;
    const deploymentId = await ecs.update(app.cluster, effect.service, revision);
    return { kind: 'goingBack', revision, deploymentId, completed: false };
  }

  /** What an earlier attempt of this release registered, if its answer was lost. */
  async function findMade(
    after: string,
    releaseId: string,
    wanted: RawDefinition,
  ): Promise<string | undefined> {
    return ecs.findRegistered(after, releaseId, (candidate) => isSameDefinition(candidate, wanted));
  }
}

/** A copy is newer than what the release deployed. */
function afterRelease({ target, revision }: Of<'putBack'>): string {
  return familyAndRevision(target).family === familyAndRevision(revision).family ? target : revision;
}

function heading(primary: DeploymentSight): Answer {
  return {
    kind: 'goingBack',
    revision: primary.taskDefinition,
    deploymentId: primary.id,
    completed: primary.rolloutState === 'COMPLETED',
  };
}

function primaryOf(deployments: readonly DeploymentSight[]): DeploymentSight | undefined {
  return deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** The same for every repeat of one attempt: ECS starts one task per token. At most 64 characters. */
function tokenOf(effect: Of<'runTask'>): string {
  return createHash('sha256').update(`${effect.releaseId}/${effect.task}/${effect.attempt}`).digest('hex');
}
