import { coloured, plain, withoutColour } from '../../../cli/style.ts';
import {
  type Chapter,
  hasSettled,
  observe,
  openChapter,
  type Snapshot,
  type TaskSeen,
} from '../../../cli/tour/chapter.ts';
import { frame } from '../../../cli/tour/frame.ts';

const opened = openChapter({
  image: 'web-app:1.1.0',
  digest: 'sha256:4f9c2e1b7a3d5f60',
  service: 'web-app',
  migration: { family: 'db-migrate', container: 'migrate' },
  startedAt: 0,
  base: 'web-app:1',
  desired: 3,
});
const second = 1_000;

function task(change: Partial<TaskSeen> & { readonly arn: string }): TaskSeen {
  return {
    group: 'service:web-app',
    revision: 'web-app:1',
    createdAt: -second,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthy: true,
    exitCodes: {},
    ...change,
  };
}
const old = ['a', 'b', 'c'].map((arn) => task({ arn }));
const fresh = (arn: string, change: Partial<TaskSeen> = {}) =>
  task({ arn, revision: 'web-app:2', createdAt: 20 * second, ...change });
const migration = (change: Partial<TaskSeen> = {}) =>
  task({ arn: 'm', group: 'family:db-migrate', revision: 'db-migrate:2', createdAt: 2 * second, ...change });
const stopped = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' };

const steady: Snapshot = {
  now: second,
  desired: 3,
  deployments: [{ primary: true, revision: 'web-app:1', completed: true }],
  tasks: old,
};
const rolling: Snapshot = {
  now: 30 * second,
  desired: 3,
  deployments: [
    { primary: true, revision: 'web-app:2', completed: false },
    { primary: false, revision: 'web-app:1', completed: true },
  ],
  tasks: [
    ...old.slice(0, 2),
    fresh('d'),
    fresh('e', { healthy: false }),
    fresh('f', { lastStatus: 'PENDING', healthy: false }),
    migration({ ...stopped, stoppedAt: 12 * second, exitCodes: { migrate: 0 } }),
  ],
};
const live: Snapshot = {
  now: 90 * second,
  desired: 3,
  deployments: [{ primary: true, revision: 'web-app:2', completed: true }],
  tasks: [fresh('d'), fresh('e'), fresh('f')],
};
const back: Snapshot = {
  now: 80 * second,
  desired: 3,
  deployments: [
    { primary: true, revision: 'web-app:1', completed: false },
    { primary: false, revision: 'web-app:2', completed: false },
  ],
  tasks: [...old, fresh('d', { ...stopped, stopCode: 'EssentialContainerExited' })],
};

const seenAfter = (...sights: Snapshot[]): Chapter => sights.reduce(observe, opened);
const picture = (chapter: Chapter) => frame(chapter, plain).map(({ text }) => text);

describe('observe', () => {
  it('sees nothing begin while the old revision is alone', () => {
    const chapter = seenAfter(steady);
    expect(chapter.target).toBeUndefined();
    expect(hasSettled(chapter)).toBe(false);
  });

  it('sees a rollout begin and end, with its times', () => {
    const chapter = seenAfter(steady, rolling, live);
    expect(chapter).toMatchObject({ target: 'web-app:2', rollStartedAt: 30 * second, rolledAt: 90 * second });
    expect(hasSettled(chapter)).toBe(true);
  });

  it('is not settled while tasks of another deployment are there', () => {
    const [primary] = live.deployments;
    const draining = { primary: false, revision: 'web-app:1', completed: true };
    const chapter = seenAfter(rolling, { ...live, deployments: primary ? [primary, draining] : [] });
    expect(hasSettled(chapter)).toBe(false);
  });

  it('sees it roll back, and settle there', () => {
    const chapter = seenAfter(steady, rolling, back);
    expect(chapter).toMatchObject({ backStartedAt: 80 * second, target: 'web-app:2' });
    expect(hasSettled(chapter)).toBe(false);
    const settled = observe(chapter, { ...steady, now: 95 * second });
    expect(settled).toMatchObject({ backAt: 95 * second });
    expect(hasSettled(settled)).toBe(true);
  });

  it('is not settled once it has begun to leave a rollout that had completed', () => {
    expect(hasSettled(seenAfter(rolling, live, back))).toBe(false);
  });

  it('counts each crashed task once, and not those that were scaled in', () => {
    const crash = fresh('d', { ...stopped, stopCode: 'EssentialContainerExited' });
    const scaled = fresh('e', { ...stopped, stopCode: 'ServiceSchedulerInitiated' });
    const chapter = seenAfter(
      rolling,
      { ...rolling, tasks: [crash, scaled] },
      { ...rolling, tasks: [crash] },
    );
    expect(chapter.crashed).toEqual(['d']);
  });

  it('leaves out migrations of earlier pushes, and keeps those that ECS has forgotten', () => {
    const earlier = migration({ arn: 'earlier', createdAt: -60 * second });
    const chapter = seenAfter({ ...steady, tasks: [earlier, migration()] }, steady);
    expect(chapter.migrations.map(({ arn }) => arn)).toEqual(['m']);
  });
});

describe('frame', () => {
  it('shows what is still to come', () => {
    expect(picture(seenAfter(steady))).toEqual([
      '  ✓ web-app:1.1.0 pushed   4f9c2e1b7a3d',
      '  ☐ db-migrate',
      '  ☐ roll web-app           3 tasks at web-app:1',
      '    old ●●●',
    ]);
  });

  it('shows a migration at work', () => {
    expect(picture(seenAfter({ ...steady, tasks: [...old, migration()] }))[1]).toBe(
      '  ◐ db-migrate             running',
    );
  });

  it('shows tasks old and new while they roll', () => {
    expect(picture(seenAfter(steady, rolling)).slice(1)).toEqual([
      '  ✓ db-migrate             exit code 0, 10 s',
      '  ◐ roll web-app           web-app:1 → web-app:2, 1/3 healthy',
      '    old ●●   new ●◐○',
    ]);
  });

  it('shows what was rolled back, and why', () => {
    const outcome = {
      release: 2,
      state: 'rolledBack',
      reason: 'web exited with code 1',
      endedAt: 95 * second,
    };
    const chapter = { ...seenAfter(steady, rolling, back, { ...steady, now: 95 * second }), outcome };
    expect(picture(chapter).slice(2)).toEqual([
      '  ✗ roll web-app           web-app:1 → web-app:2, stopped, 50 s',
      '    old ●●●   new ✗',
      '  ✓ roll back              to web-app:1, 15 s',
      '  v2 rolled back  web exited with code 1',
    ]);
  });

  it('shows a migration that failed, or never ran', () => {
    const failed = migration({ ...stopped, stoppedAt: 5 * second, exitCodes: { migrate: 3 } });
    const never = migration({ ...stopped, stoppedAt: 5 * second });
    expect(picture(seenAfter({ ...steady, tasks: [failed] }))[1]).toBe(
      '  ✗ db-migrate             exit code 3, 3 s',
    );
    expect(picture(seenAfter({ ...steady, tasks: [never] }))[1]).toBe(
      '  ✗ db-migrate             never ran, 3 s',
    );
  });

  it('means the same with and without colours', () => {
    const chapter = seenAfter(steady, rolling, back);
    expect(frame(chapter, coloured).map(({ text }) => withoutColour(text))).toEqual(picture(chapter));
  });
});
