import { type Context, defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import type { ApplyOptions } from '../infrastructure/applying.ts';
import type { SavedPlan } from '../infrastructure/savedPlan.ts';
import type { Session } from '../infrastructure/session.ts';
import { atMost } from '../reading.ts';
import { plain, styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

export const apply = defineCommand({
  usage: 'apply [PLAN] [--yes] [--no-wait] [--first-image TAG] [--only NAMES]',
  summary: 'create and change what the declared infrastructure needs, with your own credentials',
  options: {
    yes: { type: 'boolean', short: 'y', about: 'do not ask for confirmation' },
    'no-wait': { type: 'boolean', about: 'do not wait for the first image of a new service' },
    'first-image': {
      type: 'string',
      value: 'TAG',
      about: 'the image that a new service starts with; default: the newest eligible one',
    },
    only: { type: 'string', value: 'NAMES', about: 'resources or kinds to apply, separated by commas' },
  },
  examples: [
    'fairway apply',
    'fairway apply --yes --no-wait',
    'fairway apply --first-image 1.0.0',
    'fairway apply plan.json',
  ],
  exitCodes: [['130, 143', 'SIGINT or SIGTERM ended the wait for the first image']],
  read({ words, flag, text }) {
    const [path] = atMost(1, words);
    const firstImage = text('first-image');
    if (path !== undefined && (firstImage !== undefined || text('only') !== undefined))
      throw new UsageError(
        'a saved plan takes neither --only nor --first-image: pass --only to `fairway plan`',
      );
    const wanted = {
      yes: flag('yes'),
      noWait: flag('no-wait'),
      only: text('only')?.split(',') ?? [],
      ...(firstImage === undefined ? {} : { firstImage }),
    };
    return async (context) => {
      const { openSession } = await import('../infrastructure/session.ts');
      const { applyDeclared } = await import('../infrastructure/applying.ts');
      const { around, options } = context;
      const { readPlan } = await import('../infrastructure/savedPlan.ts');
      const saved = path === undefined ? undefined : readPlan(path, around.directory);
      const session = await openSession(context);
      const chosen = saved === undefined ? wanted : { ...wanted, ...chosenBy(saved) };
      if (options.json) return applyAsJson(session, chosen, context);
      return applyDeclared(session, chosen, context, styleFor(around.out.isTTY ?? false, around.env));
    };
  },
});

/** What was chosen when the plan was made. It is applied without waiting: the rest is another plan. */
function chosenBy(saved: SavedPlan) {
  return { saved, only: saved.only, noWait: true };
}

/** One document at the end; progress goes to standard error. */
export async function applyAsJson(session: Session, wanted: ApplyOptions, context: Context): Promise<number> {
  const { applyDeclared } = await import('../infrastructure/applying.ts');
  const { planAsJson } = await import('../infrastructure/print.ts');
  const plans: Awaited<ReturnType<Session['plan']>>[] = [];
  const watched: Session = {
    ...session,
    async plan(options) {
      const plan = await session.plan(options);
      plans.push(plan);
      return plan;
    },
  };
  const { around } = context;
  const beside = { ...context, around: { ...around, out: around.err } };
  const code = await applyDeclared(watched, wanted, beside, plain);
  const [shown] = plans;
  const json = { ok: code === exitCode.done, ...(shown && planAsJson(shown)) };
  print(around.out, JSON.stringify(json, null, 2));
  return code;
}
