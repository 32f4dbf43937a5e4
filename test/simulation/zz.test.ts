import { judge } from './judge.ts';
import { planFor } from './plan.ts';
import { play } from './play.ts';

it('plays', async () => {
  const t = Date.now();
  const by = new Map<string, string[]>();
  const N = Number(process.env.N ?? 300),
    from = Number(process.env.FROM ?? 1);
  for (let seed = from; seed < from + N; seed += 1) {
    const p = await play(planFor(seed));
    for (const v of judge(p)) by.set(v.invariant, [...(by.get(v.invariant) ?? []), `${seed}: ${v.sentence}`]);
  }
  for (const [k, v] of by) console.log(k, v.length, '\n' + v.slice(0, 8).join('\n'));
  console.log((Date.now() - t) / N);
}, 2000000);
