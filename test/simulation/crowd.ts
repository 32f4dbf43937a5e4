import type { OperatorRequest } from '../../shared/domain/operator.ts';
import { createDice, type Dice } from './dice.ts';
import type { Action, Plan } from './script.ts';

/** Operators who act at once and all the time: some three requests after each push. */

const SECOND = 1_000;
const REQUESTS_PER_PUSH = 3;

interface Scene {
  readonly app: string;
  readonly dice: Dice;
  /** Tags that were pushed so far. */
  readonly tags: readonly string[];
  readonly who: () => string;
}
/** Seconds after the scene begins, and what is asked for then. */
type Line = readonly [number, OperatorRequest];

export function withCrowd(plan: Plan): Plan {
  const dice = createDice(plan.seed ^ 0x1f83d9ab);
  let operators = 0;
  const who = () => {
    operators += 1;
    return `arn:aws:iam::123456789012:user/operator-${operators}`;
  };
  const tags: string[] = [];
  const requests = plan.actions.flatMap((push) => {
    if (push.kind !== 'push') return [];
    tags.push(push.tag);
    return plan.configuration.apps
      .filter(({ image }) => image.repository === push.repository)
      .flatMap(({ name }) => aroundPush({ app: name, dice, tags: [...tags], who }, push.at, plan.calmAt));
  });
  return { ...plan, actions: [...plan.actions, ...requests].toSorted((a, b) => a.at - b.at) };
}

function aroundPush(scene: Scene, pushedAt: number, calmAt: number): Action[] {
  const actions: Action[] = [];
  while (actions.length < REQUESTS_PER_PUSH) {
    const begins = pushedAt + momentAfter(scene.dice);
    for (const [seconds, request] of scene.dice.pick(SCENES)(scene)) {
      const at = Math.min(Math.max(0, begins + seconds * SECOND), calmAt);
      actions.push({ at, kind: 'operate', request });
    }
  }
  return actions;
}

/** While the image is looked up, while a task starts, during the rollout, or after it. */
function momentAfter(dice: Dice): number {
  const [least, most] = dice.pick<readonly [number, number]>([
    [-2, 3],
    [1, 12],
    [10, 90],
    [60, 360],
  ]);
  return dice.between(least * SECOND, most * SECOND);
}

/** Two people act within the same second, or one after the other. */
function apart(dice: Dice): number {
  return dice.chance(0.5) ? dice.between(0, 2) : dice.between(20, 300);
}

const SCENES: readonly [(scene: Scene) => Line[], ...((scene: Scene) => Line[])[]] = [
  (scene) => [
    [0, rollback(scene)],
    [apart(scene.dice), rollback(scene)],
  ],
  (scene) => [
    [0, deploy(scene)],
    [apart(scene.dice), hold(scene)],
  ],
  (scene) => [
    [0, deploy(scene)],
    [apart(scene.dice), rollback(scene)],
  ],
  (scene) => [
    [0, hold(scene)],
    [apart(scene.dice), deploy(scene)],
    [200, resume(scene)],
  ],
  (scene) => [
    [0, rollback(scene)],
    [apart(scene.dice), resume(scene)],
  ],
  (scene) => [
    [0, cancel(scene)],
    [apart(scene.dice), deploy(scene)],
  ],
  (scene) => [
    [0, anything(scene)],
    [0, anything(scene)],
  ],
  (scene) => [
    [0, hold(scene)],
    [apart(scene.dice), deployDespiteHold(scene)],
    [apart(scene.dice), anything(scene)],
  ],
  (scene) => [[0, deploy(scene)]],
  (scene) => [[0, cancel(scene)]],
  (scene) => [[0, rollbackTo(scene)]],
];

function anything(scene: Scene): OperatorRequest {
  return scene.dice.pick([deploy, deployDespiteHold, rollback, rollbackTo, hold, resume, cancel])(scene);
}

function deploy({ app, dice, tags, who }: Scene): Extract<OperatorRequest, { command: 'deploy' }> {
  const tag = tags[dice.chance(0.5) ? tags.length - 1 : dice.between(0, tags.length - 1)];
  const named = tag !== undefined && dice.chance(0.8);
  return { command: 'deploy', app, who: who(), ...(named ? { tag } : {}) };
}

function deployDespiteHold(scene: Scene): OperatorRequest {
  return { ...deploy(scene), despiteHold: true, reason: 'the fix' };
}

function rollback({ app, who }: Scene): OperatorRequest {
  return { command: 'rollback', app, who: who() };
}

function rollbackTo({ app, dice, who }: Scene): OperatorRequest {
  return { command: 'rollback', app, to: dice.between(1, 4), who: who() };
}

function hold({ app, who }: Scene): OperatorRequest {
  return { command: 'hold', app, reason: 'incident', who: who() };
}

function resume({ app, dice, who }: Scene): OperatorRequest {
  return { command: 'resume', app, who: who(), ...(dice.chance(0.2) ? { discardWaiting: true } : {}) };
}

function cancel({ app, who }: Scene): OperatorRequest {
  return { command: 'cancel', app, who: who() };
}
