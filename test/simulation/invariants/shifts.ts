import type { OperatorRequest } from '../../../shared/domain/operator.ts';
import type { Change } from '../history.ts';
import { asObject } from '../objects.ts';
import type { Played } from '../play.ts';
import { trafficOf } from '../seen.ts';
import { shiftsTraffic } from '../strategies.ts';
import { byFunctions, deploymentsOf, releaseOfChange, releasesOf } from './facts.ts';

/** Invariants about deployments that shift traffic. Each answers a sentence per violation. */

/** 3. The load balancer sends users to what runs: by its own weights, not by what a deployment says. */
export function trafficFollows(played: Played): string[] {
  if (played.plan.actions.some(({ kind }) => kind === 'resetWeights')) return [];
  const { configurations = {} } = played.plan.strategies ?? {};
  const services = Object.keys(configurations).filter((name) => shiftsTraffic(played.plan, name));
  return services.flatMap((service) => {
    // What others deploy may still be in progress at the end, or was given up without a way back.
    const { serving, wanted, isRight, isSettled } = trafficOf(played.world.cloud, service);
    if (!isSettled || wanted === undefined || isRight) return [];
    return [`users of ${service} are on ${serving.join()}, and its last good revision serves from ${wanted}`];
  });
}

/** ECS still moves the traffic to the new revision. */
const MOVING: readonly string[] = ['PENDING', 'IN_PROGRESS'];

/** 5. While the old tasks still run, the traffic returns to them at once: nothing is deployed over an open shift. */
export function openShiftsAreStopped(played: Played): string[] {
  return byFunctions(played, 'UpdateService').flatMap(({ by: { effect }, shift }) => {
    if (effect.kind !== 'rollBack' || shift?.target !== effect.target || !MOVING.includes(shift.status))
      return [];
    return [`${effect.service} was rolled back by a new deployment in ${shift.stage} instead of a stop`];
  });
}

/** 1. An order starts one deployment: one that ECS has rolled back within seconds is not sent again. */
export function ordersStartOneDeployment(played: Played): string[] {
  return played.plan.configuration.apps.flatMap((app) => {
    const services = app.services.map(({ name }) => name).filter((name) => shiftsTraffic(played.plan, name));
    return services.flatMap((service) => {
      if (isDeployedByOthers(played, service)) return [];
      const targets = deploymentsOf(played, service).map(({ target }) => target);
      const orders = byFunctions(played, 'UpdateService').filter(
        ({ by: { effect } }) => 'service' in effect && effect.service === service,
      );
      // A repeat is the same order; a release that fails later orders the revision again, to return to it.
      const forwards = orders.filter(({ by: { effect } }) => effect.kind === 'updateService');
      return [...new Set(forwards.map(revisionOf))].flatMap((revision) => {
        const back = orders.filter((order) => revisionOf(order) === revision && !forwards.includes(order));
        const expected = 1 + new Set(back.map((order) => releaseOfChange(played, order))).size;
        const times = targets.filter((target) => target === revision).length;
        if (times <= expected) return [];
        return [`${revision} was deployed to ${service} ${times} times by ${expected} orders`];
      });
    });
  });
}

function revisionOf({ input }: Change): string {
  return String(asObject(input).taskDefinition);
}

function isDeployedByOthers({ world }: Played, name: string): boolean {
  return world.history.changes.some(
    ({ by, operation, service }) => !by && operation === 'UpdateService' && service === name,
  );
}

/** Stages in which the new tasks do not run yet. */
const STARTING: readonly string[] = ['none', 'RECONCILE_SERVICE', 'PRE_SCALE_UP', 'SCALE_UP'];

/** 3. A rollout's own time is for starting its tasks: no step, bake or pause runs into it. */
export function bakesAreWaitedFor(played: Played): string[] {
  return releasesOf(played).flatMap(({ id, number, failure }) => {
    const shift = played.world.history.failedShifts.get(id);
    if (failure?.cause.kind !== 'timeout' || !shift || !MOVING.includes(shift.status)) return [];
    const isWaiting = shift.waiting.length > 0 || !STARTING.includes(shift.stage);
    return isWaiting ? [`v${number} timed out while ${failure.service} was in ${shift.stage}`] : [];
  });
}

/** 7. A release warns of weights that do not point at what runs, and of no others. */
export function weightWarningsAreTrue(played: Played): string[] {
  return releasesOf(played).flatMap(({ id, number, notes, services }) => {
    const looks = played.world.history.weightLooks.filter(({ release }) => release === id);
    const goesOn = services.some(({ target }) => target !== undefined);
    return [...new Set(looks.map(({ service }) => service))].flatMap((service) => {
      const seen = looks.filter((look) => look.service === service).map(({ isRight }) => isRight);
      const warns = notes.some((note) =>
        note.startsWith(`The production listener rule of ${service} points`),
      );
      const couldNot = notes.some((note) => note.startsWith(`The weights of ${service} were not checked`));
      if (warns && seen.every(Boolean))
        return [`v${number} warns of the weights of ${service}: they were right`];
      if (goesOn && !warns && !couldNot && !seen.some(Boolean))
        return [`v${number} does not warn of the weights of ${service}, which were reset`];
      return [];
    });
  });
}

type Continue = Extract<OperatorRequest, { command: 'continue' }>;

/** 6. A pause is continued because a person saw it: never another one of the same deployment. */
export function continuesAreOfThePauseSeen(played: Played): string[] {
  const requests = played.world.history.operators.flatMap(({ request, answer }): Continue[] =>
    request.command === 'continue' && answer?.ok !== false ? [request] : [],
  );
  const isFree = requests.some(({ hook }) => hook === undefined);
  const seen = new Set(requests.map(({ hook }) => hook));
  return byFunctions(played, 'ContinueServiceDeployment').flatMap(({ input }) =>
    isFree || seen.has(String(input.hookId))
      ? []
      : [`${input.hookId} was continued, and no one had seen it: ${[...seen].join()} was`],
  );
}
