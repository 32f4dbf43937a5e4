import type { AnswerTo, EffectKind, EffectOf } from '../effects.ts';
import type { Cause } from '../release.ts';
import type { Context } from './context.ts';

/** What becomes of an effect of one kind. Both say in a sentence what was decided. */
export interface Handler<Kind extends EffectKind> {
  readonly answered: (ctx: Context, effect: EffectOf<Kind>, answer: AnswerTo<Kind>) => string;
  /** It cannot be done, however often it is tried. `attempt`: how often it may have been performed before. */
  readonly refused: (ctx: Context, effect: EffectOf<Kind>, cause: Cause, attempt: number) => string;
}

export type Handlers<Kind extends EffectKind> = { readonly [Each in Kind]: Handler<Each> };

/** A refusal that changes nothing. */
export function onlyReported(_ctx: Context, _effect: unknown, cause: Cause): string {
  return cause.sentence;
}
