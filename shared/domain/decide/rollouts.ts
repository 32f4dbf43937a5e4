import type { Cause } from '../release.ts';
import { revisionName } from '../revision.ts';
import type { Answer, DeploymentSight, DomainEvent, ServiceSight, TaskSight } from '../state.ts';
import {
  announceRelease,
  ask,
  causeOf,
  drop,
  type ReleaseDraft,
  rememberDeployment,
  type Turn,
} from './draft.ts';
import { failRelease, finishGoingBack, hold } from './ending.ts';
import { proceed } from './proceeding.ts';
import { stopRun } from './tasks.ts';

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

/** Somebody else deployed the service while this release was open. */
export function overtaken(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  taskDefinition: string,
): string {
  const sentence = `Somebody else deployed ${revisionName(taskDefinition)} to ${service} while v${release.number} was under way.`;
  const rollout = release.services.find((other) => other.service === service);
  if (rollout) {
    // It is theirs now: putting it back would undo what a person did.
    rollout.state = 'unchanged';
    rollout.runs = revisionName(taskDefinition);
  }
  hold(turn, 'Fairway', `${sentence} Resume when Fairway should deploy again.`);
  const cause = causeOf('foreignDeployment', sentence);
  const run = release.tasks.find((other) => other.state === 'running');
  if (run && !release.failure) {
    // Nothing of a release goes on after its end.
    run.endsAs = 'superseded';
    stopRun(turn, release, run, cause);
    return sentence;
  }
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
  if (!sight.found || !primary || turn.state.known[rollout.service]?.includes(primary.id)) return;
  overtaken(turn, release, rollout.service, primary.taskDefinition);
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
  overtaken(turn, release, service, primary.taskDefinition);
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

/** Services whose rollout state ECS does not report (a Classic Load Balancer) are judged by their counts. */
function isComplete(sight: ServiceSight, primary: DeploymentSight): boolean {
  if (primary.rolloutState !== undefined) return primary.rolloutState === 'COMPLETED';
  return sight.deployments.length === 1 && primary.running === primary.desired;
}

function rolledBackByEcs(service: string, words: readonly string[]): Cause {
  const evidence = words.filter((text) => text !== '');
  const sentence = `ECS gave up the deployment of ${service}${evidence[0] ? `: ${evidence[0]}` : '.'}`;
  return causeOf('circuitBreaker', sentence, evidence);
}

/** The deployment's id may be reused by ECS's own rollback: what counts is PRIMARY's revision, and COMPLETED. */
function judgeGoingBack(turn: Turn, release: ReleaseDraft, rollout: Rollout, sight: ServiceSight): void {
  const primary = primaryOf(sight);
  rollout.runs = describe(sight);
  if (!sight.found || sight.status !== 'ACTIVE' || !primary) {
    rollout.state = 'stuck';
    return;
  }
  rollout.desired = sight.desired;
  rollout.running = primary.running;
  const wanted = rollout.backTo ?? rollout.before?.taskDefinition;
  if (primary.taskDefinition === wanted) {
    if (isComplete(sight, primary)) rollout.state = 'back';
    if (primary.rolloutState === 'FAILED') rollout.state = 'stuck';
    return;
  }
  if (rollout.backTo === undefined) return;
  if (primary.taskDefinition === rollout.target) {
    // ECS's breaker gave up the old revision, and took the service to what had completed last: ours.
    rollout.state = 'stuck';
    release.notes.push(
      `${rollout.service} could not be put back: ECS gave up ${revisionName(rollout.backTo)} as well and returned to ${revisionName(primary.taskDefinition)}`,
    );
    return;
  }
  // Somebody deployed over our putting back: theirs stands, and the app waits for a person.
  hold(
    turn,
    'Fairway',
    `somebody else deployed ${revisionName(primary.taskDefinition)} to ${rollout.service}`,
  );
  rollout.state = 'back';
}

/** The order to put a service back was given, or was not needed. */
export function goingBack(
  turn: Turn,
  release: ReleaseDraft,
  service: string,
  answer: Extract<Answer, { kind: 'goingBack' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'goingBack') return `${service} is not going back`;
  rollout.backTo = answer.revision;
  rollout.backDeploymentId = answer.deploymentId;
  rememberDeployment(turn, service, answer.deploymentId);
  if (answer.completed) {
    rollout.state = 'back';
    rollout.runs = revisionName(answer.revision);
  }
  return finishGoingBack(turn, release);
}

export function cannotGoBack(turn: Turn, release: ReleaseDraft, service: string, cause: Cause): string {
  const rollout = release.services.find((other) => other.service === service);
  if (!rollout) return `${service} is not part of the release`;
  rollout.state = 'stuck';
  release.notes.push(`${service} could not be put back: ${cause.sentence}`);
  return finishGoingBack(turn, release);
}

/** A task of our rollout stopped: worth a look, unless it was scaled in. */
export function taskStopped(
  turn: Turn,
  release: ReleaseDraft,
  event: Extract<DomainEvent, { type: 'taskStopped' }>,
): string {
  const run = release.tasks.find((other) => other.taskArn === event.taskArn);
  if (run && (run.state === 'running' || run.state === 'stopping')) {
    ask(turn, `task:${event.taskArn}`, { kind: 'lookAtTask', taskArn: event.taskArn });
    return `release task ${run.name} has stopped`;
  }
  if (event.scaledIn) return 'the task was scaled in: nothing to see';
  const rollout = release.services.find(
    (other) => other.deploymentId !== undefined && other.deploymentId === event.deploymentId,
  );
  if (rollout?.state !== 'rolling') return 'the task is not of an open rollout';
  if (rollout.stoppedTasks.includes(event.taskArn)) return 'the task was looked at already';
  ask(turn, `task:${event.taskArn}`, { kind: 'lookAtTask', taskArn: event.taskArn });
  return `a task of ${rollout.service} stopped`;
}

/** A stopped task of a rollout was looked at: a cause that cannot heal ends the release at once. */
export function serviceTaskSeen(turn: Turn, release: ReleaseDraft, sight: TaskSight): string {
  const rollout = release.services.find(
    (other) => other.deploymentId !== undefined && other.deploymentId === sight.startedBy,
  );
  if (rollout?.state !== 'rolling') return 'the task is not of an open rollout';
  if (!sight.found || sight.lastStatus !== 'STOPPED' || sight.scaledIn) return 'the task has not failed';
  if (rollout.stoppedTasks.includes(sight.taskArn)) return 'the task was counted already';
  rollout.stoppedTasks.push(sight.taskArn);
  if (sight.cause) rollout.firstCause ??= structuredClone(sight.cause) as NonNullable<Rollout['firstCause']>;
  if (sight.cause && !sight.cause.canHeal) {
    return failRelease(turn, release, { service: rollout.service, cause: sight.cause });
  }
  if (rollout.stoppedTasks.length < rollout.threshold || rollout.deploymentId === undefined) {
    return `${rollout.stoppedTasks.length} of ${rollout.threshold} stopped tasks of ${rollout.service}`;
  }
  ask(turn, `healthy:${rollout.service}`, {
    kind: 'countHealthy',
    service: rollout.service,
    deploymentId: rollout.deploymentId,
  });
  return `${rollout.stoppedTasks.length} tasks of ${rollout.service} stopped: is any healthy?`;
}

/** ECS's own verdict says that tasks failed, and not why: the tasks themselves tell. */
function failByBreaker(turn: Turn, release: ReleaseDraft, rollout: Rollout, words: readonly string[]): void {
  const { service, deploymentId } = rollout;
  failRelease(turn, release, { service, cause: rollout.firstCause ?? rolledBackByEcs(service, words) });
  if (rollout.firstCause || deploymentId === undefined) return;
  turn.state.outbox.unshift({
    key: `cause:${service}`,
    effect: { kind: 'findCause', service, deploymentId },
    attempt: 0,
    since: turn.now,
  });
}

export function causeFound(turn: Turn, release: ReleaseDraft, cause: Cause | undefined): string {
  const { failure } = release;
  if (!cause || failure?.cause.kind !== 'circuitBreaker') return 'no cause was found';
  const found = structuredClone(cause) as typeof failure.cause;
  failure.cause = { ...found, evidence: [...found.evidence, ...failure.cause.evidence] };
  announceRelease(turn, release);
  return cause.sentence;
}

export function healthyCounted(turn: Turn, release: ReleaseDraft, service: string, healthy: number): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rolling') return `${service} is not rolling`;
  if (healthy > 0) {
    rollout.stoppedTasks = rollout.stoppedTasks.slice(-1);
    return `${healthy} task(s) of ${service} are healthy: the rollout goes on`;
  }
  const cause =
    rollout.firstCause ??
    causeOf(
      'tasksStopped',
      `${rollout.stoppedTasks.length} tasks of ${service} stopped and none became healthy.`,
    );
  return failRelease(turn, release, { service, cause });
}

/** ECS says that a deployment ended. Whose it was, and how it ended, is looked up. */
export function deploymentEnded(
  turn: Turn,
  event: Extract<DomainEvent, { type: 'deploymentEnded' }>,
): string {
  const { state } = turn;
  const { release } = state;
  if (!release) {
    if (state.adoptedAt === undefined) return 'the app has not been seen yet';
    if (state.known[event.service]?.includes(event.deploymentId)) return 'the deployment is known';
    ask(turn, 'adopt', { kind: 'adopt', services: turn.app.services.map((service) => service.name) });
    return `${event.service} was deployed by somebody else: looking`;
  }
  const rollout = release.services.find((other) => other.service === event.service);
  if (!rollout) return 'the service is not part of the release';
  if (release.step === 'preparing' && !rollout.before) {
    ask(turn, 'look', { kind: 'lookAtServices', services: turn.app.services.map((service) => service.name) });
    return 'a deployment that was waited for has ended';
  }
  if (rollout.state !== 'rolling' && rollout.state !== 'goingBack') {
    const known = state.known[event.service]?.includes(event.deploymentId) ?? false;
    if (known || !rollout.before || release.step === 'rollingBack') return 'the service is not rolling';
    lookAt(turn, [event.service]);
    return `${event.service} was deployed by somebody else: looking`;
  }
  lookAtRollouts(turn, release);
  return `a deployment of ${event.service} ended: looking`;
}

/** Looks at every service that is on its way. */
export function lookAtRollouts(turn: Turn, release: ReleaseDraft): void {
  const moving = release.services.filter((rollout) =>
    ['rolling', 'goingBack', 'failed'].includes(rollout.state),
  );
  if (moving.length > 0)
    lookAt(
      turn,
      moving.map((rollout) => rollout.service),
    );
}

/** A look that is pending already and leaves one of them out is made again for all. */
function lookAt(turn: Turn, services: readonly string[]): void {
  const pending = turn.state.outbox.find((entry) => entry.key === 'look');
  const covered =
    pending?.effect.kind === 'lookAtServices' &&
    services.every(
      (name) => pending.effect.kind === 'lookAtServices' && pending.effect.services.includes(name),
    );
  const others = pending?.effect.kind === 'lookAtServices' ? pending.effect.services : [];
  if (pending && !covered) drop(turn, (entry) => entry.key === 'look');
  ask(turn, 'look', { kind: 'lookAtServices', services: [...new Set([...others, ...services])] });
}

function primaryOf(sight: ServiceSight): DeploymentSight | undefined {
  return sight.deployments.find((deployment) => deployment.status === 'PRIMARY');
}

/** "web-app:11 at 3/3 tasks". */
function describe(sight: ServiceSight): string {
  const primary = primaryOf(sight);
  if (!sight.found || !primary) return 'nothing: the service is missing';
  return `${revisionName(primary.taskDefinition)} at ${primary.running}/${sight.desired} tasks`;
}
