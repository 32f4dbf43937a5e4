import type { AlertKind } from '../../shared/domain/alert.ts';
import { anApp, anObservedService, MINUTE } from '../builders.ts';
import { aCause, aSeenApp } from './seenApp.ts';

/** Plays minutes one by one, as the sweep does; `stopsAt` says which of them a task stops in. Answers what was announced. */
function live(minutes: number, stopsAt: (minute: number) => boolean, kind = 'crash') {
  const play = aSeenApp();
  const told: string[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    if (stopsAt(minute)) play.stop();
    play.look(kind);
    play.stage.when({ type: 'tick' });
    if (play.stage.pending('lookForRecovery').length > 0) play.recovery();
    for (const { id, end } of play.alerts) {
      const state = `${id} ${end ? end.how : 'open'}`;
      if (!told.includes(state)) told.push(state);
    }
    play.tell();
    play.stage.later(MINUTE);
  }
  return { begun: told.filter((state) => state.endsWith(' open')).length, told, play };
}

describe('decide, over a day', () => {
  it.each<[string, number, AlertKind]>([
    ['crashes every 6 minutes', 6, 'crashLoop'],
    ['crashes every 11 minutes', 11, 'crashLoop'],
    ['fails its health checks every 8 minutes', 8, 'crashLoop'],
  ])('a service that %s is announced once, for as long as it does', (_, every, kind) => {
    const { told, play } = live(24 * 60, (minute) => minute % every === 0);
    expect(told).toHaveLength(1);
    expect(play.kinds).toEqual([kind]);
  });

  it('a service that runs out of memory every 15 minutes is announced twice at most, not a hundred times', () => {
    const { begun, play } = live(24 * 60, (minute) => minute % 15 === 0, 'outOfMemory');
    expect(begun).toBe(2);
    expect(play.kinds).toEqual(['outOfMemory']);
  });

  it.each([9, 11, 25])(
    'one that crashes for 5 minutes, and is well for %i, is announced twice at most',
    (well) => {
      const { begun } = live(24 * 60, (minute) => minute % (5 + well) < 5);
      expect(begun).toBeLessThanOrEqual(2);
    },
  );

  it('one that loses a task every 20 minutes is not in a loop', () => {
    expect(live(24 * 60, (minute) => minute % 20 === 0).told).toEqual([]);
  });

  it.each<[string, (minute: number) => boolean, number]>([
    ['a loop that was fast', (minute) => minute < 5, 5 + 10],
    ['one that was slow', (minute) => minute < 60 && minute % 6 === 0, 54 + 60],
  ])('%s is closed when it has been quiet for long enough', (_, stopsAt, at) => {
    const { told, play } = live(at + 6, stopsAt);
    expect(told).toEqual([expect.stringMatching(/open$/), expect.stringMatching(/recovered$/)]);
    expect(play.alerts).toEqual([]);
    expect(live(at - 2, stopsAt).told).toHaveLength(1);
  });
});

describe('decide, when a channel cannot be reached', () => {
  const services = Array.from({ length: 25 }, (_, index) => ({
    name: `service-${index}`,
    wave: 1,
    family: `family-${index}`,
    containers: [],
  }));
  const fail = (play: ReturnType<typeof aSeenApp>, names: readonly string[]) => {
    for (const service of names) {
      play.stop(undefined, { service });
      const [entry] = play.stage.pending('lookAtStopped');
      const [task = ''] = entry?.effect.tasks ?? [];
      const seen = [{ task, at: play.stage.now, cause: aCause('outOfMemory') }];
      play.stage.answer('lookAtStopped', { kind: 'stoppedSeen', tasks: seen });
    }
  };
  const names = services.map(({ name }) => name);

  it('alerts that are over but not announced as over give way to those that begin', () => {
    const play = aSeenApp(anApp({ services }));
    fail(play, names.slice(0, 20));
    play.stage.later(10 * MINUTE).when({ type: 'tick' });
    const observations = names.map((name) => anObservedService(name));
    play.stage.answer('lookForRecovery', { kind: 'servicesSeen', services: observations });
    expect(play.kinds).toEqual([]);
    fail(play, names.slice(20));
    expect(play.kinds).toHaveLength(5);
    expect(play.alerts).toHaveLength(20);
    const told = play.stage.pending('announceAlert').map(({ effect }) => effect.alert);
    expect(told.toSorted()).toEqual(play.alerts.map(({ id }) => id).toSorted());
  });
});

describe('decide, when ECS says the same again and again', () => {
  it.each(['placement', 'startImpaired'] as const)(
    '%s: looks once a minute, and writes nothing else',
    (action) => {
      const play = aSeenApp();
      let [looks, writes] = [0, 0];
      for (let seconds = 0; seconds < 600; seconds += 10) {
        if (play.say(action).changed) writes += 1;
        if (play.stage.pending('lookAtTrouble').length > 0) {
          looks += 1;
          play.trouble();
        }
        play.stage.later(10_000);
      }
      expect([looks, writes]).toEqual([10, 10]);
      expect(play.kinds).toEqual([action]);
    },
  );
});
