import { writeFileSync } from 'node:fs';
import { judge } from './judge.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';
import { trace } from './trace.ts';

it('traces', async () => {
  const p = await play(planFor(Number(process.env.SEED)));
  writeFileSync(
    '/tmp/trace.txt',
    trace(p) +
      '\n' +
      judge(p)
        .map((v) => `${v.invariant}: ${v.sentence}`)
        .join('\n'),
  );
});
