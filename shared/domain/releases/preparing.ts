import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, lookAtWhatRuns, rememberDeployment } from '../kernel/deployments.ts';
import { memberOf } from '../member.ts';
import type { ObservedDeployment, ObservedService } from '../observations.ts';
import type { AppState, LiveImage } from '../state.ts';
import { changedAt, isRolling, isUnderWay, primaryOf } from '../strategies/rolling.ts';
import { shiftsTraffic } from '../strategies/shifting.ts';
import { askForBases } from './bases.ts';
import { endUnchanged } from './ending.ts';
import { failRelease } from './failing.ts';
import { tagLeftRunning } from './liveImages.ts';
import { isOlderThanOurs, isSecondLook } from './looking.ts';
import { note } from './notes.ts';

/** The services are known: can they be released at all, and from which revisions? */
export function servicesFound(
  ctx: Context,
  release: ReleaseDraft,
  observations: readonly ObservedService[],
): string {
  const byName = new Map(observations.map((observed) => [observed.service, observed]));
  for (const rollout of release.services) {
    const observed = byName.get(rollout.service);
    const refusal = refuse(ctx, rollout.service, observed);
    if (refusal) return failRelease(ctx, release, { service: rollout.service, cause: refusal });
  }
  const older = release.services.find((rollout) => isOlder(ctx, byName.get(rollout.service)));
  if (older && !isSecondLook(ctx, older, [...byName.keys()])) {
    return `the answer about ${older.service} is older than its last deployment: looking once more`;
  }
  const busy = observations.find((observed) => rollingForeign(observed));
  if (busy) return waitForForeign(release, busy);
  if (release.trigger.kind === 'push' && observations.some((observed) => isUnknown(ctx, observed))) {
    // The event of a deployment from outside was lost, or the table is an older one: what runs decides.
    lookAtWhatRuns(ctx);
    return 'a deployment is not known: looking at what runs';
  }

  const changesNothing = rollsBackToWhatRuns(ctx, release, byName);
  for (const rollout of release.services) {
    const observed = byName.get(rollout.service);
    const primary = observed && primaryOf(observed);
    if (!observed || !primary) continue;
    rollout.before = { taskDefinition: primary.taskDefinition, deploymentId: primary.id };
    const changed = changedAt(primary);
    if (changed !== undefined) rollout.before.changedAt = changed;
    const digest = memberOf(ctx.state.liveDigests, rollout.service);
    if (digest !== undefined) rollout.before.digest = digest;
    rollout.desired = observed.desired;
    rollout.threshold = observed.threshold;
    if (observed.bake !== undefined) rollout.bake = observed.bake;
    if (observed.mayPause) rollout.mayPause = true;
    if (shiftsTraffic(observed))
      rollout.shift = { strategy: observed.strategy, takes: 0, ...observed.shiftTime };
    rememberDeployment(ctx, rollout.service, primary.id);
    if (!observed.breaker) {
      note(
        release,
        `${rollout.service} has no deployment circuit breaker: Fairway watches its tasks and its own timeout`,
      );
    }
  }
  if (changesNothing) return endUnchanged(ctx, release);
  askForBases(ctx, release);
  return 'the services can be released: reading the revisions they run';
}

/** A rollback to the live image must not restart it, where every service is known to run it still. */
function rollsBackToWhatRuns(
  { state }: Context,
  { trigger, image, services }: ReleaseDraft,
  observations: ReadonlyMap<string, ObservedService>,
): boolean {
  const { live } = state;
  if (trigger.kind !== 'rollback' || live?.digest !== image.digest || services.length === 0) return false;
  if (tagLeftRunning(state) !== undefined) return false;
  return services.every(({ service }) => {
    const observed = observations.get(service);
    const primary = observed && primaryOf(observed);
    if (!primary || memberOf(state.liveDigests, service) !== image.digest) return false;
    return isOfLive(state, live, service, primary);
  });
}

/** A deployment of the live image's release, or from before Fairway saw the app. */
function isOfLive(
  { adoptedAt = 0, ended }: AppState,
  { release }: LiveImage,
  service: string,
  { id, createdAt = adoptedAt }: ObservedDeployment,
): boolean {
  if (release === undefined) return createdAt < adoptedAt;
  const rollouts = ended.find(({ number }) => number === release)?.services ?? [];
  return rollouts.some((rollout) => rollout.service === service && rollout.deploymentId === id);
}

function refuse(ctx: Context, name: string, observed: ObservedService | undefined) {
  const where = `service ${name} in cluster ${ctx.app.cluster}`;
  if (!observed?.found)
    return causeOf('serviceMissing', `There is no ${where}: create it, or fix its name in fairway.yml.`);
  if (observed.status !== 'ACTIVE')
    return causeOf('serviceNotActive', `The ${where} is ${observed.status}, not ACTIVE.`);
  if (observed.controller !== 'ECS') {
    return causeOf(
      'controller',
      `The ${where} is deployed by ${observed.controller}: Fairway rolls services of the ECS deployment controller only. ${INSTEAD}`,
    );
  }
  if (!isRolling(observed) && !shiftsTraffic(observed)) {
    return causeOf(
      'strategy',
      `The ${where} uses the ${observed.strategy} strategy: Fairway knows ROLLING, BLUE_GREEN, LINEAR and CANARY.`,
    );
  }
  // While traffic shifts, ECS may list no deployment: then the release waits for its end.
  if (!primaryOf(observed) && observed.serviceDeployment === undefined) {
    return causeOf('noDeployment', `The ${where} has no deployment.`);
  }
  return undefined;
}

/** AWS docs: migrate-codedeploy-to-ecs-bluegreen. */
const INSTEAD =
  'ECS itself deploys blue/green, linear and canary: update the service to `deploymentController: ECS` with such a `strategy`.';

function rollingForeign(observed: ObservedService): boolean {
  const primary = primaryOf(observed);
  if (shiftsTraffic(observed) && observed.serviceDeployment !== undefined) return true;
  return primary !== undefined && isUnderWay(primary);
}

function isOlder(ctx: Context, observed: ObservedService | undefined): boolean {
  const primary = observed && primaryOf(observed);
  return (
    observed !== undefined &&
    primary !== undefined &&
    isOlderThanOurs(ctx, observed.service, changedAt(primary))
  );
}

function isUnknown(ctx: Context, observed: ObservedService): boolean {
  const primary = primaryOf(observed);
  return primary !== undefined && !knowsDeployment(ctx, observed.service, primary.id);
}

/** A deployment from outside is in progress: the release waits for its end, within its own time. */
function waitForForeign(release: ReleaseDraft, busy: ObservedService): string {
  note(release, `waited for a deployment of ${busy.service} that was in progress`);
  return `waiting for the deployment of ${busy.service} that is in progress`;
}
