import type { AnswerTo, EffectKind, EffectOf } from '../effects.ts';
import type { Context } from '../kernel/context.ts';
import { type Handler, type Handlers, onlyReported } from '../kernel/handlers.ts';
import type { Cause } from '../release.ts';
import { notPrepared, prepared, started, startNotSent } from './following.ts';
import type { RunDraft } from './parts.ts';

/** What the answers to a run's effects mean. */
export const RUN_EFFECTS: Handlers<'prepareRun' | 'startRun' | 'recordRun' | 'announceRun'> = {
  prepareRun: ofOpenRun<'prepareRun'>({
    answered: (ctx, run, _, answer) => prepared(ctx, run, answer),
    refused: (ctx, run, _, cause) => notPrepared(ctx, run, cause),
  }),
  startRun: ofOpenRun<'startRun'>({ answered: started, refused: startNotSent }),
  recordRun: { answered: () => 'recorded', refused: onlyReported },
  announceRun: { answered: (_, { channel }) => `announced to ${channel}`, refused: onlyReported },
};

interface RunHandler<Kind extends EffectKind> {
  readonly answered: (ctx: Context, run: RunDraft, effect: EffectOf<Kind>, answer: AnswerTo<Kind>) => string;
  readonly refused: (
    ctx: Context,
    run: RunDraft,
    effect: EffectOf<Kind>,
    cause: Cause,
    attempt: number,
  ) => string;
}

function ofOpenRun<Kind extends 'prepareRun' | 'startRun'>(handler: RunHandler<Kind>): Handler<Kind> {
  const open = (ctx: Context, id: string, then: (run: RunDraft) => string) => {
    const run = ctx.state.runs.find((other) => other.id === id);
    return !run || run.state === 'ended' ? 'the run has ended' : then(run);
  };
  return {
    answered: (ctx, effect, answer) =>
      open(ctx, effect.run, (run) => handler.answered(ctx, run, effect, answer)),
    refused: (ctx, effect, cause, attempt) =>
      open(ctx, effect.run, (run) => handler.refused(ctx, run, effect, cause, attempt)),
  };
}
