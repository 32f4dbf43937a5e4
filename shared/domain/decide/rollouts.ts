import { revisionName } from '../revision.ts';
import { type DeploymentSight, describe, isComplete, primaryOf, type ServiceSight } from '../sights.ts';
import {
  announceRelease,
  causeOf,
  knowsDeployment,
  type ReleaseDraft,
  rememberDeployment,
  type Turn,
} from './draft.ts';
import { failRelease, finishGoingBack } from './ending.ts';
import { failByBreaker } from './failing.ts';
import { type ForeignDeployment, judgeGoingBack, leaveToOthers } from './goingBack.ts';
import { hold } from './holding.ts';
import { proceed } from './proceeding.ts';

type Rollout = ReleaseDraft['services'][number];

/** UpdateService answered: the PRIMARY it named is the deployment we judge by. */
export function serviceUpdated(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  deploymentId: string,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'updating') return `${service} is not waiting for an update`;
  rollout.state = 'rolling';
  rollout.deploymentId = deploymentId;
  rememberDeployment(turn, service, deploymentId);
  announceRelease(turn, release);
  return `${service} rolls as ${deploymentId}`;
}

/** The service was deployed outside Fairway while this release was open. */
export function overtaken(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  theirs: ForeignDeployment,
): string {
  const what = revisionName(theirs.taskDefinition);
  const sentence = `${what} was deployed to ${service} outside Fairway while v${release.number} was under way.`;
  hold(turn, 'Fairway', `${sentence} Resume when Fairway should deploy again.`);
  const rollout = release.services.find((other) => other.service === service);
  if (rollout) leaveToOthers(turn, rollout, theirs);
  const cause = causeOf('foreignDeployment', sentence);
  return failRelease(turn, release, { cause, service, outcome: 'superseded' });
}

/** What DescribeServices says about *our* deployments: the only thing that ends a rollout. */
export function servicesSeen(turn: Turn, release: ReleaseDraft, sights: readonly ServiceSight[]): string {
  const goesBack = release.step === 'rollingBack';
  for (const sight of sights) {
    const rollout = release.services.find((other) => other.service === sight.service);
    if (!rollout) continue;
    if (rollout.state === 'rolling') judgeRollout(turn, release, rollout, sight);
    else if (rollout.state === 'goingBack') judgeGoingBack(turn, release, rollout, sight);
    else if (goesBack) rollout.runs = describe(sight);
    else judgeResting(turn, release, rollout, sight);
    // A failure found in one service decides for all of them.
    if (!goesBack && release.failure) return release.failure.cause.sentence;
  }
  return goesBack ? finishGoingBack(turn, release) : proceed(turn);
}

/** A service that waits for its turn, or has had it: whatever is PRIMARY now and is not ours is somebody else's. */
function judgeResting(turn: Turn, release: ReleaseDraft, rollout: Rollout, sight: ServiceSight): void {
  const primary = primaryOf(sight);
  if (!sight.found || !primary || knowsDeployment(turn, rollout.service, primary.id)) return;
  overtaken(turn, release, rollout.service, foreignOf(primary));
}

function judgeRollout(turn: Turn, release: ReleaseDraft, rollout: Rollout, sight: ServiceSight): void {
  const service = rollout.service;
  if (!sight.found || sight.status !== 'ACTIVE') {
    const sentence = `Service ${service} is gone: it is ${sight.found ? sight.status : 'missing'} in ECS.`;
    failRelease(turn, release, { service, cause: causeOf('serviceMissing', sentence) });
    return;
  }
  rollout.desired = sight.desired;
  rollout.threshold = sight.threshold;
  const primary = primaryOf(sight);
  const ours = sight.deployments.find((deployment) => deployment.id === rollout.deploymentId);
  if (ours) rollout.running = ours.running;
  if (!primary) return;
  if (primary.id === rollout.deploymentId) {
    judgePrimary(turn, release, rollout, sight, primary);
    return;
  }
  if (ours?.rolloutState === 'FAILED' || primary.taskDefinition === rollout.before?.taskDefinition) {
    const words = [ours?.rolloutStateReason, primary.rolloutStateReason].filter((text) => text !== undefined);
    failByBreaker(turn, release, rollout, words);
    return;
  }
  overtaken(turn, release, service, foreignOf(primary));
}

function judgePrimary(
  turn: Turn,
  release: ReleaseDraft,
  rollout: Rollout,
  sight: ServiceSight,
  primary: DeploymentSight,
): void {
  const service = rollout.service;
  if (primary.rolloutState === 'FAILED') {
    failByBreaker(turn, release, rollout, [primary.rolloutStateReason ?? '']);
    return;
  }
  if (!isComplete(sight, primary) || primary.taskDefinition !== rollout.target) return;
  rollout.state = 'live';
  rollout.running = primary.running;
  rollout.runs = describe(sight);
  if (sight.desired === 0 && sight.scheduling !== 'DAEMON') {
    release.notes.push(`${service} was deployed at 0 tasks: unverified`);
  }
  announceRelease(turn, release);
}

function foreignOf({ id, taskDefinition }: DeploymentSight): ForeignDeployment {
  return { deploymentId: id, taskDefinition };
}
