import { createDice, type Dice } from './dice.ts';
import { type Outage, outagesFor } from './outages.ts';
import type { Action, Plan } from './script.ts';

/** Outages, and people who act in ECS while a release is in progress. */

const SECOND = 1_000;

/** Drawn from separate dice: the rest of a run stays as it is without them. */
export function withTroubles(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x3c6ef372);
  const outages = outagesOf(dice, plan);
  const acts = plan.actions.flatMap((action) => actIn(dice, plan, action));
  return { ...plan, outages, actions: [...plan.actions, ...acts].toSorted((a, b) => a.at - b.at) };
}

/** A run in five may have outages. */
export function withRareOutages(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x510e527f);
  return dice.chance(0.2) ? { ...plan, outages: outagesOf(dice, plan) } : plan;
}

function outagesOf(dice: Dice, { actions, calmAt }: Plan): readonly Outage[] {
  const pushes = actions.filter(({ kind }) => kind === 'push');
  return outagesFor(
    dice,
    pushes.map(({ at }) => at),
    calmAt,
  );
}

function actIn(dice: Dice, plan: Plan, push: Action): Action[] {
  if (push.kind !== 'push' || !dice.chance(0.15)) return [];
  const owners = plan.configuration.apps.filter(({ image }) => image.repository === push.repository);
  const services = owners.flatMap((app) => app.services.map(({ name }) => name));
  const service = services[dice.between(0, services.length - 1)] ?? '';
  const at = Math.min(push.at + dice.between(5, 240) * SECOND, plan.calmAt);
  const kind = dice.pick(['deployPrevious', 'stopDeployment', 'redeploy'] as const);
  return [{ at, kind, service }];
}
