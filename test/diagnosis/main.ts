import { type Case, isTrue, judged } from './judging.ts';
import { SETS } from './sets.ts';

/** `node cli/run.mjs test/diagnosis/main.ts [set] [-v]`: how many situations are explained, and which are not. */

const [only] = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const verbose = process.argv.includes('-v');

for (const [name, cases] of Object.entries(SETS)) {
  if (only !== undefined && only !== name) continue;
  const right = await countTrue(cases);
  process.stdout.write(`${name}: ${right} of ${cases.length} have the true cause and its advice\n`);
}

async function countTrue(cases: readonly Case[]): Promise<number> {
  let right = 0;
  for (const one of cases) {
    const answer = await judged(one);
    if (isTrue(answer)) right += 1;
    if (!verbose || answer.faults.length === 0) continue;
    const { cause, faults } = answer;
    process.stdout.write(
      `\n${one.id} ${one.truth}\n  ${cause?.kind}: ${cause?.sentence}\n  → ${cause?.advice}\n  ${faults.join('; ')}\n`,
    );
  }
  return right;
}
