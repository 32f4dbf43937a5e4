import { lastStop } from '../../../shared/domain/hold.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import type { Store } from '../../../shared/store.ts';
import { withCrowd } from '../crowd.ts';
import type { Mutation } from '../functions.ts';
import type { Action, Plan } from '../script.ts';
import { withTroubles } from '../troubles.ts';
import type { Mutant } from './mutant.ts';

/** Variants that are broken on purpose in what concerns holds, orders by people and what is reported of them. */

/** As with `--people dense`. */
function withPeople(plan: Plan): Plan {
  return withCrowd(withTroubles(plan));
}

const MINUTE = 60_000;

const saved = (change: (state: AppState) => AppState): Mutation => ({
  store: (real): Store => ({
    ...real,
    save: (next, dueAt) => real.save({ ...next, state: change(next.state) }, dueAt),
  }),
});

const loaded = (change: (state: AppState) => AppState): Mutation => ({
  store: (real): Store => ({
    ...real,
    async load(app) {
      const stored = await real.load(app);
      return stored && { ...stored, state: change(stored.state) };
    },
  }),
});

/** Announcements that are called sent and never are. */
const unsaid = (isMeant: (text: string) => boolean): Mutation => ({
  world: (world) => ({
    ...world,
    tell: async (...message) =>
      isMeant(JSON.stringify(message[1])) ? { kind: 'announced' } : world.tell(...message),
  }),
});

function withoutHold({ hold: _, ...state }: AppState): AppState {
  return state;
}

/** A minute after each release the app is rolled back, and that rollback is cancelled. */
function withCancelledRollbacks(plan: Plan): Plan {
  const orders = plan.actions.flatMap((push): Action[] => {
    if (push.kind !== 'push') return [];
    const app = plan.configuration.apps[0]?.name ?? '';
    const order = (minutes: number, command: 'rollback' | 'cancel'): Action => ({
      at: push.at + minutes * MINUTE,
      kind: 'operate',
      request: { command, app, who: `operator-${command}` },
    });
    return [order(5, 'rollback'), order(5.5, 'cancel')];
  });
  const actions = [...plan.actions, ...orders].toSorted((a, b) => a.at - b.at);
  return { ...plan, actions, calmAt: plan.calmAt + 10 * MINUTE };
}

/** Every other migration runs until it is stopped. */
function withLongTasks(plan: Plan): Plan {
  const actions = plan.actions.map((action, index) =>
    action.kind === 'push' && index % 2 === 0
      ? { ...action, fate: { ...action.fate, task: 'hangs' as const } }
      : action,
  );
  return { ...plan, actions };
}

/** Another image is deployed outside Fairway after each push, and the app is resumed. */
function withResumes(plan: Plan): Plan {
  const more = plan.actions.flatMap((push): Action[] => {
    const [app] = plan.configuration.apps;
    const service = app?.services[0]?.name;
    if (push.kind !== 'push' || !app || service === undefined) return [];
    const request = { command: 'resume', app: app.name, who: 'operator' } as const;
    return [
      { at: push.at + 10 * MINUTE, kind: 'foreignDeploy', service, otherImage: true },
      { at: push.at + 15 * MINUTE, kind: 'operate', request },
    ];
  });
  const actions = [...plan.actions, ...more].toSorted((a, b) => a.at - b.at);
  return { ...plan, actions, calmAt: plan.calmAt + 20 * MINUTE };
}

/** From shortly before each push AWS refuses something for twenty minutes. */
function withOutages(what: string): (plan: Plan) => Plan {
  return (plan) => {
    const pushes = plan.actions.filter(({ kind }) => kind === 'push');
    const outages = pushes.map(({ at }) => ({ what, from: at - MINUTE, to: at + 20 * MINUTE }));
    return { ...plan, outages, calmAt: plan.calmAt + 25 * MINUTE };
  };
}

/** Every image is good, and a person stops its deployments. */
function withStops(plan: Plan): Plan {
  const service = plan.configuration.apps[0]?.services[0]?.name ?? '';
  const actions = plan.actions.flatMap((action): Action[] => {
    if (action.kind !== 'push') return [action];
    const stops = [30, 60, 90].map(
      (seconds): Action => ({ at: action.at + seconds * 1_000, kind: 'stopDeployment', service }),
    );
    return [{ ...action, fate: { service: 'good', task: 'good' } }, ...stops];
  });
  return { ...plan, actions: actions.toSorted((a, b) => a.at - b.at) };
}

const DENIED = { kind: 'accessDenied', sentence: 'AWS refused it.', evidence: [], canHeal: false };

const BREAKER = {
  kind: 'circuitBreaker',
  sentence: 'Service deployment rolled back because the circuit breaker threshold was exceeded.',
  evidence: [],
  canHeal: false,
} as const;

export const PEOPLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'an order by a person that waits starts although the app is held',
    caughtBy: 495,
    breaks: ['6, nothing starts on a held app', '6, holds stand'],
    mutation: saved((state) => {
      const { ordered, hold } = state;
      if (!ordered || !hold || ordered.trigger.kind !== 'deploy') return state;
      const trigger = { ...ordered.trigger, despiteHold: { reason: 'none', placedAt: lastStop(hold) } };
      return { ...state, ordered: { ...ordered, trigger } };
    }),
    provoke: withPeople,
  },
  {
    name: 'a rollback of an open release does not hold',
    caughtBy: 4,
    breaks: ['6, holds stand'],
    mutation: saved((state) =>
      state.release?.failure && state.hold?.reason === 'rolled back by hand' ? withoutHold(state) : state,
    ),
    provoke: withPeople,
  },
  {
    name: 'no one is notified of a hold',
    caughtBy: 395,
    breaks: ['7, holds are announced'],
    mutation: unsaid((text) => /"topic":"(?:held|foreignDeployment)"/.test(text)),
    provoke: withPeople,
  },
  {
    name: 'what was rolled back from is forgotten: a second rollback brings it back',
    caughtBy: 6,
    breaks: ['6, rollbacks end at good images'],
    mutation: loaded((state) => ({
      ...state,
      blockedImages: state.blockedImages.filter(({ how }) => !how.startsWith('was rolled back')),
    })),
    provoke: withPeople,
  },
  {
    name: 'no message says that a rolled-back image runs again',
    caughtBy: 6,
    breaks: ['6, bad images are announced'],
    mutation: unsaid((text) => text.includes('rolled back from')),
    provoke: withCancelledRollbacks,
  },
  {
    name: 'a push takes the place of an order by a person, without a word',
    caughtBy: 3,
    breaks: ['6, orders are carried out or answered'],
    mutation: saved(({ ordered, ...state }) => (ordered && !state.waiting ? { ...state, ordered } : state)),
    provoke: withPeople,
  },
  {
    name: 'a migration is not stopped with its release',
    caughtBy: 6,
    breaks: ['4, tasks end with their release', '4, migrations do not overlap'],
    mutation: {
      performEcs: (real) => async (app, effect, attempt) =>
        effect.kind === 'stopTask' ? { kind: 'done' } : real(app, effect, attempt),
    },
    provoke: withPeople,
  },
  {
    name: 'a migration is said to have stopped, and runs on beside the next one',
    caughtBy: 4,
    breaks: ['4, migrations do not overlap'],
    mutation: {
      ecs: (real) => ({
        ...real,
        stop: async () => {},
        async task(cluster, taskArn) {
          const observed = await real.task(cluster, taskArn);
          return observed.found ? { ...observed, lastStatus: 'STOPPED' } : observed;
        },
      }),
    },
    provoke: (plan) => withPeople(withLongTasks(plan)),
  },
  {
    name: 'the circuit breaker is named, whatever ended a deployment',
    caughtBy: 1,
    breaks: ['7, causes are true'],
    mutation: {
      ecs: (real) => ({
        ...real,
        async serviceDeployments(...asked) {
          const deployments = await real.serviceDeployments(...asked);
          return deployments.map((one) => ({
            ...one,
            breaker: true,
            status: 'ROLLBACK_SUCCESSFUL',
            words: [BREAKER.sentence],
            means: BREAKER,
          }));
        },
      }),
    },
    provoke: withStops,
  },
  {
    name: 'services are said to run what they ran before, whatever ECS runs',
    caughtBy: 1,
    breaks: ['7, announcements are true'],
    mutation: saved((state) => ({
      ...state,
      ended: state.ended.map((release) => ({
        ...release,
        services: release.services.map((rollout) => ({ ...rollout, runs: 'web:1 at 3/3 tasks' })),
      })),
    })),
  },
  {
    name: 'a deployment outside Fairway is not remembered: each look holds the app again',
    caughtBy: 265,
    breaks: ['6, one hold per deployment'],
    mutation: loaded((state) => (state.release ? state : { ...state, knownDeployments: {} })),
    provoke: withResumes,
  },
  {
    name: 'services that a failed release has changed are left behind',
    caughtBy: 1,
    breaks: ['5, nothing is left behind'],
    mutation: {
      performEcs: (real) => async (app, effect, attempt) =>
        effect.kind === 'rollBack'
          ? { kind: 'rollingBack', revision: effect.revision, deploymentId: effect.expected, completed: true }
          : real(app, effect, attempt),
    },
  },
  {
    name: 'a write that the table refused is taken for saved',
    caughtBy: 140,
    breaks: ['6, orders are carried out or answered', '7, nothing vanishes', 'everything ends'],
    mutation: {
      store: (real): Store => ({
        ...real,
        save: (next, dueAt) => real.save(next, dueAt).catch(() => 'saved' as const),
      }),
    },
    provoke: (plan) => withPeople({ ...plan, weather: { ...plan.weather, refused: 0.4 } }),
  },
  {
    name: 'a denied look-up of a pushed image is final',
    caughtBy: 1,
    breaks: ['2, newest wins'],
    mutation: {
      performEcs: (real) => async (app, effect, attempt) => {
        const answer = await real(app, effect, attempt);
        const isDenied = answer.kind === 'retry' && answer.why.includes('not authorized');
        return effect.kind === 'inspectImage' && isDenied ? { kind: 'refused', cause: DENIED } : answer;
      },
    },
    provoke: withOutages('ecr:BatchGetImage'),
  },
  {
    name: 'a missing permission is waited for inside a release',
    caughtBy: 1,
    breaks: ['5, denials are final'],
    mutation: {
      performEcs: (real) => async (app, effect, attempt) => {
        const answer = await real(app, effect, attempt);
        const isDenied = answer.kind === 'refused' && answer.cause.kind === DENIED.kind;
        return isDenied ? { kind: 'retry', wait: 10_000, why: answer.cause.sentence } : answer;
      },
    },
    provoke: withOutages('ecs:UpdateService'),
  },
];
