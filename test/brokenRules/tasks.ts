import type { BrokenRule } from './rule.ts';

const RUNS = 'shared/domain/runs';
const ALERTS = 'shared/domain/alerts';

/** Tasks, schedules and alerts. */
export const TASK_RULES: readonly BrokenRule[] = [
  {
    rule: 'a task has succeeded whatever its exit code is',
    file: 'shared/domain/releases/taskEnds.ts',
    find: 'if (!hasSucceeded(run)) return failed(ctx, release, run);',
    replace: '',
    caughtBy: 'test/domain/decide.test.ts',
  },
  {
    rule: 'a task is tried more often than configured',
    file: `${RUNS}/retries.ts`,
    find: 'if (!retries || spent >= retries.times) return undefined;',
    replace: 'if (!retries) return undefined;',
    caughtBy: 'test/domain/runsGoingWrong.test.ts',
  },
  {
    rule: 'an exit code that is not listed is tried again',
    file: `${RUNS}/retries.ts`,
    find: "return exitCodes === 'any' || exitCodes.includes(exitCode);",
    replace: 'return true;',
    caughtBy: 'test/domain/runsGoingWrong.test.ts',
  },
  {
    rule: 'ECS is asked for capacity at ever longer intervals',
    file: `${RUNS}/retries.ts`,
    find: '(run.refusals ?? 0), 120 * SECOND)',
    replace: '(run.refusals ?? 0), 1_200 * SECOND)',
    caughtBy: 'test/domain/runsGoingWrong.test.ts',
  },
  {
    rule: 'after an interruption of Spot, a task starts on Spot again',
    file: `${RUNS}/retries.ts`,
    find: "if (!capacity.providers.some(({ provider }) => provider === 'FARGATE_SPOT')) return undefined;",
    replace: 'return undefined;',
    caughtBy: 'test/domain/runsGoingWrong.test.ts',
  },
  {
    rule: 'another attempt starts the tasks that succeeded as well',
    file: `${RUNS}/starting.ts`,
    find: 'count: run.count - run.tasks.length,',
    replace: 'count: run.count,',
    caughtBy: 'test/domain/runsGoingWrong.test.ts',
  },
  {
    rule: 'a run that failed is not announced',
    file: `${RUNS}/ending.ts`,
    find: 'return notify?.failure ?? ctx.app.channels;',
    replace: 'return [];',
    caughtBy: 'test/domain/runs.test.ts',
  },
  {
    rule: 'a run is not in the history',
    file: `${RUNS}/ending.ts`,
    find: "  enqueue(ctx, `record:${id}`, { kind: 'recordRun', run: id });\n  const channels",
    replace: '  const channels',
    caughtBy: 'test/domain/runs.test.ts',
  },
  {
    rule: 'a call that is a little late is reported as missed',
    file: 'shared/domain/schedules/missedSchedules.ts',
    find: 'Math.min(now - GRACE - jitter, end - 1)',
    replace: 'Math.min(now - jitter, end - 1)',
    caughtBy: 'test/domain/missedSchedules.test.ts',
  },
  {
    rule: 'a call that has come is reported as missed',
    file: 'shared/domain/schedules/missedSchedules.ts',
    find: 'if (at > since && !hasCalled(at))',
    replace: 'if (at > since)',
    caughtBy: 'test/domain/missedSchedules.test.ts',
  },
  {
    rule: 'weekdays count from Monday',
    file: 'shared/domain/schedules/cronFields.ts',
    find: 'String(Number(day) - 1)',
    replace: 'String(Number(day) % 7)',
    caughtBy: 'test/domain/schedule.test.ts',
  },
  {
    rule: 'a day of the month and a weekday are taken together',
    file: 'shared/domain/schedules/cronFields.ts',
    find: "if ((values[2] === '?') === (values[4] === '?'))",
    replace: "if (values[2] === '?' && values[4] === '?')",
    caughtBy: 'test/domain/schedule.test.ts',
  },
  {
    rule: 'two stopped tasks are a crash loop',
    file: `${ALERTS}/judging.ts`,
    find: 'const LOOP = 3;',
    replace: 'const LOOP = 2;',
    caughtBy: 'test/domain/alerts.test.ts',
  },
  {
    rule: 'tasks that scaling in stopped count for an alert',
    file: `${ALERTS}/judging.ts`,
    find: "  'scaledIn',\n",
    replace: '',
    caughtBy: 'test/domain/alerts.test.ts',
  },
  {
    rule: 'a duplicate event counts twice',
    file: `${ALERTS}/judging.ts`,
    find: '  rememberSeen(ctx, task);\n',
    replace: '',
    caughtBy: 'test/domain/alerts.test.ts',
  },
  {
    rule: 'an alert is over as soon as nothing more happens',
    file: `${ALERTS}/book.ts`,
    find: 'return lastAt + (quiet ?? WINDOW);',
    replace: 'return lastAt;',
    caughtBy: 'test/domain/alerts.test.ts',
  },
  {
    rule: 'every stopped task is a message',
    file: `${ALERTS}/book.ts`,
    find: ': alert.announcedAt + PACE;',
    replace: ': alert.announcedAt;',
    caughtBy: 'test/domain/alerts.test.ts',
  },
  {
    rule: 'a release that goes live leaves alerts of its services open',
    file: 'shared/domain/releases/ending.ts',
    find: 'closeAlertsOf(ctx, services, `v${release.number} is live`);',
    replace: '',
    caughtBy: 'test/domain/alerts.test.ts',
  },
];
