import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Processor time of the command `fairway`, side by side with a Node that does nothing. Rounds go through all of them in
 * turn, so that a busy moment of the machine touches all.
 */

const ROUNDS = 15;
const root = resolve(import.meta.dirname, '..');
const command = join(root, 'cli', 'fairway.mjs');

const SUBJECTS: readonly (readonly [name: string, words: readonly string[]])[] = [
  ['node -e 0', ['-e', '0']],
  ['fairway version', [command, 'version']],
  ['fairway help', [command, 'help']],
  ['fairway check', [command, 'check']],
];

/** Milliseconds of processor time, user and system, of one process: what the shell's `times` says of its children. */
function processorTime(words: readonly string[]): number {
  const line = `"$0" "$@" >/dev/null; times`;
  const { stdout, status } = spawnSync('sh', ['-c', line, process.execPath, ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`failed to run ${words.join(' ')}`);
  return childTime(stdout);
}

/** The second line of `times`: user and system time of the children, as "0m0.123s 0m0.020s". */
function childTime(text: string): number {
  const [, children = ''] = text.trim().split('\n');
  const times = children.split(' ').map((time) => {
    const [minutes = '0', seconds = '0'] = time.replace('s', '').split('m');
    return Number(minutes) * 60_000 + Number(seconds) * 1_000;
  });
  return times.reduce((sum, time) => sum + time, 0);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function main(): void {
  const taken = new Map(SUBJECTS.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [name, words] of SUBJECTS) {
      const time = processorTime(words);
      // The first round compiles and fills caches.
      if (round > 0) taken.get(name)?.push(time);
    }
  process.stdout.write(`Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}\n`);
  for (const [name, times] of taken)
    process.stdout.write(
      `${name.padEnd(18)}${Math.round(median(times))} ms of processor time, median of ${ROUNDS}\n`,
    );
}

main();
