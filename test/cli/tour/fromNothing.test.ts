import { plain } from '../../../cli/style.ts';
import type { Snapshot, TaskSeen } from '../../../cli/tour/chapter.ts';
import { startLines } from '../../../cli/tour/frame.ts';
import { saidBy } from '../../../cli/tour/fromNothing.ts';

test('of a command, what was done is shown, not each member of the plan', () => {
  const out = `+ cluster app-prod
  + capacityProviders: ["FARGATE"]

Plan: 1 to create, 0 to change, 0 to destroy.
✓ created cluster app-prod
Push an image to web-app, then run \`fairway apply\` again to create the rest.
`;
  expect(saidBy(out)).toEqual([
    'Plan: 1 to create, 0 to change, 0 to destroy.',
    '✓ created cluster app-prod',
    'Push an image to web-app, then run `fairway apply` again to create the rest.',
  ]);
});

function task(healthy: boolean, group = 'service:web-app'): TaskSeen {
  const states = { lastStatus: 'RUNNING', desiredStatus: 'RUNNING', exitCodes: {} };
  return { arn: 'task', group, revision: 'web-app:1', createdAt: 0, healthy, ...states };
}

function lines(tasks: readonly TaskSeen[], live?: string): readonly string[] {
  const seen: Snapshot = { now: 0, desired: 2, deployments: [], tasks };
  return startLines({ service: 'web-app', seen, time: 43_000, live }, plain).map(({ text }) =>
    text.replaceAll(/ +/g, ' '),
  );
}

test('a service that starts shows its healthy tasks, and then its live image', () => {
  expect(lines([task(true), task(false), task(true, 'family:db-migrate')])).toEqual([
    ' ◐ start web-app 1/2 healthy',
  ]);
  expect(lines([task(true), task(true)], '1.0.0')).toEqual([
    ' ✓ start web-app 2/2 healthy',
    ' ✓ 1.0.0 is live the next push is a release',
  ]);
});
