import type { Answer } from '../answers.ts';
import {
  announceRelease,
  causeOf,
  knowsDeployment,
  type ReleaseDraft,
  rememberDeployment,
  type Turn,
} from '../kernel/draft.ts';
import { revisionName } from '../revision.ts';
import { type DeploymentSight, describe, isComplete, primaryOf, type ServiceSight } from '../sights.ts';
import { askServiceDeployments, endedByEcs } from './endedByEcs.ts';
import { failRelease, finishGoingBack } from './ending.ts';
import { type ForeignDeployment, judgeGoingBack, leaveToOthers } from './goingBack.ts';
import { hold } from './holding.ts';
import { isSecondLook } from './looking.ts';
import { proceed } from './proceeding.ts';
import { judge, type Order } from './verdict.ts';

type Rollout = ReleaseDraft['services'][number];

/** UpdateService answered: the PRIMARY it named is the deployment we judge by. */
export function serviceUpdated(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  { deploymentId, createdAt }: Extract<Answer, { kind: 'serviceUpdated' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'updating') return `${service} is not waiting for an update`;
  rollout.state = 'rolling';
  rollout.deploymentId = deploymentId;
  if (createdAt !== undefined) rollout.deployedAt = createdAt;
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
    else if (goesBack && rollout.state === 'failed') seeWhatIsLeft(turn, rollout, sight);
    else if (!goesBack) judgeResting(turn, release, rollout, sight);
    // A failure found in one service decides for all of them.
    if (!goesBack && release.failure) return release.failure.cause.sentence;
  }
  return goesBack ? finishGoingBack(turn, release) : proceed(turn);
}

/** What a failed release left as it is: told by a look that is not older than our own deployment. */
function seeWhatIsLeft(turn: Turn, rollout: Rollout, sight: ServiceSight): void {
  const isOlder = judge(sight, orderOf(rollout), isKnown(turn, rollout)).kind === 'unproven';
  if (rollout.deploymentId !== undefined && isOlder && !isSecondLook(turn, rollout)) return;
  delete rollout.doubtedAt;
  rollout.runs = describe(sight);
}

/** A service that waits for its turn, or has had it: a PRIMARY that Fairway does not know was deployed outside it. */
function judgeResting(turn: Turn, release: ReleaseDraft, rollout: Rollout, sight: ServiceSight): void {
  const primary = primaryOf(sight);
  if (!sight.found || !primary || knowsDeployment(turn, rollout.service, primary.id)) return;
  if (primary.taskDefinition !== rollout.target) {
    overtaken(turn, release, rollout.service, foreignOf(primary));
    return;
  }
  // Ours, and the answer to our order is still on its way.
  if (rollout.state !== 'live') return;
  follow(turn, release, rollout, primary);
  if (release.step === 'rolling') rollout.state = 'rolling';
}

function judgeRollout(turn: Turn, release: ReleaseDraft, rollout: Rollout, sight: ServiceSight): void {
  const { service } = rollout;
  if (!sight.found || sight.status !== 'ACTIVE') {
    const sentence = `Service ${service} is gone: it is ${sight.found ? sight.status : 'missing'} in ECS.`;
    failRelease(turn, release, { service, cause: causeOf('serviceMissing', sentence) });
    return;
  }
  rollout.desired = sight.desired;
  rollout.threshold = sight.threshold;
  const ours = sight.deployments.find((deployment) => deployment.id === rollout.deploymentId);
  if (ours) {
    rollout.running = ours.running;
    rollout.seen = true;
  }
  const verdict = judge(sight, orderOf(rollout), isKnown(turn, rollout));
  if (verdict.kind === 'unproven') {
    if (isSecondLook(turn, rollout)) askServiceDeployments(turn, release, rollout);
    return;
  }
  delete rollout.doubtedAt;
  switch (verdict.kind) {
    case 'ours':
      judgePrimary(turn, release, rollout, sight, verdict.deployment);
      return;
    case 'redeployed':
      follow(turn, release, rollout, verdict.deployment);
      judgePrimary(turn, release, rollout, sight, verdict.deployment);
      return;
    case 'ended':
      endedByEcs(turn, release, rollout, verdict.words);
      return;
    case 'foreign':
      overtaken(turn, release, service, foreignOf(verdict.deployment));
  }
}

function isKnown(turn: Turn, { service }: Rollout): (deploymentId: string) => boolean {
  return (deploymentId) => knowsDeployment(turn, service, deploymentId);
}

function orderOf({ deploymentId = '', target = '', deployedAt, seen = false }: Rollout): Order {
  return { deploymentId, target, seen, ...(deployedAt === undefined ? {} : { createdAt: deployedAt }) };
}

/** Someone has forced a new deployment of our revision: it brings what the release brings, and is judged as ours. */
function follow(
  turn: Turn,
  release: ReleaseDraft,
  rollout: Rollout,
  { id, createdAt, running, taskDefinition }: DeploymentSight,
): void {
  rollout.deploymentId = id;
  if (createdAt === undefined) delete rollout.deployedAt;
  else rollout.deployedAt = createdAt;
  rollout.seen = true;
  rollout.running = running;
  rollout.stoppedTasks = [];
  rememberDeployment(turn, rollout.service, id);
  const what = revisionName(taskDefinition);
  release.notes.push(`a new deployment of ${what} was forced outside Fairway: v${release.number} follows it`);
}

function judgePrimary(
  turn: Turn,
  release: ReleaseDraft,
  rollout: Rollout,
  sight: ServiceSight,
  primary: DeploymentSight,
): void {
  if (primary.rolloutState === 'FAILED') {
    endedByEcs(turn, release, rollout, [primary.rolloutStateReason ?? '']);
    return;
  }
  if (!isComplete(sight, primary) || primary.taskDefinition !== rollout.target) return;
  rollout.state = 'live';
  rollout.running = primary.running;
  rollout.runs = describe(sight);
  if (sight.desired === 0 && sight.scheduling !== 'DAEMON') {
    release.notes.push(`${rollout.service} was deployed at 0 tasks: unverified`);
  }
  announceRelease(turn, release);
}

function foreignOf({ id, taskDefinition }: DeploymentSight): ForeignDeployment {
  return { deploymentId: id, taskDefinition };
}
