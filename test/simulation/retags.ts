import type { App, Configuration } from '../../shared/domain/app.ts';
import type { Dice } from './dice.ts';
import type { Action } from './script.ts';

type PushAction = Extract<Action, { kind: 'push' }>;

/**
 * Tags that are put on images which ECR has already: new ones under a policy by time, versions that move. Most of their
 * events are lost, so that the listing alone shows them.
 */
export function retagsFor(
  dice: Dice,
  { apps }: Configuration,
  actions: readonly Action[],
  calmAt: number,
): Action[] {
  if (!dice.chance(0.5)) return [];
  const pushes = actions.filter((action): action is PushAction => action.kind === 'push');
  return apps.flatMap((app) => {
    const own = pushes.filter(({ repository }) => repository === app.image.repository);
    const count = own.length === 0 ? 0 : dice.between(1, 3);
    return Array.from({ length: count }, (_, index) => retag(dice, app, own, index, calmAt));
  });
}

function retag(
  dice: Dice,
  { name, image }: App,
  pushes: readonly PushAction[],
  index: number,
  calmAt: number,
): Action {
  const [first, ...others] = pushes;
  if (!first) throw new Error('there is nothing to put a tag on');
  const of = dice.pick([first, ...others]);
  const tag = image.tags.kind === 'newest' ? `again-${name}-${index}` : dice.pick([first, ...others]).tag;
  const from = Math.max(of.at, dice.chance(0.5) ? calmAt / 2 : 0);
  const at = Math.floor(from + dice.random() * Math.max(1, calmAt - from));
  return { ...of, at, tag, unheard: dice.chance(0.7) };
}
