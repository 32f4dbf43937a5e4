import type { Answer } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import type { EcsEffect, EcsKind, EffectOf, ResultOf } from '../domain/effects.ts';
import type { Home } from '../domain/registry.ts';
import { AwsFault, type Ecs, type Images, type LoadBalancers, type Logs, type PerformEcs } from '../ports.ts';
import { adopt } from './adopting.ts';
import { inspectImage } from './images.ts';
import { answerFault, isDenial, retryLater } from './refusals.ts';
import { readBases, register } from './revisions.ts';
import { createRunPerformer } from './runs.ts';
import { rollBack, updateService } from './services.ts';
import { lookAtShifts } from './shifts.ts';
import { stopTask } from './tasks.ts';
import { findCause, lookAtStopped, lookAtTrouble } from './troubles.ts';

interface PerformOptions {
  readonly ecs: Ecs;
  readonly home: Home;
  readonly images: Images;
  readonly logs: Logs;
  /** Absent: target groups may not be read. */
  readonly loadBalancers?: LoadBalancers | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type Performers = {
  readonly [Kind in EcsKind]: (app: App, effect: EffectOf<Kind>, attempt: number) => Promise<ResultOf<Kind>>;
};

/** Performs effects on ECS and ECR. Each is harmless the second time: a repeat looks before it acts. */
export function createPerformEcs(options: PerformOptions): PerformEcs {
  const performers = performersOf(options);
  return async (app, effect, attempt) => {
    try {
      return await performOne(performers, app, effect, attempt);
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      return answerOf(effect, error, attempt);
    }
  };
}

function performOne<Kind extends EcsKind>(
  performers: Performers,
  app: App,
  effect: EffectOf<Kind>,
  attempt: number,
): Promise<ResultOf<Kind>> {
  return performers[effect.kind](app, effect, attempt);
}

function performersOf(options: PerformOptions): Performers {
  const { ecs, home, images, now, loadBalancers } = options;
  const sources = { ecs, loadBalancers };
  const runs = createRunPerformer(options);
  const services = async (app: App, effect: { readonly services: readonly string[] }) => ({
    kind: 'servicesSeen' as const,
    services: await ecs.services(app.cluster, effect.services),
  });
  return {
    adopt: (app, effect) => adopt(ecs, home, app, effect),
    inspectImage: (app, effect) => inspectImage(images, app, effect),
    lookAtServices: services,
    lookForRecovery: services,
    lookAtStopped: (app, effect) => lookAtStopped(sources, app, effect),
    lookAtTrouble: (app, effect) => lookAtTrouble(sources, app, effect),
    readBases: (app, effect) => readBases(ecs, home, app, effect, loadBalancers),
    register: (app, effect, attempt) => register(ecs, home, app, effect, attempt),
    lookAtTask: async (app, { taskArn }) => ({
      kind: 'taskSeen',
      task: await ecs.task(app.cluster, taskArn),
    }),
    stopTask: (app, effect) => stopTask(ecs, app, effect),
    updateService: (app, effect, attempt) => updateService(ecs, app, effect, attempt),
    lookAtShifts: (app, effect) => lookAtShifts(ecs, app, effect),
    answerPause: async (_, { deployment, hook, action }) => {
      await ecs.answerPause(deployment, hook, action);
      return { kind: 'done' };
    },
    readServiceDeployments: async (app, { service, since }) => ({
      kind: 'serviceDeploymentsRead',
      deployments: await ecs.serviceDeployments(app.cluster, service, since),
    }),
    findCause: (app, effect) => findCause(sources, app, effect),
    countHealthy: async (app, { deploymentId }) => ({
      kind: 'healthyCounted',
      ...(await ecs.countHealthy(app.cluster, deploymentId)),
    }),
    rollBack: (app, effect, attempt) => rollBack({ ecs, home, now: now() }, app, effect, attempt),
    prepareRun: (app, effect) => runs.prepare(app, effect),
    startRun: (app, effect, attempt) => runs.start(app, effect, attempt),
    readLines: (_, effect) => runs.read(effect),
  };
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
