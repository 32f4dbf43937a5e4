import type { App } from '../domain/app.ts';
import type { AnswerTo, EffectOf, ResultOf } from '../domain/effects.ts';
import { type ObservedDeployment, type ObservedService, SECOND_LOOK } from '../domain/observations.ts';
import type { Home } from '../domain/registry.ts';
import { familyAndRevision } from '../domain/revision.ts';
import { hasCompleted, hasEnded, isAfter, primaryOf } from '../domain/strategies/rolling.ts';
import type { Ecs } from '../ports.ts';
import { orAgain, uncertain } from '../repeating.ts';
import { copyToRollBackTo } from './copies.ts';
import { refused } from './refusals.ts';
import { findMade } from './revisions.ts';
import { judgeSince, startedShift, stopShift } from './shifts.ts';

/** Rolls a service to the release's revision. A repeat sends only where nothing has changed since the release began. */
export async function updateService(
  ecs: Ecs,
  app: App,
  effect: EffectOf<'updateService'>,
  attempt: number,
): Promise<ResultOf<'updateService'>> {
  const send = async (): Promise<ResultOf<'updateService'>> => {
    const started = await ecs.update(app.cluster, effect.service, effect.revision, effect.settings);
    return { kind: 'serviceUpdated', ...started };
  };
  const again = () => sendUnlessDone(ecs, app, effect, send);
  return attempt === 0 ? orAgain(send, again) : again();
}

/** It may have been done: a repeat looks first, for ECS would let it undo what others did since. */
async function sendUnlessDone(
  ecs: Ecs,
  app: App,
  effect: EffectOf<'updateService'>,
  send: () => Promise<ResultOf<'updateService'>>,
): Promise<ResultOf<'updateService'>> {
  const [observed] = await ecs.services(app.cluster, [effect.service]);
  const primary = observed && primaryOf(observed);
  if (effect.since !== undefined && observed?.found) {
    const started = await startedShift(ecs, app, effect, effect.since);
    // Later events and looks name the deployment by the id that PRIMARY has.
    const isShown = started?.kind === 'serviceUpdated' && primary?.taskDefinition === effect.revision;
    if (started) return isShown ? { ...started, deploymentId: primary.id } : started;
  }
  if (!primary) return gone(effect);
  if (primary.taskDefinition === effect.revision) {
    const { id, createdAt } = primary;
    return { kind: 'serviceUpdated', deploymentId: id, ...(createdAt === undefined ? {} : { createdAt }) };
  }
  if (primary.id !== effect.expected) {
    return { kind: 'foreign', taskDefinition: primary.taskDefinition, deploymentId: primary.id };
  }
  // ECS's own rollback brings the deployment of before back under its old id: then the order was carried out.
  if (isAfter(primary, effect.expectedAt)) {
    const deployments = await ecs.serviceDeployments(app.cluster, effect.service, effect.expectedAt ?? 0);
    const wasOurs = deployments.some((one) => one.taskDefinition === effect.revision && hasEnded(one));
    if (wasOurs) return { kind: 'serviceDeploymentsRead', deployments };
  }
  return send();
}

/** Rolls a service back to what it ran before, unless someone else has changed it since. */
export async function rollBack(
  { ecs, home, now }: { readonly ecs: Ecs; readonly home: Home; readonly now: number },
  app: App,
  effect: EffectOf<'rollBack'>,
  attempt: number,
): Promise<ResultOf<'rollBack'>> {
  const stopped = effect.shift && (await stopShift(ecs, app, effect, effect.shift.since));
  if (stopped?.answer) return stopped.answer;
  const isOpen = stopped?.cannotStop === true;
  const [observed] = await ecs.services(app.cluster, [effect.service]);
  const primary = observed && primaryOf(observed);
  if (!primary && !stopped?.since && !isOpen) return gone(effect);
  if (primary?.taskDefinition === effect.revision && !isOpen) {
    return observed && isProven(observed, primary, effect, now) ? heading(primary) : { kind: 'unproven' };
  }
  const copy = copyToRollBackTo(home, app, effect, await ecs.taskDefinition(effect.revision));
  const made =
    copy && attempt > 0 ? await findMade(ecs, afterRelease(effect), effect.releaseId, copy) : undefined;
  const since = stopped?.since && judgeSince(stopped.since, copy ? made : effect.revision);
  if (since) return since;
  if (!primary && !isOpen) return gone(effect);
  if (primary && made !== undefined && primary.taskDefinition === made) return heading(primary);
  if (primary && !isKnown(primary, effect, isOpen))
    return { kind: 'foreign', taskDefinition: primary.taskDefinition, deploymentId: primary.id };
  const revision = copy ? (made ?? (await ecs.register(copy))) : effect.revision;
  const order = () => ecs.update(app.cluster, effect.service, revision, effect.settings);
  // A copy that was registered has to be found by the next attempt.
  const started = await (copy ? uncertain(order) : order());
  return { kind: 'rollingBack', revision, ...started, completed: false };
}

/**
 * Whether the earlier revision runs although Fairway ordered another one, or seems to because the answer is older than
 * the order: then ECS has shown our deployment as well, has changed the earlier one since, or shows only the earlier
 * one in a second look.
 */
function isProven(
  observed: ObservedService,
  primary: ObservedDeployment,
  { expected, ours, orderedAt, doubtedAt }: EffectOf<'rollBack'>,
  now: number,
): boolean {
  if (primary.id !== expected || observed.deployments.some(({ id }) => ours.includes(id))) return true;
  if (isAfter(primary, orderedAt)) return true;
  return doubtedAt !== undefined && now - doubtedAt >= SECOND_LOOK;
}

/** Whether PRIMARY is ours, or may be what ours replaces while that is `open`. */
function isKnown(
  { id, taskDefinition }: ObservedDeployment,
  { ours, target, revision }: EffectOf<'rollBack'>,
  open: boolean,
): boolean {
  return ours.includes(id) || taskDefinition === target || (open && taskDefinition === revision);
}

function gone({ service }: Pick<EffectOf<'rollBack'>, 'service'>) {
  return refused('serviceMissing', `Service ${service} is gone.`);
}

/** A copy is newer than what the release deployed. */
function afterRelease({ target, revision }: EffectOf<'rollBack'>): string {
  return familyAndRevision(target).family === familyAndRevision(revision).family ? target : revision;
}

function heading(primary: ObservedDeployment): AnswerTo<'rollBack'> {
  return {
    kind: 'rollingBack',
    revision: primary.taskDefinition,
    deploymentId: primary.id,
    completed: hasCompleted(primary),
  };
}
