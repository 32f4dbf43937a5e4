import type { Alert } from '../alert.ts';
import type { AlertLook } from '../effects.ts';
import type { DomainEvent } from '../events.ts';
import type { Context } from '../kernel/context.ts';
import { knowsDeployment } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import { closeAlert, isSeen, openAlerts, PACE, quietAt } from './book.ts';

/**
 * What goes wrong with a service on its own. Events only say that something may be wrong: whether it is, and why, is
 * looked up. What concerns the deployments of a release is the release's business.
 */

type Of<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>;
type Trouble = Extract<AlertLook, { kind: 'lookAtTrouble' }>;

const MINUTE = 60_000;
/** DescribeTasks takes so many. Source: ECS API reference. */
const BATCH = 100;
/** Stopped tasks that wait for a look: of one service, and of all. More are not counted; the item has to stay small. */
const MOST_OF_SERVICE = 300;
const MOST_OF_ALL = 600;
/** ECS's words in an event: "RESOURCE:FARGATE". */
const LONGEST_WORDS = 120;
/** Services that wait for a look because ECS says that they cannot start tasks. It says so again. */
const MOST_IN_TROUBLE = 100;
/** How often a service is checked that does not recover. */
export const REVIEW = 5 * MINUTE;

/** A task stopped outside any release: the first one is checked at once, later ones together. */
export function stoppedAlone(ctx: Context, event: Of<'taskStopped'>): string | undefined {
  const { service } = event;
  if (service === undefined || event.scaledIn || ctx.state.adoptedAt === undefined) return undefined;
  if (isOfRelease(ctx, service, event.deploymentId)) return undefined;
  const task = event.taskArn.slice(event.taskArn.lastIndexOf('/') + 1);
  if (isSeen(ctx, task)) return 'the task was counted already';
  return queue(ctx, service, task);
}

function queue(ctx: Context, service: string, task: string): string {
  const { outbox, alerts } = ctx.state;
  const key = `stopped:${service}`;
  const pending = outbox.find((entry) => entry.key === key);
  if (pending?.effect.kind === 'lookAtStopped') {
    const { tasks } = pending.effect;
    if (tasks.includes(task)) return 'a check of the task is already pending';
    const all = outbox.flatMap(({ effect }) => (effect.kind === 'lookAtStopped' ? effect.tasks : [])).length;
    if (tasks.length >= MOST_OF_SERVICE || all >= MOST_OF_ALL) {
      pending.effect.more = true;
      return 'too many tasks stop: not counted';
    }
    tasks.push(task);
    if (tasks.length >= BATCH && pending.attempt === 0) delete pending.notBefore;
    return `${tasks.length} stopped tasks of ${service} will be checked`;
  }
  const next = (memberOf(alerts?.watched, service)?.lookedAt ?? 0) + PACE;
  lookAtStopped(ctx, service, [task], next <= ctx.now ? undefined : next);
  return `a task of ${service} stopped on its own`;
}

/** Asks what happened to tasks that stopped; `notBefore`: together with those that stop until then; `again`: the last time. */
export function lookAtStopped(
  ctx: Context,
  service: string,
  tasks: readonly string[],
  notBefore: number | undefined,
  again: readonly string[] = [],
): void {
  const wait = notBefore === undefined || tasks.length >= BATCH ? {} : { notBefore };
  const early = again.length === 0 ? {} : { again };
  enqueue(ctx, `stopped:${service}`, { kind: 'lookAtStopped', service, tasks, ...early }, wait);
}

/** ECS says that a deployment failed. Undefined: it is a release's, or has not failed. */
export function failedAlone(ctx: Context, event: Of<'deploymentEnded'>): string | undefined {
  const { service, deploymentId } = event;
  if (!event.failed || ctx.state.adoptedAt === undefined) return undefined;
  if (isOurs(ctx, service, deploymentId) || isOfRelease(ctx, service, deploymentId)) return undefined;
  lookAt(ctx, { kind: 'lookAtTrouble', service, about: 'deploymentFailed', at: ctx.now, deploymentId });
  return `a deployment of ${service} that is not ours failed: looking`;
}

/** ECS says something about a service as a whole. */
export function serviceActed(ctx: Context, event: Of<'serviceAction'>): string {
  const { service, action, words } = event;
  if (ctx.state.adoptedAt === undefined) return 'the app has not been seen yet';
  if (isMoving(ctx, service)) return `${service} is being released: the release sees to it`;
  if (isKnown(ctx, service, action)) return `${service} still cannot start its tasks, as announced`;
  const waiting = ctx.state.outbox.filter(({ effect }) => effect.kind === 'lookAtTrouble');
  if (waiting.length >= MOST_IN_TROUBLE) return `too much to look at: ${service} has to wait`;
  const said = words === undefined ? {} : { words: words.slice(0, LONGEST_WORDS) };
  lookAt(ctx, { kind: 'lookAtTrouble', service, about: action, at: ctx.now, ...said });
  return `${service} cannot start its tasks: looking`;
}

/** ECS says it again and again: once a minute is enough. */
function isKnown(ctx: Context, service: string, action: 'placement' | 'startImpaired'): boolean {
  return openAlerts(ctx.state).some(
    (alert) =>
      alert.service === service &&
      (alert.kind === action || (action === 'startImpaired' && alert.kind === 'crashLoop')) &&
      ctx.now - alert.lastAt < PACE,
  );
}

function lookAt(ctx: Context, trouble: Trouble): void {
  enqueue(ctx, `trouble:${trouble.service}:${trouble.about}`, trouble);
}

/** The sweep came by: services that may have recovered are checked. */
export function reviewAlerts(ctx: Context): void {
  const { state, app, now } = ctx;
  const due = new Set<string>();
  for (const alert of openAlerts(state)) {
    if (!app.services.some(({ name }) => name === alert.service)) {
      closeAlert(ctx, alert, 'over', 'no longer in fairway.yml');
      continue;
    }
    if (now < reviewAt(alert)) continue;
    alert.lookedAt = now;
    due.add(alert.service);
  }
  if (due.size > 0) enqueue(ctx, 'recovery', { kind: 'lookForRecovery', services: [...due] });
}

/** When the sweep should look whether this trouble is over, epoch milliseconds. */
export function reviewAt(alert: Alert): number {
  return Math.max(quietAt(alert), alert.lookedAt + REVIEW);
}

/** Whether the open release, or one that has rolled back, is responsible for this deployment. */
export function isOfRelease(ctx: Context, service: string, deploymentId: string | undefined): boolean {
  const { release, ended } = ctx.state;
  const isBackFrom = ended.some(({ services }) =>
    services.some(
      (one) => one.service === service && one.deploymentId === deploymentId && one.state === 'rolledBack',
    ),
  );
  if (isBackFrom && deploymentId !== undefined) return true;
  const rollout = release?.services.find((other) => other.service === service);
  if (!rollout || deploymentId === undefined) return false;
  if (deploymentId === rollout.deploymentId || deploymentId === rollout.rollbackDeploymentId) return true;
  // UpdateService may not have answered yet.
  return isMoving(ctx, service) && !knowsDeployment(ctx, service, deploymentId);
}

/** Whether a deployment was started by a release that is still remembered. */
export function isOurs({ state }: Context, service: string, deploymentId: string): boolean {
  return [...(state.release ? [state.release] : []), ...state.ended].some(({ services }) =>
    services.some(
      (one) => one.service === service && [one.deploymentId, one.rollbackDeploymentId].includes(deploymentId),
    ),
  );
}

/** Whether the open release changes this service right now. */
export function isMoving({ state }: Context, service: string): boolean {
  const rollout = state.release?.services.find((other) => other.service === service);
  return rollout !== undefined && ['updating', 'rolling', 'rollingBack'].includes(rollout.state);
}
