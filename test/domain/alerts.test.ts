import type { AlertKind, ObservedStop } from '../../shared/domain/alert.ts';
import { dueAt } from '../../shared/domain/decide/ticks.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { DomainEvent } from '../../shared/domain/events.ts';
import type { ObservedService } from '../../shared/domain/observations.ts';
import { anApp, anObservedService, aStage, MINUTE } from '../builders.ts';
import { aCause, aSeenApp, type Stopped } from './seenApp.ts';

describe('decide, when tasks stop on their own', () => {
  it('looks at the first one at once, and at later ones together, a minute on', () => {
    const play = aSeenApp();
    const first = play.stop();
    expect(play.stage.pending('lookAtStopped')[0]).toMatchObject({ effect: { tasks: [first] } });
    expect(play.stage.pending('lookAtStopped')[0]).not.toHaveProperty('notBefore');
    play.look();
    const more = [play.stop(), play.stop(), play.stop()];
    const [entry] = play.stage.pending('lookAtStopped');
    expect(entry?.effect.tasks).toEqual(more);
    expect(entry?.notBefore).toBe(play.stage.now + MINUTE);
  });

  it('looks at a hundred as soon as they are there: one call takes no more', () => {
    const play = aSeenApp().stops(1);
    play.look();
    for (let count = 0; count < 100; count += 1) play.stop();
    expect(play.stage.pending('lookAtStopped')[0]).not.toHaveProperty('notBefore');
  });

  it('keeps the item small however many stop, and says that they are not counted', () => {
    const play = aSeenApp();
    for (let count = 0; count < 400; count += 1) play.stop();
    expect(play.stage.pending('lookAtStopped')[0]?.effect.tasks).toHaveLength(300);
    const { changed, reason } = play.stage.when({
      type: 'taskStopped',
      taskArn: 'task/another',
      service: 'web-app',
      scaledIn: false,
    });
    expect([changed, reason]).toEqual([false, 'too many tasks stop: not counted']);
  });

  it('looks again at what stopped while it looked', () => {
    const play = aSeenApp();
    const [first, second] = [play.stop(), play.stop()];
    play.stage.answer('lookAtStopped', {
      kind: 'stoppedSeen',
      tasks: [{ task: first, at: play.stage.now, cause: aCause('crash') }],
    });
    expect(play.stage.pending('lookAtStopped')[0]?.effect.tasks).toEqual([second]);
  });

  it.each<[string, number, string, AlertKind[]]>([
    ['two crashes', 2, 'crash', []],
    ['three crashes', 3, 'crash', ['crashLoop']],
    ['three images that are not there', 3, 'imageNotFound', ['crashLoop']],
    ['one that ran out of memory', 1, 'outOfMemory', ['outOfMemory']],
    ['five that ran out of memory', 5, 'outOfMemory', ['outOfMemory']],
    ['three that a person stopped', 3, 'stoppedByPerson', []],
    ['three that Spot took away', 3, 'spotInterruption', []],
    ['three that ECS scaled in after all', 3, 'scaledIn', []],
    ['three on hardware that was retired', 3, 'infrastructure', []],
  ])('after %s: %i × %s is %j', (_, count, cause, kinds) => {
    expect(aSeenApp().stops(count, cause).kinds).toEqual(kinds);
  });

  it('takes three that stopped within ten minutes for a loop, and not three of an hour', () => {
    const slow = aSeenApp();
    for (let each = 0; each < 3; each += 1) {
      slow.stops(1);
      slow.stage.later(6 * MINUTE);
    }
    expect(slow.kinds).toEqual([]);
    expect(slow.stops(2).kinds).toEqual(['crashLoop']);
    expect(slow.alerts).toMatchObject([{ count: 3 }]);
  });

  it('takes six of an hour for a loop, and not five', () => {
    const slow = aSeenApp();
    for (let each = 0; each < 5; each += 1) {
      slow.stops(1);
      slow.stage.later(8 * MINUTE);
    }
    expect(slow.kinds).toEqual([]);
    expect(slow.stops(1).kinds).toEqual(['crashLoop']);
    expect(slow.alerts).toMatchObject([{ count: 6, tasks: { crash: 6 } }]);
  });

  it('counts by cause in one alert, and blames the first cause that is more than a symptom', () => {
    const play = aSeenApp().stops(2, 'terminated').stops(2, 'crash').stops(1, 'killed');
    expect(play.alerts).toMatchObject([
      { count: 5, tasks: { terminated: 2, crash: 2, killed: 1 }, cause: { kind: 'crash' } },
    ]);
  });

  it('does not name a cause without a task among those announced', () => {
    const play = aSeenApp().stops(1, 'crash');
    play.stage.later(11 * MINUTE);
    expect(play.stops(3, 'terminated').alerts).toMatchObject([
      { count: 3, tasks: { terminated: 3 }, cause: { kind: 'terminated' } },
    ]);
  });

  it('counts a task once, whether its event comes twice before the look or after it', () => {
    const play = aSeenApp().stops(2);
    const task = play.stop();
    play.stop(task);
    play.look();
    const { changed } = play.stage.when({
      type: 'taskStopped',
      taskArn: `task/${task}`,
      service: 'web-app',
      deploymentId: 'ecs-svc/1',
      scaledIn: false,
    });
    expect(changed).toBe(false);
    expect(play.alerts).toMatchObject([{ count: 3 }]);
  });

  it.each<[string, Partial<Stopped>]>([['was scaled in', { scaledIn: true }]])(
    'does not look at a task that %s',
    (_, more) => {
      const play = aSeenApp();
      play.stop('00000001', more);
      expect(play.stage.pending('lookAtStopped')).toEqual([]);
    },
  );

  it.each<[string, Partial<ObservedStop>]>([
    ['has not stopped', { at: undefined as never }],
    ['has no cause', { cause: undefined as never }],
  ])('does not count a task that %s after all', (_, more) => {
    const play = aSeenApp();
    for (let each = 0; each < 4; each += 1) {
      play.stop();
      play.look('outOfMemory', more);
      play.stage.later(MINUTE);
    }
    expect(play.alerts).toEqual([]);
  });

  it('has at most twenty alerts', () => {
    const services = Array.from({ length: 25 }, (_, index) => ({
      name: `service-${index}`,
      wave: 1,
      family: `family-${index}`,
      containers: [],
    }));
    const play = aSeenApp(anApp({ services }));
    for (const { name } of services) {
      play.stop(undefined, { service: name });
      play.look('outOfMemory');
    }
    expect(play.alerts).toHaveLength(20);
  });
});

describe('decide, while a release is open', () => {
  const rolling = () => {
    const play = aSeenApp();
    play.stage.prepared('1.1.0').updated();
    return play;
  };

  it.each([
    ['its own tasks are its own business', 'ecs-svc/v1-web-app', []],
    ['tasks of what ran before are an alert', 'ecs-svc/1', ['crashLoop']],
  ])('%s', (_, deploymentId, kinds) => {
    const play = rolling();
    for (let each = 0; each < 3; each += 1) {
      play.stop(undefined, { deploymentId });
      play.look('crash', { deploymentId });
      play.stage.later(MINUTE);
    }
    expect(play.kinds).toEqual(kinds);
  });

  it('tasks of a deployment that UpdateService has not answered yet are taken for its own', () => {
    const play = aSeenApp();
    play.stage.prepared('1.1.0');
    play.stop(undefined, { deploymentId: 'ecs-svc/unknown' });
    expect(play.stage.pending('lookAtStopped')).toEqual([]);
  });

  it.each(['placement', 'startImpaired'] as const)('%s of a service that rolls is its business', (action) => {
    const play = rolling();
    play.say(action);
    expect(play.stage.pending('lookAtTrouble')).toEqual([]);
  });

  it('closes the alerts of its services when it goes live', () => {
    const play = aSeenApp().stops(3).tell();
    play.stage.prepared('1.1.0').updated().ended('web-app');
    expect(play.alerts).toMatchObject([{ end: { how: 'recovered', reason: 'v1 is live' } }]);
    play.tell();
    expect(play.alerts).toEqual([]);
  });

  it.each(['crash', 'outOfMemory'])('opens none for tasks that stopped before: %s', (kind) => {
    const play = aSeenApp().stops(3, kind).tell();
    const { stage } = play;
    const before = stage.now;
    const late = Array.from({ length: 3 }, () => play.stop());
    stage.prepared('1.1.0').updated().ended('web-app');
    play.tell();
    const tasks = late.map((task) => ({ task, deploymentId: 'ecs-svc/1', at: before, cause: aCause(kind) }));
    stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks });
    expect(play.alerts).toEqual([]);
  });

  it('tasks that stop late, of a deployment that was rolled back, are no alert; those of what runs again are', () => {
    const play = rolling();
    const { stage } = play;
    stage.when({
      type: 'deploymentEnded',
      service: 'web-app',
      deploymentId: 'ecs-svc/v1-web-app',
      failed: true,
    });
    stage.answer('lookAtServices', {
      kind: 'servicesSeen',
      services: [
        anObservedService('web-app', {
          primary: 'ecs-svc/v1-web-app',
          rolloutState: 'FAILED',
          reason: 'ECS deployment circuit breaker: tasks failed to start.',
        }),
      ],
    });
    const { revision } = stage.pending('rollBack')[0]?.effect ?? { revision: '' };
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision,
      deploymentId: 'ecs-svc/back',
      completed: true,
    });
    expect(stage.state.release).toBeUndefined();
    play.stop(undefined, { deploymentId: 'ecs-svc/v1-web-app' });
    expect(stage.pending('lookAtStopped')).toEqual([]);
    expect(stage.pending('lookAtTrouble')).toEqual([]);
    for (let each = 0; each < 3; each += 1) {
      play.stop(undefined, { deploymentId: 'ecs-svc/back' });
      play.look('crash', { deploymentId: 'ecs-svc/back' });
      stage.later(MINUTE);
    }
    // What it was rolled back to fails as well: that is new.
    expect(play.alerts).toMatchObject([{ kind: 'crashLoop', release: { number: 1, state: 'failed' } }]);
  });
});

describe('decide, when ECS says that a service is in trouble', () => {
  it.each([
    ['placement', 'RESOURCE:FARGATE', /cannot place tasks of web-app: RESOURCE:FARGATE/],
    ['placement', 'Opt in and try again.', /cannot place tasks of web-app: Opt in and try again\.$/],
    ['startImpaired', undefined, /Tasks of web-app repeatedly fail to start/],
  ] as const)('looks, and opens an alert for %s once', (action, words, sentence) => {
    const play = aSeenApp();
    for (let each = 0; each < 3; each += 1) {
      play.say(action, words);
      play.trouble();
      play.stage.later(MINUTE);
    }
    expect(play.alerts).toMatchObject([
      { kind: action, cause: { sentence: expect.stringMatching(sentence) } },
    ]);
  });

  it.each([
    ['placement', 2],
    ['startImpaired', 0],
  ] as const)('announces it again while ECS keeps saying %s', (action, count) => {
    const play = aSeenApp();
    play.say(action);
    play.trouble();
    play.tell().stage.later(2 * MINUTE);
    expect(play.stage.pending('announceAlert')).toEqual([]);
    play.say(action);
    play.trouble();
    expect(play.stage.pending('announceAlert')).toHaveLength(1);
    expect(play.alerts).toMatchObject([{ count, lastAt: play.stage.now }]);
  });

  it('prefers what the tasks and the events of the service say', () => {
    const play = aSeenApp();
    play.say('placement', 'RESOURCE:FARGATE');
    play.trouble(undefined, aCause('capacity'));
    expect(play.alerts).toMatchObject([{ cause: { kind: 'capacity' }, count: 1 }]);
  });

  it('announces nothing if the service has all its tasks by then', () => {
    const play = aSeenApp();
    play.say('placement');
    play.trouble(anObservedService('web-app'));
    expect(play.alerts).toEqual([]);
  });

  it('announces tasks that fail to start, and those that stop for it, in one alert', () => {
    const play = aSeenApp().stops(2, 'imageNotFound');
    play.say('startImpaired');
    play.trouble();
    play.stops(4, 'imageNotFound');
    expect(play.alerts).toMatchObject([{ kind: 'startImpaired', count: 6 }]);
    const loop = aSeenApp().stops(3, 'imageNotFound');
    loop.say('startImpaired');
    loop.trouble();
    expect(loop.kinds).toEqual(['crashLoop']);
  });
});

describe('decide, when a deployment failed', () => {
  const failed = (deploymentId: string): DomainEvent => ({
    type: 'deploymentEnded',
    service: 'web-app',
    deploymentId,
    failed: true,
  });
  const rolledBack = anObservedService('web-app');
  const listed = anObservedService('web-app', { primary: 'ecs-svc/2', rolloutState: 'FAILED' });
  const going = anObservedService('web-app', { primary: 'ecs-svc/2', rolloutState: 'IN_PROGRESS' });

  it.each<[string, ObservedService, AlertKind[]]>([
    ['that ECS lists as failed', listed, ['deploymentFailed']],
    ['that has been rolled back and is listed no more', rolledBack, ['deploymentFailed']],
    ['that goes on', going, []],
  ])('made outside Fairway, %s', (_, observed, kinds) => {
    const play = aSeenApp();
    play.stage.when(failed('ecs-svc/2'));
    play.trouble(observed);
    expect(play.kinds).toEqual(kinds);
  });

  it('asks who deployed what, too', () => {
    const play = aSeenApp();
    play.stage.when(failed('ecs-svc/2'));
    expect(play.stage.pending('adopt')).toHaveLength(1);
  });

  it('of the open release is the business of the release', () => {
    const play = aSeenApp();
    play.stage.prepared('1.1.0').updated();
    play.stage.when(failed('ecs-svc/v1-web-app'));
    expect(play.stage.pending('lookAtTrouble')).toEqual([]);
  });
});

describe('decide, while an alert is open', () => {
  it('announces at once, then at most once a minute', () => {
    const play = aSeenApp().stops(3);
    expect(play.stage.pending('announceAlert')).toHaveLength(1);
    play.tell();
    play.stop();
    play.look();
    const [entry] = play.stage.pending('announceAlert');
    expect(entry?.notBefore).toBe(play.stage.now + MINUTE);
    play.stage.later(30_000);
    play.stop();
    expect(play.stage.pending('announceAlert')).toHaveLength(1);
  });

  it('announces its end at once, even if an update still waits for its minute', () => {
    const play = aSeenApp().stops(3).tell();
    play.stop();
    play.look();
    expect(play.stage.pending('announceAlert')[0]).toHaveProperty('notBefore');
    play.stage.prepared('1.1.0').updated().ended('web-app');
    expect(play.stage.pending('announceAlert')[0]).not.toHaveProperty('notBefore');
  });

  it('announces what happened during an announcement a minute later', () => {
    const play = aSeenApp().stops(3);
    const { stage } = play;
    const app = anApp();
    const entry = stage.pending('announceAlert')[0];
    const task = play.stop();
    const seen: DomainEvent = {
      type: 'answered',
      key: 'stopped:web-app',
      answer: { kind: 'stoppedSeen', tasks: [{ task, at: stage.now, cause: aCause('crash') }] },
    };
    const during = decide(stage.state, seen, { app, now: stage.now, freshId: 'x', contended: true }).state;
    const told: DomainEvent = {
      type: 'answered',
      key: entry?.key ?? '',
      answer: { kind: 'announced', memory: 'ts:' },
    };
    const after = decide(during, told, { app, now: stage.now, freshId: 'x', contended: false }).state;
    const again = after.outbox.filter(({ effect }) => effect.kind === 'announceAlert');
    expect(again).toMatchObject([{ key: entry?.key, notBefore: stage.now + MINUTE }]);
  });

  it('is due for a look ten minutes after the last stop, and every five minutes from then on', () => {
    const play = aSeenApp().stops(3).tell();
    const lastAt = play.stage.now - MINUTE;
    play.recovery(anObservedService('web-app', { running: 1 }));
    expect(dueAt(play.stage.state, undefined)).toBe(lastAt + 10 * MINUTE);
    play.stage.later(9 * MINUTE);
    play.stage.when({ type: 'tick' });
    play.recovery(anObservedService('web-app', { running: 1 }));
    expect(play.kinds).toEqual(['crashLoop']);
    expect(dueAt(play.stage.state, undefined)).toBe(play.stage.now + 5 * MINUTE);
  });

  it.each<[string, ObservedService, AlertKind[]]>([
    ['is steady', anObservedService('web-app'), []],
    ['lacks a task', anObservedService('web-app', { running: 2, desired: 3 }), ['crashLoop']],
    ['is being deployed', anObservedService('web-app', { rolloutState: 'IN_PROGRESS' }), ['crashLoop']],
  ])('of a service that has been quiet and %s, leaves those open that have to be', (_, observed, kinds) => {
    const play = aSeenApp().stops(3);
    play.stage.later(10 * MINUTE).when({ type: 'tick' });
    play.recovery(observed);
    expect(play.kinds).toEqual(kinds);
  });

  it('stays open when another task stopped while it was asked for a recovery', () => {
    const play = aSeenApp().stops(3);
    play.stage.later(10 * MINUTE).when({ type: 'tick' });
    play.stop();
    play.look();
    play.recovery();
    expect(play.kinds).toEqual(['crashLoop']);
  });

  it('is closed when the service was quiet, and not before', () => {
    const play = aSeenApp().stops(3).tell();
    play.recovery();
    play.stage.later(9 * MINUTE - 1).when({ type: 'tick' });
    expect(play.stage.pending('lookForRecovery')).toEqual([]);
    play.stage.later(MINUTE + 1).when({ type: 'tick' });
    play.recovery();
    expect(play.alerts).toMatchObject([{ end: { how: 'recovered', reason: 'web-app:10 at 3/3 tasks' } }]);
    play.tell();
    expect(play.alerts).toEqual([]);
    expect(play.stage.state.channelMemory).toEqual({});
  });

  it.each([
    ['is gone', anObservedService('web-app', { overrides: { found: false } }), 'the service is gone'],
    [
      'is drained',
      anObservedService('web-app', { overrides: { status: 'DRAINING' } }),
      'the service is gone',
    ],
  ])('is over when the service %s', (_, observed, reason) => {
    const play = aSeenApp().stops(3);
    play.stage.later(10 * MINUTE).when({ type: 'tick' });
    play.recovery(observed);
    expect(play.alerts).toMatchObject([{ end: { how: 'over', reason } }]);
  });

  it('is over when the service is no longer configured', () => {
    const play = aSeenApp().stops(3);
    const app = anApp({ services: [] });
    const { state } = decide(
      play.stage.state,
      { type: 'tick' },
      { app, now: play.stage.now, freshId: 'x', contended: false },
    );
    expect(state.alerts?.alerts).toMatchObject([
      { end: { how: 'over', reason: 'no longer in fairway.yml' } },
    ]);
  });

  it('survives a release that fails', () => {
    const play = aSeenApp().stops(3).tell();
    play.stage.push('1.1.0');
    play.stage.answer('lookAtServices', { kind: 'refused', cause: aCause('denied') });
    expect(play.stage.state.ended[0]?.end).toMatchObject({ outcome: 'failed' });
    expect(play.kinds).toEqual(['crashLoop']);
    expect(Object.keys(play.stage.state.channelMemory)).toEqual([`${play.alerts[0]?.id}/deploys`]);
  });
});

describe('decide, when all is well', () => {
  it('does not look at an app that it has not seen yet', () => {
    const stage = aStage(anApp());
    const events: DomainEvent[] = [
      { type: 'serviceAction', service: 'web-app', action: 'placement' },
      { type: 'taskStopped', taskArn: 'task/1', service: 'web-app', scaledIn: false },
    ];
    for (const event of events) expect(stage.when(event).changed).toBe(false);
  });
});
