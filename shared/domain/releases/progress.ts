import type { ServiceRollout } from '../release.ts';
import { isUnderWay, waits } from './pauses.ts';

/** How far a rollout is whose traffic shifts, or that waits for a person; undefined: its tasks say it. */
export function progressOf(rollout: ServiceRollout): string | undefined {
  const { state, shift, pauses = [] } = rollout;
  if (!isUnderWay(rollout)) return undefined;
  const [pause] = pauses;
  if (pause && pause.continuedBy === undefined) return waits(rollout, pause).replace(/^.*? (?=waits )/, '');
  if (state === 'rollingBack') return shift?.stopping ? 'ECS returns the traffic' : undefined;
  if (shift?.stage === undefined) return undefined;
  const { stage, share = 0, testShare = 0, bake = 0, stageSince } = shift;
  const until =
    stage === 'BAKE_TIME' && stageSince !== undefined
      ? `baking until ${new Date(stageSince + bake).toISOString().slice(11, 16)} UTC`
      : stage;
  const traffic = share > 0 ? `${share}% of the traffic, ` : testShare > 0 ? 'test traffic, ' : '';
  return `${traffic}${until}`;
}
