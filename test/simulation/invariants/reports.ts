import type { Release, ServiceRollout } from '../../../shared/domain/release.ts';
import { revisionName } from '../../../shared/domain/revision.ts';
import type { Played } from '../play.ts';
import type { Seen } from '../seen.ts';
import { byFunctions, deploymentsOf, primaryOf, releaseOfChange, releasesOf, rollbacksOf } from './facts.ts';

/** Invariants about what people read of a release. Each answers a sentence per violation. */

/** Between a look at ECS and what is written of it a person may act. */
const RACE = 90_000;
/** What the last look answered may be as old as this. */
const LOOK = 15_000;

type Ended = ReturnType<typeof releasesOf>[number];

/** Causes by which ECS is said to have ended a rollout. */
const BY_ECS = ['circuitBreaker', 'deploymentAlarm'];

/** 7. Where ECS is said to have given up a deployment, it did, and no person had. */
export function causesAreTrue(played: Played): string[] {
  const { emitted, changes } = played.world.history;
  return releasesOf(played).flatMap(({ number, failure, services, endedAt }) => {
    if (!failure || endedAt === undefined || !BY_ECS.includes(failure.cause.kind)) return [];
    const rollout = services.find(({ service }) => service === failure.service);
    // ECS sends no event of a hook's failure, and where traffic shifts perhaps none at all: its record decides.
    const isOnRecord = rollout?.shift ?? /\bpause\b/.test(failure.cause.sentence);
    const ends = rollout?.shift ? /^(ROLLBACK_|STOPPED)/ : /^ROLLBACK_/;
    const deployments = isOnRecord ? deploymentsOf(played, rollout?.service ?? '') : [];
    if (deployments.some(({ target, status }) => target === rollout?.target && ends.test(status))) return [];
    if (rollout?.shift) return [`v${number} is said to have failed by ECS, and ECS did not end it`];
    // The answer to the order may be lost, and a person may deploy the release's revision again: the revision decides.
    const primaries = changes.map(({ output }) => primaryOf(output));
    const ours = primaries.filter((primary) => primary && primary.taskDefinition === rollout?.target);
    const ids = [rollout?.deploymentId, ...ours.map((primary) => primary?.id)];
    const failed = emitted.some(
      ({ at, detail }) =>
        at <= endedAt &&
        detail.eventName === 'SERVICE_DEPLOYMENT_FAILED' &&
        ids.includes(detail.deploymentId),
    );
    return failed
      ? []
      : [
          `v${number} is said to have failed by ECS (${failure.cause.sentence}), and ECS did not fail ${rollout?.deploymentId}`,
        ];
  });
}

/** 7. What is said of the services when a release ends is how they are in ECS. */
export function endsAreTrue(played: Played): string[] {
  return releasesOf(played).flatMap((release) => {
    const truth = played.world.history.ends.get(release.id)?.truth;
    if (!release.end || !truth) return [];
    const wrong = release.services.flatMap((rollout) => {
      const seen = truth.get(rollout.service);
      if (!seen || actedOn(played, rollout.service, release)) return [];
      const said = wrongWords(rollout, seen);
      const isOld = said.length > 0 && movedLately(played, rollout.service, release);
      return [...(isOld ? [] : said), ...wrongOf(rollout, seen)];
    });
    return [...wrong, ...claimsNoChange(played, release)].map(
      (what) => `v${release.number} ended ${release.end?.outcome}: ${what}`,
    );
  });
}

function wrongWords({ service, runs }: ServiceRollout, { primary }: Seen): string[] {
  const is = revisionName(primary.taskDefinition);
  const isRight = runs === undefined || runs.split(' ')[0] === is || runs.startsWith('nothing');
  return isRight ? [] : [`${service} runs ${is}, and is said to run ${runs}`];
}

function wrongOf(rollout: ServiceRollout, { primary }: Seen): string[] {
  const { service, state, target, before, rollbackRevision } = rollout;
  const is = `${service} runs ${revisionName(primary.taskDefinition)}`;
  if (state === 'live' && target !== undefined && primary.taskDefinition !== target)
    return [`${is}, and is called live`];
  const wanted = rollbackRevision ?? before?.taskDefinition;
  if (state === 'rolledBack' && primary.taskDefinition !== wanted)
    return [`${is}, and is called rolled back`];
  if (
    state === 'rollbackFailed' &&
    primary.taskDefinition === rollbackRevision &&
    primary.rolloutState !== 'FAILED' &&
    // Without a task that runs it does not end on its own, and its time is over.
    primary.running > 0
  )
    return [`${is}, and its rollback is called failed`];
  return [];
}

/** Whether ECS itself put another deployment in place just before the end: after the last look. */
function movedLately(played: Played, service: string, { endedAt = 0 }: Ended): boolean {
  const isLate = (at: number) => at <= endedAt && at > endedAt - LOOK;
  const isSaid = played.world.history.emitted.some(
    (event) =>
      event['detail-type'] === 'ECS Deployment State Change' &&
      isLate(event.at) &&
      event.resources.some((arn) => arn.endsWith(`/${service}`)),
  );
  // ECS may send no event of a rollback where traffic shifts.
  return isSaid || rollbacksOf(played, service).some(isLate);
}

/** A release that is said to have changed nothing has not ordered a deployment. */
function claimsNoChange(played: Played, { id, end }: Release): string[] {
  if (!/No service was changed/.test(end?.reason ?? '')) return [];
  const changed = byFunctions(played, 'UpdateService').filter(
    (change) => change.by.effect.kind === 'updateService' && releaseOfChange(played, change) === id,
  );
  return changed.map(({ input }) => `${input.service} was changed, and "${end?.reason}"`);
}

/** 5. When a release ends that is not live, no service that only Fairway changed is left at its revision. */
export function nothingIsLeftBehind(played: Played): string[] {
  return releasesOf(played).flatMap((release) => {
    const truth = played.world.history.ends.get(release.id)?.truth;
    const { end, number, services } = release;
    if (!end || !truth || end.outcome === 'live' || end.outcome === 'rollbackFailed') return [];
    return services.flatMap(({ service, state, target }) => {
      if (state === 'failed' || target === undefined || actedOn(played, service, release)) return [];
      return truth.get(service)?.primary.taskDefinition === target
        ? [`v${number} ended ${end.outcome}, and ${service} is left at its revision`]
        : [];
    });
  });
}

/** Whether a person changed the service while the release was open, or just when it ended. */
function actedOn({ world }: Played, service: string, { startedAt, endedAt = 0 }: Ended): boolean {
  return world.history.changes.some(
    (change) => change.service === service && change.at >= startedAt - RACE && change.at <= endedAt + RACE,
  );
}
