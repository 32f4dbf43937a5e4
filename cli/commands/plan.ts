import { type Context, defineCommand, UsageError } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

/** As `terraform plan -detailed-exitcode`. */
const CHANGES = 2;

export const plan = defineCommand({
  usage: 'plan [--only NAMES] [--out FILE] | plan --stack',
  summary: "compare infrastructure, or Fairway's own stack, with AWS, and show every difference",
  options: {
    only: { type: 'string', value: 'NAMES', about: 'resources or kinds to compare, separated by commas' },
    out: {
      type: 'string',
      value: 'FILE',
      about: 'save the plan in a file for `apply`, without secret values',
    },
    stack: {
      type: 'boolean',
      about: "what a deployment of Fairway's own stack would change; changes nothing",
    },
  },
  examples: [
    'fairway plan',
    'fairway plan --only web-app,cluster',
    'fairway plan --json',
    'fairway plan --out plan.json',
    'fairway plan --stack',
  ],
  exitCodes: [['2', 'there are changes']],
  read({ words, text, flag }) {
    atMost(0, words);
    const only = text('only')?.split(',') ?? [];
    const out = text('out');
    if (flag('stack') && (only.length > 0 || out !== undefined))
      throw new UsageError('--stack excludes --only and --out');
    if (flag('stack')) return planOfStack;
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

async function planOfStack(context: Context): Promise<number> {
  const { planStack, refusalOf } = await import('../package/stackPlan.ts');
  const { renderStackPlan } = await import('../package/stackPlanText.ts');
  const { isUnchanged } = await import('../../stack/changes.ts');
  const { around, options } = context;
  const found = await planStack(context);
  const refused = refusalOf(found);
  const style = styleFor(around.out.isTTY ?? false, around.env);
  if (options.json) {
    const { isForced: _, ...plan } = found;
    const verdict = refused === undefined ? { ok: true } : { ok: false, error: 'failed', message: refused };
    print(around.out, JSON.stringify({ ...verdict, ...plan }, null, 2));
  } else print(around.out, renderStackPlan(found, style));
  if (refused === undefined) return isUnchanged(found.changes) ? exitCode.done : CHANGES;
  if (!options.json) throw new Failure(exitCode.failed, refused);
  return exitCode.failed;
}
