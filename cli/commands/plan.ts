import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

/** As `terraform plan -detailed-exitcode`. */
const CHANGES = 2;

export const plan = defineCommand({
  usage: 'plan [--only NAMES] [--out FILE]',
  summary: 'compare the declared infrastructure with AWS, and show every difference',
  options: {
    only: { type: 'string', value: 'NAMES', about: 'resources or kinds to compare, separated by commas' },
    out: {
      type: 'string',
      value: 'FILE',
      about: 'save the plan in a file for `apply`, without secret values',
    },
  },
  examples: [
    'fairway plan',
    'fairway plan --only web-app,cluster',
    'fairway plan --json',
    'fairway plan --out plan.json',
  ],
  exitCodes: [['2', 'there are changes']],
  read({ words, text }) {
    atMost(0, words);
    const only = text('only')?.split(',') ?? [];
    const out = text('out');
    return async (context) => {
      const { openSession } = await import('../infrastructure/session.ts');
      const { planAsJson, renderPlan } = await import('../infrastructure/print.ts');
      const { savePlan } = await import('../infrastructure/savedPlan.ts');
      const { isEmpty } = await import('../../shared/infrastructure/plan.ts');
      const { around, options } = context;
      const session = await openSession(context);
      const found = await session.plan({ only });
      if (out !== undefined) savePlan(out, around.directory, { plan: found, place: session.place, only });
      const style = styleFor(around.out.isTTY ?? false, around.env);
      print(around.out, options.json ? JSON.stringify(planAsJson(found), null, 2) : renderPlan(found, style));
      return isEmpty(found) ? exitCode.done : CHANGES;
    };
  },
});
