import { defineCommand } from '../command.ts';
import { following } from '../follow/following.ts';
import { followRun, runExitCodes } from '../follow/run.ts';
import { atMost, required } from '../reading.ts';

export const follow = defineCommand({
  usage: 'follow APP RUN',
  summary: "show the output of a run, named by its id or task, and exit with the task's exit code",
  examples: ['fairway follow web nightly-report', 'fairway follow web 4f9c2e1b'],
  exitCodes: runExitCodes,
  read({ words }) {
    const [app, run] = atMost(2, words);
    const named = { app: required('APP', app), run: required('RUN', run) };
    return following((follower) => followRun(named, follower));
  },
});
