import type { App } from '../domain/app.ts';
import type { AnswerTo, EffectOf, ResultOf } from '../domain/effects.ts';
import type { ObservedServiceDeployment } from '../domain/observations.ts';
import { canBeStopped, isOpen, isSuccessful, rollbackHasFailed } from '../domain/strategies/shifting.ts';
import { AwsFault, type Ecs } from '../ports.ts';
import { refused } from './refusals.ts';

/** Deployments that shift traffic: ECS's own record of them says how far they are, and stops them. */

type ShiftEcs = Pick<Ecs, 'serviceDeployments' | 'deploymentsNamed' | 'stopDeployment'>;

/**
 * How far deployments have come: one call for those that are known by ARN. What is not known yet is looked for, and what
 * has ended as well: a newer one may have superseded it.
 */
export async function lookAtShifts(
  ecs: ShiftEcs,
  app: App,
  { shifts }: EffectOf<'lookAtShifts'>,
): Promise<ResultOf<'lookAtShifts'>> {
  const named = await ecs.deploymentsNamed(shifts.flatMap(({ deployment }) => deployment ?? []));
  const seen = await Promise.all(
    shifts.map(async ({ service, since, deployment }): Promise<Seen> => {
      const known = deployment === undefined ? undefined : named.get(deployment);
      const isEnough = known !== undefined && (isOpen(known) || known.status === 'SUCCESSFUL');
      return [service, isEnough ? [known] : await ecs.serviceDeployments(app.cluster, service, since)];
    }),
  );
  return { kind: 'shiftsSeen', shifts: Object.fromEntries(seen) };
}

/** A service and its deployments. */
type Seen = readonly [string, readonly ObservedServiceDeployment[]];

/** What a repeated order has started, whatever its status: ECS may have rolled it back within seconds. */
export async function startedShift(
  ecs: ShiftEcs,
  app: App,
  { service, revision }: EffectOf<'updateService'>,
  since: number,
): Promise<AnswerTo<'updateService'> | undefined> {
  const deployments = await ecs.serviceDeployments(app.cluster, service, since);
  const ours = deployments.find(({ taskDefinition }) => taskDefinition === revision);
  if (ours) return { kind: 'serviceUpdated', deploymentId: ours.arn };
  // What ECS has rolled back since, such as a release just before this one, has left what ran before.
  const theirs = deployments.find((one) => isOpen(one) || isSuccessful(one));
  return theirs && { kind: 'foreign', taskDefinition: theirs.taskDefinition, deploymentId: theirs.arn };
}

/** `answer`: ECS works at it, or has failed. Otherwise what runs decides, and what was deployed `since`. */
interface Stopped {
  readonly answer?: ResultOf<'rollBack'>;
  /** The newest deployment, if that is not the one of the failed release. */
  readonly since?: ObservedServiceDeployment;
  /** Ours is open, and ECS does not stop it: it is deployed over, whatever DescribeServices lists meanwhile. */
  readonly cannotStop?: boolean;
}

/**
 * Stops the deployment of a failed release while it is open: the traffic returns at once, since the old tasks still run.
 */
export async function stopShift(
  ecs: ShiftEcs,
  app: App,
  effect: EffectOf<'rollBack'>,
  since: number,
): Promise<Stopped> {
  const deployments = await ecs.serviceDeployments(app.cluster, effect.service, since);
  const ours = deployments.find(({ taskDefinition }) => taskDefinition === effect.target);
  const [newest] = deployments;
  // ECS may list nothing of what others deploy meanwhile.
  if (!ours) return newest && isOpen(newest) ? { since: newest } : {};
  const isRefused = canBeStopped(ours) && !(await stop(ecs, ours.arn));
  if (isRefused) return newest === ours ? { cannotStop: true } : { since: newest ?? ours };
  if (isOpen(ours)) return { answer: { kind: 'stopping', deployment: ours.arn } };
  if (rollbackHasFailed(ours)) {
    const why = ours.words[0] ?? 'it gives no reason';
    const sentence = `ECS failed to roll back ${effect.service}: ${why}`;
    return { answer: refused('rollbackFailed', sentence, ours.words) };
  }
  return newest && newest !== ours ? { since: newest } : {};
}

/** What a deployment since says of the order to roll back: it was given already, or someone else deploys. */
export function judgeSince(
  since: ObservedServiceDeployment,
  wanted: string | undefined,
): ResultOf<'rollBack'> | undefined {
  const { taskDefinition, arn } = since;
  if (taskDefinition === wanted)
    return {
      kind: 'rollingBack',
      revision: taskDefinition,
      deploymentId: arn,
      completed: isSuccessful(since),
    };
  return isOpen(since) ? { kind: 'foreign', taskDefinition, deploymentId: arn } : undefined;
}

/** False: ECS does not stop deployments of this service. One that has ended meanwhile shows in the next look. */
async function stop(ecs: ShiftEcs, arn: string): Promise<boolean> {
  try {
    await ecs.stopDeployment(arn);
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error;
    if (error.code === 'UnsupportedFeatureException') return false;
    if (error.code !== 'ConflictException') throw error;
  }
  return true;
}
