import type { Answer } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import type { EcsEffect } from '../domain/effects.ts';
import type { Registry } from '../domain/registry.ts';
import { AwsFault, type Ecs, type Images, type Logs, type PerformEcs } from '../ports.ts';
import { adopt } from './adopting.ts';
import { inspectImage } from './images.ts';
import { answerFault, isDenial, retryLater } from './refusals.ts';
import { readBases, register } from './revisions.ts';
import { createRunPerformer } from './runs.ts';
import { putBack, updateService } from './services.ts';
import { findTask, runTask, stopTask } from './tasks.ts';
import { lookForTrouble } from './troubles.ts';

export interface PerformOptions {
  readonly ecs: Ecs;
  /** Where images are pushed to: of the account and region that Fairway runs in. */
  readonly registry: Registry;
  readonly images: Images;
  readonly logs: Logs;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Performs effects on ECS and ECR. Each is harmless the second time: a repeat looks before it acts. */
export function createPerformEcs(options: PerformOptions): PerformEcs {
  const { ecs, registry, images, now } = options;
  const runs = createRunPerformer(options);
  return async (app, effect, attempt) => {
    try {
      return await perform(app, effect, attempt);
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      return answerOf(effect, error, attempt);
    }
  };

  async function perform(app: App, effect: EcsEffect, attempt: number): Promise<Answer> {
    switch (effect.kind) {
      case 'adopt':
        return adopt(ecs, registry, app, effect);
      case 'inspectImage':
        return inspectImage(images, app, effect);
      case 'lookAtServices':
        return { kind: 'servicesSeen', services: await ecs.services(app.cluster, effect.services) };
      case 'readBases':
        return readBases(ecs, registry, app, effect);
      case 'register':
        return register(ecs, registry, app, effect, attempt);
      case 'runTask':
        return runTask(ecs, now(), app, effect, attempt);
      case 'findTask':
        return findTask(ecs, app, effect);
      case 'lookAtTask':
        return { kind: 'taskSeen', task: await ecs.task(app.cluster, effect.taskArn) };
      case 'stopTask':
        return stopTask(ecs, app, effect);
      case 'updateService':
        return updateService(ecs, app, effect, attempt);
      case 'readServiceDeployments': {
        const { service, since } = effect;
        const deployments = await ecs.serviceDeployments(app.cluster, service, since);
        return { kind: 'serviceDeploymentsRead', deployments };
      }
      case 'findCause':
        return {
          kind: 'causeFound',
          taskArns: [],
          ...(await ecs.firstCause(app.cluster, effect.service, effect.deploymentId)),
        };
      case 'countHealthy':
        return { kind: 'healthyCounted', ...(await ecs.countHealthy(app.cluster, effect.deploymentId)) };
      case 'rollBack':
        return putBack({ ecs, registry, now: now() }, app, effect, attempt);
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
}

/**
 * What is missing for a look-up outside a release comes later, and the push must not be lost by then. A person who
 * asked for an image is answered at once instead.
 */
function answerOf(effect: EcsEffect, fault: AwsFault, attempt: number): Answer {
  if (effect.kind === 'adopt') return retryLater(fault, attempt);
  const isOfPush = effect.kind === 'inspectImage' && effect.trigger.kind === 'push';
  return isOfPush && isDenial(fault) ? retryLater(fault, attempt) : answerFault(fault, attempt);
}
