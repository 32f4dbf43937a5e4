import type { Answer } from '../answers.ts';
import type { EffectOf } from '../effects.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { ObservedServiceDeployment, Reasons } from '../observations.ts';
import { hasEnded } from '../strategies/rolling.ts';
import { isSecondLook } from './looking.ts';
import { note } from './notes.ts';
import { endRollout } from './verdict.ts';

/** Our deployment was ended in ECS: by the circuit breaker, by an alarm, by a lifecycle hook, or by a person. */

type Rollout = ReleaseDraft['services'][number];

/** How far the clocks of two parts of ECS may differ. */
const SKEW = 60_000;

/** Reasons of what ends a deployment on its own. Sources: as for `diagnosis/serviceEvents.ts`. */
const BY_ECS = /circuit breaker|alarm|lifecycle hook|pause hook|rolled back because of invalid/i;

export function endedByEcs(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  { words, means }: Reasons,
): void {
  const reasons = { words, ...(means === undefined ? {} : { means }) };
  if (words.some((text) => BY_ECS.test(text))) fail(ctx, release, rollout, reasons);
  else askServiceDeployments(ctx, release, rollout, reasons);
}

/** Without reasons: two looks have not shown our deployment. */
export function askServiceDeployments(
  ctx: Context,
  release: ReleaseDraft,
  { service, deployedAt }: Rollout,
  reasons?: Reasons,
): void {
  enqueue(ctx, `ended:${service}`, {
    kind: 'readServiceDeployments',
    service,
    since: (deployedAt ?? release.startedAt) - SKEW,
    ...reasons,
  });
}

export function serviceDeploymentsRead(
  ctx: Context,
  release: ReleaseDraft,
  effect: EffectOf<'readServiceDeployments'>,
  { deployments }: Extract<Answer, { kind: 'serviceDeploymentsRead' }>,
): string {
  const { service } = effect;
  const reasons = reasonsIn(effect);
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rolling' || release.failure) return `${service} is not rolling`;
  const ours = deployments.find(({ taskDefinition }) => taskDefinition === rollout.target);
  if (ours && hasEnded(ours)) return judgeEnded(ctx, release, rollout, ours, reasons);
  // ECS still works at it, or has completed it: the look was older than that.
  if (ours && isSecondLook(ctx, rollout)) return `the deployment of ${service} is ${ours.status}`;
  if (ours || !reasons) return `the deployment of ${service} is not known to have ended`;
  return fail(ctx, release, rollout, reasons);
}

/** Undefined: whether it has ended was the question. */
function reasonsIn({ words, means }: EffectOf<'readServiceDeployments'>): Reasons | undefined {
  return words && { words, ...(means === undefined ? {} : { means }) };
}

/** The answer to the order was lost, and ECS has ended the deployment by the time that the order is repeated. */
export function endedUnseen(
  ctx: Context,
  release: ReleaseDraft,
  service: string,
  answer: Extract<Answer, { kind: 'serviceDeploymentsRead' }>,
): string {
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'updating') return `${service} is not waiting for an update`;
  rollout.state = 'rolling';
  const since = release.startedAt;
  return serviceDeploymentsRead(ctx, release, { kind: 'readServiceDeployments', service, since }, answer);
}

/** The reasons are all that is known, where the service deployments cannot be read. */
export function serviceDeploymentsUnread(
  ctx: Context,
  release: ReleaseDraft,
  effect: EffectOf<'readServiceDeployments'>,
  why: string,
): string {
  const { service } = effect;
  const reasons = reasonsIn(effect);
  const rollout = release.services.find((other) => other.service === service);
  if (rollout?.state !== 'rolling' || !reasons) return why;
  note(release, why);
  return fail(ctx, release, rollout, reasons);
}

/** ECS's record of our deployment says that it has ended, without success. */
export function judgeEnded(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  ours: ObservedServiceDeployment,
  reasons: Reasons = { words: [] },
): string {
  const words = [...new Set([...ours.words, ...reasons.words])];
  const means = ours.means ?? reasons.means;
  const byEcs = ours.breaker || ours.alarms.length > 0 || ours.words.some((text) => BY_ECS.test(text));
  // No monitor of the deployment was triggered: then StopServiceDeployment did it.
  if (!byEcs) return endRollout(ctx, release, rollout, { kind: 'stoppedInEcs', words });
  return fail(ctx, release, rollout, { words, ...(means === undefined ? {} : { means }) }, ours.alarms);
}

function fail(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  reasons: Reasons,
  alarms: readonly string[] = [],
): string {
  return endRollout(ctx, release, rollout, { kind: 'givenUpByEcs', ...reasons, alarms });
}
