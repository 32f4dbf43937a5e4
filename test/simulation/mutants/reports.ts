import type { Mutant } from './mutant.ts';
import { perform, store } from './mutations.ts';
import { withFates, withWeather } from './plans.ts';

/** Variants that are broken on purpose in what they report. */

export const REPORT_MUTANTS: readonly Mutant[] = [
  {
    name: 'announcements are sent once, whether they arrive or not',
    caughtBy: 42,
    breaks: ['7, nothing vanishes'],
    provoke: withWeather({ mute: 0.9 }),
    mutation: {
      world: (world) => ({
        ...world,
        tell: async (...message) => {
          await world.tell(...message);
          return { kind: 'announced' };
        },
      }),
    },
  },
  {
    name: 'recoveries are not seen: an alert stays open for good',
    caughtBy: 154,
    breaks: ['alerts are closed'],
    mutation: perform((real) => async (app, effect, attempt) => {
      const answer = await real(app, effect, attempt);
      return effect.kind === 'lookForRecovery' ? { kind: 'servicesSeen', services: [] } : answer;
    }),
  },
  {
    name: 'the end of an alert is not announced',
    caughtBy: 6,
    breaks: ['alerts are announced'],
    mutation: {
      world: (world) => ({
        ...world,
        tell: async (...message) => {
          const [, news] = message;
          return news.kind === 'alert' && news.end ? { kind: 'announced' } : world.tell(...message);
        },
      }),
    },
  },
  {
    name: 'stopped tasks are not remembered: what comes twice counts twice',
    caughtBy: 17,
    breaks: ['alerts are true'],
    provoke: (plan) =>
      withFates(withWeather({ duplicate: 0.9 })(plan), { service: 'lateCrash', task: 'good' }),
    mutation: store((real) => ({
      save: (next, dueAt) => {
        const { alerts } = next.state;
        const state = alerts ? { ...next.state, alerts: { ...alerts, seen: [] } } : next.state;
        return real.save({ ...next, state }, dueAt);
      },
    })),
  },
  {
    name: 'a log line contains a secret',
    caughtBy: 2,
    breaks: ['11, secrets stay secret'],
    mutation: {
      world: (world) => ({
        ...world,
        async performEcs(app, effect, attempt) {
          const answer = await world.performEcs(app, effect, attempt);
          if (effect.kind === 'register')
            world.log('registered', { environment: 'PASSWORD=hunter2-of-the-simulation' });
          return answer;
        },
      }),
    },
  },
];
