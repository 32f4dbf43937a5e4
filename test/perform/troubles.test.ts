import type { ObservedTask } from '../../shared/domain/observations.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { lookAtStopped } from '../../shared/perform/troubles.ts';
import { anApp, START } from '../builders.ts';

const cause = { kind: 'crash', sentence: 'It crashed.', evidence: [], canHeal: true };
const stopped: ObservedTask = {
  taskArn: '1',
  found: true,
  lastStatus: 'STOPPED',
  scaledIn: false,
  exitCodes: { web: 1 },
  startedBy: 'ecs-svc/1',
};

async function look(task: ObservedTask) {
  const ecs = {
    tasks: async () => [task],
    services: async () => [],
    firstCause: async () => undefined,
    troubleOf: async () => undefined,
    targetHealth: async (_: string, __: string, told: Cause) => told,
  };
  const answer = await lookAtStopped({ ecs, loadBalancers: undefined }, anApp(), {
    kind: 'lookAtStopped',
    service: 'web-app',
    tasks: [task.taskArn],
  });
  return answer.kind === 'stoppedSeen' ? answer.tasks[0] : undefined;
}

describe('a task that an event called stopped', () => {
  it.each<[string, Partial<ObservedTask>, object]>([
    ['stopped on its own', {}, { at: START, cause }],
    ['was scaled in', { scaledIn: true }, {}],
    ['is still on its way down', { lastStatus: 'STOPPING' }, { early: true }],
    ['runs, as ECS knew it a moment ago', { lastStatus: 'RUNNING' }, { early: true }],
    ['is known no longer', { found: false, lastStatus: 'MISSING' }, {}],
  ])('%s', async (_, more, seen) => {
    const observed = { ...stopped, ...more };
    const ended = observed.lastStatus === 'STOPPED' ? { cause, stoppedAt: START } : {};
    expect(await look({ ...observed, ...ended })).toEqual({ task: '1', deploymentId: 'ecs-svc/1', ...seen });
  });
});
