import type { Task } from '../../shared/domain/app.ts';
import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { isIndependent } from '../../shared/domain/run.ts';
import { anApp, aScheduledTask, aStage, digestOf, MINUTE, revision, START } from '../builders.ts';

export const NIGHT = START + 60 * MINUTE;

/** An adopted app with one task, `report`, and what happens to its runs. Tasks' ARNs are whatever the test says. */
export function stageOf(overrides: Partial<Task> = {}) {
  const stage = aStage(anApp({ tasks: [aScheduledTask('report', overrides)] })).adopted();
  return Object.assign(stage, {
    configure: (others: Partial<Task>) =>
      stage.configured(anApp({ tasks: [aScheduledTask('report', { ...overrides, ...others })] })),
    calls: (at: number) => stage.when({ type: 'scheduled', task: 'report', at }),
    prepared: () =>
      stage.answer('prepareRun', {
        kind: 'runPrepared',
        image: { tag: '1.0.0', digest: digestOf('1.0.0') },
        revision: revision('web-app', 10),
        capacity: {
          providers: [
            { provider: 'FARGATE_SPOT', weight: 1, base: 0 },
            { provider: 'FARGATE', weight: 0, base: 0 },
          ],
        },
      }),
    starts: (...taskArns: string[]) => stage.answer('startRun', { kind: 'runStarted', taskArns }),
    stops: (taskArn: string, observed: Partial<ObservedTask> = {}) => {
      stage.when({ type: 'taskStopped', taskArn, scaledIn: false });
      return stage.answer('lookAtTask', {
        kind: 'taskSeen',
        task: {
          taskArn,
          found: true,
          lastStatus: 'STOPPED',
          scaledIn: false,
          exitCodes: { web: 0 },
          ...observed,
        },
      });
    },
    outcomes: () => stage.state.runs.map((run) => run.outcome ?? run.state),
    newest: () => {
      const run = stage.state.runs.filter(isIndependent).at(-1);
      if (!run) throw new Error('there is no run');
      return run;
    },
  });
}

/** A stopped task whose container ended with `exitCode`; without one it never ran. */
export function failing(kind: string, exitCode?: number, canHeal = true): Partial<ObservedTask> {
  const cause: Cause = {
    kind,
    sentence: `It was ${kind}.`,
    evidence: [],
    canHeal,
    ...(exitCode === undefined ? {} : { exitCode }),
  };
  return { exitCodes: exitCode === undefined ? {} : { web: exitCode }, cause };
}
