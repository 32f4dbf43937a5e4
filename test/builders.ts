import type { Answer } from '../shared/domain/answers.ts';
import type { App, ReleaseTask, Task } from '../shared/domain/app.ts';
import { decide, initialState } from '../shared/domain/decide.ts';
import { meaningOfReasons } from '../shared/domain/diagnosis/serviceEvents.ts';
import type { Effect } from '../shared/domain/effects.ts';
import type { DomainEvent } from '../shared/domain/events.ts';
import type { Image } from '../shared/domain/image.ts';
import { excerptOf } from '../shared/domain/logs/excerpt.ts';
import type { LogTail } from '../shared/domain/logs.ts';
import type { ObservedBase, ObservedDeployment, ObservedService } from '../shared/domain/observations.ts';
import type { Cause } from '../shared/domain/release.ts';
import type { AppState, PendingEffect } from '../shared/domain/state.ts';

/** Builders of domain values with sensible defaults, and a small stage to play histories on. */

export const START = Date.parse('2026-03-01T10:00:00Z');
export const MINUTE = 60_000;

/** Where Fairway runs, and its images are. */
export const REGISTRY = { account: '123456789012', region: 'us-east-1' };
export const HOME = { ...REGISTRY, stack: 'fairway-production' };

export function digestOf(name: string): string {
  const hex = Buffer.from(name).toString('hex');
  return `sha256:${hex.repeat(64).slice(0, 64)}`;
}

export function anImage(tag: string, overrides: Partial<Image> = {}): Image {
  return {
    repository: 'web-app',
    tag,
    digest: digestOf(tag),
    pushedAt: START,
    platforms: [{ os: 'linux', architecture: 'amd64' }],
    labels: {},
    ...overrides,
  };
}

export function aTask(name: string, overrides: Partial<ReleaseTask> = {}): ReleaseTask {
  return {
    name,
    family: name,
    container: name,
    environment: {},
    timeout: 15 * MINUTE,
    retries: { times: 0, backoff: 30_000, exitCodes: [] },
    reversible: true,
    ...overrides,
  };
}

/** A task that is like the service web-app. */
export function aScheduledTask(name: string, overrides: Partial<Task> = {}): Task {
  return {
    name,
    like: 'web-app',
    family: 'web-app',
    container: 'web',
    command: ['npm', 'run', 'report'],
    environment: {},
    count: 1,
    timeout: 60 * MINUTE,
    overlap: 'skip',
    retries: { times: 2, backoff: 30_000, exitCodes: [] },
    schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'UTC', jitter: 0 },
    notify: { success: [], failure: ['deploys'], missed: ['deploys'] },
    ...overrides,
  };
}

export function anApp(overrides: Partial<App> = {}): App {
  return {
    name: 'web',
    cluster: 'app-prod',
    image: { repository: 'web-app', tags: { kind: 'semver', range: '>=1.0.0' }, ignore: [] },
    before: [],
    services: [{ name: 'web-app', wave: 1, family: 'web-app', containers: ['web'] }],
    after: [],
    tasks: [],
    timeouts: { rollout: 30 * MINUTE, rollBack: 30 * MINUTE, capacity: 10 * MINUTE },
    baseRevision: 'live',
    onFailure: 'rollBack',
    channels: ['deploys'],
    ...overrides,
  };
}

export function revision(family: string, number: number): string {
  return `arn:aws:ecs:us-east-1:123456789012:task-definition/${family}:${number}`;
}

interface ObservedOptions {
  readonly primary?: string;
  readonly runs?: string;
  readonly rolloutState?: string;
  readonly desired?: number;
  readonly running?: number;
  readonly reason?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly overrides?: Partial<ObservedService>;
}

/** A reason as ECS gives it, and what it means. */
export function aReason(
  service: string,
  reason: string,
): Pick<ObservedDeployment, 'rolloutStateReason' | 'means'> {
  return { rolloutStateReason: reason, ...meaningOf(service, [reason]) };
}

export function meaningOf(service: string, words: readonly string[]): { readonly means?: Cause } {
  const means = meaningOfReasons(service, words);
  return means === undefined ? {} : { means };
}

/** What a container wrote, as it is read from its log. */
export function aTail(...texts: readonly string[]): LogTail {
  const lines = texts.map((text, at) => ({ at, container: 'web', text }));
  const { keyLines } = excerptOf([{ container: 'web', events: lines }], (text) => text);
  return { lines, elsewhere: [], keyLines };
}

/** A service with one deployment. */
export function anObservedService(service: string, options: ObservedOptions = {}): ObservedService {
  const { desired = 3, running = desired, createdAt = START - 60 * MINUTE, updatedAt = createdAt } = options;
  return {
    service,
    found: true,
    status: 'ACTIVE',
    controller: 'ECS',
    strategy: 'ROLLING',
    scheduling: 'REPLICA',
    desired,
    threshold: 3,
    breaker: true,
    deployments: [
      {
        id: options.primary ?? 'ecs-svc/1',
        status: 'PRIMARY',
        taskDefinition: options.runs ?? revision(service, 10),
        rolloutState: options.rolloutState ?? 'COMPLETED',
        running,
        desired,
        failedTasks: 0,
        ...(options.reason === undefined ? {} : aReason(service, options.reason)),
        createdAt,
        updatedAt,
      },
    ],
    ...options.overrides,
  };
}

/** Plays events against `decide`, answering effects by hand: given, when, then. */
export function aStage(first: App, initial?: AppState) {
  let app = first;
  let state = initial ?? initialState(app.name);
  let now = START;
  let ids = 0;
  const stage = {
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    later(milliseconds: number) {
      now += milliseconds;
      return stage;
    },
    /** Another fairway.yml from now on. */
    configured(next: App) {
      app = next;
      return stage;
    },
    /** Answers the reason of the decision. */
    when(event: DomainEvent, { contended = false } = {}) {
      ids += 1;
      const decision = decide(state, event, { app, now, freshId: `release-${ids}`, contended });
      state = decision.state;
      return decision;
    },
    /** Pending effects of one kind. */
    pending<Kind extends Effect['kind']>(
      kind: Kind,
    ): (PendingEffect & { effect: Extract<Effect, { kind: Kind }> })[] {
      return state.outbox.filter(
        (entry): entry is PendingEffect & { effect: Extract<Effect, { kind: Kind }> } =>
          entry.effect.kind === kind,
      );
    },
    /** Answers the first pending effect of a kind. */
    answer(kind: Effect['kind'], answer: Answer) {
      const [entry] = stage.pending(kind);
      if (!entry)
        throw new Error(`no ${kind} is pending, only ${state.outbox.map((other) => other.key).join(', ')}`);
      return stage.when({ type: 'answered', key: entry.key, answer });
    },
    push(tag: string, at = now) {
      stage.when({ type: 'imagePushed', tag, digest: digestOf(tag), at, source: 'event' });
      return stage.answer('inspectImage', {
        kind: 'imageInspected',
        image: anImage(tag, { pushedAt: at }),
        storage: 'ACTIVE',
      });
    },
    /** The app is seen for the first time, running 1.0.0. */
    adopted() {
      stage.when({ type: 'tick' });
      stage.answer('adopt', {
        kind: 'adopted',
        services: app.services.map((service) => ({
          service: service.name,
          deploymentId: 'ecs-svc/1',
          taskDefinition: revision(service.family, 10),
          digest: digestOf('1.0.0'),
          tag: '1.0.0',
          pushedAt: START - MINUTE,
        })),
      });
      return stage;
    },
    /** From a push to the point where every new revision is registered. */
    prepared(tag: string) {
      stage.push(tag);
      return stage.registered();
    },
    /**
     * The open release is looked up and its revisions are registered. `runs`: what the services run before it. `base`:
     * what their revisions are like.
     */
    registered(runs: (service: string) => ObservedOptions = () => ({}), base: Partial<ObservedBase> = {}) {
      stage.answer('lookAtServices', {
        kind: 'servicesSeen',
        services: app.services.map((service) =>
          anObservedService(service.name, { updatedAt: now + 1, ...runs(service.name) }),
        ),
      });
      const bases = stage.pending('readBases')[0]?.effect.bases ?? [];
      stage.answer('readBases', {
        kind: 'basesRead',
        bases: bases.map((asked) => ({
          for: asked.for,
          revision: asked.reference.includes(':') ? asked.reference : revision(asked.reference, 10),
          family: asked.reference.replace(/^.*\//, '').replace(/:\d+$/, ''),
          platform: { os: 'linux', architecture: 'amd64' },
          takesImage: true,
          current: true,
          ...base,
        })),
      });
      for (const entry of stage.pending('register')) {
        const number = 10 + state.lastNumber;
        const family = entry.effect.base.replace(/^.*\//, '').replace(/:\d+$/, '');
        stage.when({
          type: 'answered',
          key: entry.key,
          answer: { kind: 'registered', revision: revision(family, number), droppedTags: [] },
        });
      }
      return stage;
    },
    /**
     * ECS does what the open release needs to reach its end: it goes live where nothing has failed, or what it changed
     * is rolled back. Release tasks are not played.
     */
    finish() {
      const number = state.release?.number;
      for (let turns = 0; turns < 20 && state.release?.number === number; turns += 1) {
        const { release } = state;
        if (!release) break;
        if (release.failure) stage.rolledBack();
        else if (release.step === 'preparing')
          stage.registered((service) => ({ primary: state.knownDeployments[service]?.[0] ?? 'ecs-svc/1' }));
        else {
          stage.updated();
          for (const { service } of release.services)
            if (state.release?.number === number) stage.ended(service);
        }
      }
      return stage;
    },
    /** ECS has brought every service of the failed release to what it ran before, or shows what runs. */
    rolledBack() {
      for (const entry of stage.pending('rollBack')) {
        const answer = {
          kind: 'rollingBack',
          revision: entry.effect.revision,
          deploymentId: `ecs-svc/back-${state.lastNumber}-${entry.effect.service}`,
          completed: true,
        } as const;
        stage.when({ type: 'answered', key: entry.key, answer });
      }
      if (stage.pending('lookAtServices').length > 0 && state.release)
        stage.answer('lookAtServices', {
          kind: 'servicesSeen',
          services: app.services.map((service) => anObservedService(service.name, { updatedAt: now + 1 })),
        });
      return stage;
    },
    /** UpdateService answers for every service that waits for it: ids ecs-svc/v1-web-app and so on. */
    updated() {
      for (const entry of stage.pending('updateService')) {
        const deploymentId = `ecs-svc/v${state.lastNumber}-${entry.effect.service}`;
        const answer = { kind: 'serviceUpdated', deploymentId, createdAt: now } as const;
        stage.when({ type: 'answered', key: entry.key, answer });
      }
      return stage;
    },
    /** The time of our deployment of a service passes, and ECS still works at it. */
    outOfTime(service: string, milliseconds: number) {
      stage.later(milliseconds).when({ type: 'tick' });
      const { rollbackDeploymentId, deploymentId, rollbackRevision, target } =
        state.release?.services.find((other) => other.service === service) ?? {};
      const primary = rollbackDeploymentId ?? deploymentId ?? '';
      const runs = rollbackRevision ?? target ?? '';
      const observed = { primary, runs, rolloutState: 'IN_PROGRESS', createdAt: now + 1 };
      stage.answer('lookAtServices', {
        kind: 'servicesSeen',
        services: [anObservedService(service, observed)],
      });
      stage.later(MINUTE).when({ type: 'tick' });
      return stage;
    },
    /** The time of tasks passes, and they still run. */
    taskOutOfTime(milliseconds: number) {
      stage.later(milliseconds).when({ type: 'tick' });
      for (const { key, effect } of stage.pending('lookAtTask')) {
        const { taskArn } = effect;
        const task = { taskArn, found: true, lastStatus: 'RUNNING', scaledIn: false, exitCodes: {} };
        stage.when({ type: 'answered', key, answer: { kind: 'taskSeen', task } });
      }
      stage.when({ type: 'tick' });
      return stage;
    },
    /** ECS says that our deployment of a service ended, and DescribeServices confirms the given state. */
    ended(service: string, rolloutState = 'COMPLETED', overrides: ObservedOptions = {}) {
      const rollout = state.release?.services.find((other) => other.service === service);
      const deploymentId = rollout?.deploymentId ?? '';
      stage.when({ type: 'deploymentEnded', service, deploymentId });
      const { primary = deploymentId } = overrides;
      const createdAt = primary === rollout?.before?.deploymentId ? START - 60 * MINUTE : now + 1;
      const usual = {
        primary: deploymentId,
        runs: rollout?.target ?? '',
        rolloutState,
        ...(rolloutState === 'FAILED'
          ? { reason: 'ECS deployment circuit breaker: tasks failed to start.' }
          : {}),
      };
      return stage.answer('lookAtServices', {
        kind: 'servicesSeen',
        services: [anObservedService(service, { ...usual, createdAt, updatedAt: now + 1, ...overrides })],
      });
    },
  };
  return stage;
}

/** Real time, as an invocation with ten seconds left has it; waits are over at once. */
export function aTime() {
  return { now: Date.now, deadline: () => Date.now() + 10_000, sleep: async () => {} };
}
