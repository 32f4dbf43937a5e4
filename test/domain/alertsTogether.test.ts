import type { DomainEvent } from '../../shared/domain/events.ts';
import { anObservedService, MINUTE } from '../builders.ts';
import { aCause, aSeenApp } from './seenApp.ts';

const failed: DomainEvent = {
  type: 'deploymentEnded',
  service: 'web-app',
  deploymentId: 'ecs-svc/2',
  failed: true,
};

describe('decide, when one cause shows itself in several ways', () => {
  it('announces tasks that run out of memory and repeatedly fail to start in one alert', () => {
    const play = aSeenApp().stops(2, 'outOfMemory');
    play.say('startImpaired');
    play.trouble(undefined, aCause('outOfMemory'));
    play.stops(2, 'outOfMemory');
    expect(play.alerts).toMatchObject([{ kind: 'outOfMemory', count: 4 }]);
  });

  it('and so when ECS says it first', () => {
    const play = aSeenApp();
    play.say('startImpaired');
    play.trouble(undefined, aCause('outOfMemory'));
    play.stops(2, 'outOfMemory');
    expect(play.alerts).toMatchObject([{ kind: 'startImpaired', count: 2 }]);
  });

  it('keeps crashes and memory apart: both need a fix', () => {
    const play = aSeenApp().stops(3).stops(1, 'outOfMemory');
    expect(play.kinds).toEqual(['crashLoop', 'outOfMemory']);
  });

  it.each(['crash', undefined])(
    'a deployment made outside Fairway that fails for a loop is the same alert, and says so: %s',
    (kind) => {
      const play = aSeenApp().stops(3).tell();
      const [begun] = play.alerts;
      play.stage.when(failed);
      play.trouble(anObservedService('web-app'), kind === undefined ? undefined : aCause(kind));
      expect(play.alerts).toMatchObject([
        { id: begun?.id, kind: 'deploymentFailed', count: 3, cause: { kind: 'crash' } },
      ]);
      play.stops(1);
      expect(play.alerts).toMatchObject([{ kind: 'deploymentFailed', count: 4 }]);
      play.stage.when({ ...failed, deploymentId: 'ecs-svc/3' });
      play.trouble(anObservedService('web-app'), aCause('crash'));
      expect(play.alerts).toMatchObject([{ kind: 'deploymentFailed', count: 4 }]);
    },
  );

  it('and also if ECS gave it up before its tasks were checked', () => {
    const play = aSeenApp().stops(1);
    play.stage.when(failed);
    play.trouble(anObservedService('web-app'), aCause('crash'));
    expect(play.alerts).toMatchObject([{ kind: 'deploymentFailed', count: 1, tasks: { crash: 1 } }]);
    play.stops(2);
    expect(play.alerts).toMatchObject([{ kind: 'deploymentFailed', count: 3, tasks: { crash: 3 } }]);
  });

  it('a deployment made outside Fairway that fails for another cause is a separate alert', () => {
    const play = aSeenApp().stops(3);
    play.stage.when(failed);
    play.trouble(anObservedService('web-app'), aCause('targetHealth'));
    expect(play.kinds).toEqual(['crashLoop', 'deploymentFailed']);
  });

  it('has one alert of failed deployments, whatever else is open', () => {
    const play = aSeenApp().stops(3);
    play.stage.when(failed);
    play.trouble(anObservedService('web-app'), aCause('targetHealth'));
    play.tell().stage.later(2 * MINUTE);
    play.stage.when({ ...failed, deploymentId: 'ecs-svc/3' });
    play.trouble(anObservedService('web-app'), aCause('crash'));
    expect(play.stage.pending('announceAlert').map(({ effect }) => effect.alert)).toEqual([
      play.alerts[1]?.id,
    ]);
    expect(play.alerts).toMatchObject([
      { kind: 'crashLoop', count: 3 },
      { kind: 'deploymentFailed', count: 2 },
    ]);
  });

  it('names the first cause, and what stops tasks now if that is another', () => {
    const play = aSeenApp().stops(3);
    expect(play.alerts[0]).not.toHaveProperty('lately');
    play.stops(2, 'imageNotFound');
    expect(play.alerts).toMatchObject([
      { cause: { kind: 'crash' }, lately: { kind: 'imageNotFound', evidence: [] } },
    ]);
    play.stops(1, 'terminated');
    expect(play.alerts).toMatchObject([{ lately: { kind: 'imageNotFound' } }]);
    play.stops(1);
    expect(play.alerts[0]).not.toHaveProperty('lately');
  });
});

describe('decide, when an alert begins', () => {
  const begin = () => {
    const play = aSeenApp();
    play.stage.prepared('1.1.0').updated().ended('web-app');
    play.stage.later(4 * MINUTE);
    return play;
  };

  it('remembers which release had gone live, when, and what a rollback brings back', () => {
    const play = begin().stops(3);
    const { at } = play.stage.state.ended[0]?.end ?? {};
    expect(play.alerts).toMatchObject([
      { release: { number: 1, tag: '1.1.0', state: 'live', at, back: '1.0.0' } },
    ]);
  });

  it('remembers a release that was in progress when the first task stopped', () => {
    const play = begin();
    play.stage.push('1.2.0');
    expect(play.stops(3).alerts).toMatchObject([{ release: { number: 2, tag: '1.2.0', state: 'open' } }]);
  });

  it('and not one that began after the first task had stopped', () => {
    const play = begin().stops(2);
    play.stage.push('1.2.0');
    expect(play.stops(1).alerts).toMatchObject([{ release: { number: 1, state: 'live' } }]);
  });

  it('asks what the service runs before the announcement, and not again for each task', () => {
    const play = aSeenApp().stops(3);
    play.recovery(anObservedService('web-app', { running: 1 }));
    expect(play.alerts).toMatchObject([{ runs: { what: 'web-app:10 at 1/3 tasks', at: play.stage.now } }]);
    play.stops(2);
    expect(play.stage.pending('lookForRecovery')).toEqual([]);
  });

  it('asks again when that is five minutes old', () => {
    const play = aSeenApp().stops(3);
    play.recovery(anObservedService('web-app', { running: 1 }));
    play.stops(6);
    expect(play.stage.pending('lookForRecovery')).toHaveLength(1);
    play.recovery(anObservedService('web-app', { running: 2 }));
    expect(play.alerts).toMatchObject([{ runs: { what: 'web-app:10 at 2/3 tasks' } }]);
  });

  it('knows of none before the first', () => {
    expect(aSeenApp().stops(3).alerts[0]).not.toHaveProperty('release');
  });
});

describe('decide, when a service is scaled to nothing while an alert is open', () => {
  it('is over, and has not recovered', () => {
    const play = aSeenApp().stops(3);
    play.stage.later(10 * MINUTE).when({ type: 'tick' });
    play.recovery(anObservedService('web-app', { desired: 0, running: 0 }));
    expect(play.alerts).toMatchObject([{ end: { how: 'over', reason: 'scaled to 0 tasks' } }]);
  });
});

describe('decide, when ECS does not know yet what its event said', () => {
  const early = (task: string) => ({ task, deploymentId: 'ecs-svc/1', early: true }) as const;

  it('checks once more, a minute later: a task killed for its memory is announced', () => {
    const play = aSeenApp();
    const task = play.stop();
    play.stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: [early(task)] });
    expect(play.stage.pending('lookAtStopped')).toMatchObject([
      { effect: { tasks: [task] }, notBefore: play.stage.now + MINUTE },
    ]);
    play.stage.later(MINUTE);
    play.look('outOfMemory');
    expect(play.kinds).toEqual(['outOfMemory']);
  });

  it('and not for ever, also when others stop meanwhile', () => {
    const play = aSeenApp();
    const task = play.stop();
    play.stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: [early(task)] });
    const other = play.stop();
    play.stage.later(MINUTE);
    play.stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: [early(task), early(other)] });
    expect(play.stage.pending('lookAtStopped')).toMatchObject([{ effect: { tasks: [other] } }]);
    play.stage.later(MINUTE);
    play.stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: [early(other)] });
    expect(play.stage.pending('lookAtStopped')).toEqual([]);
  });
});

describe('decide, when more tasks stop than can be checked', () => {
  it('says that there are more', () => {
    const play = aSeenApp();
    for (let count = 0; count < 301; count += 1) play.stop();
    play.look();
    expect(play.alerts).toMatchObject([{ kind: 'crashLoop', count: 300, more: true }]);
  });

  it('does not say so where all were counted', () => {
    const play = aSeenApp();
    for (let count = 0; count < 300; count += 1) play.stop();
    play.look();
    expect(play.alerts[0]).not.toHaveProperty('more');
  });
});
