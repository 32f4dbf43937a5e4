import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../shared/domain/announcement.ts';
import type { Answer } from '../shared/domain/answers.ts';
import type { App } from '../shared/domain/app.ts';
import type { EcsEffect } from '../shared/domain/effects.ts';
import type { Listings } from '../shared/domain/listing.ts';
import type { IndependentRun } from '../shared/domain/run.ts';
import type { LedgerEntry } from '../shared/domain/summaries.ts';
import type { Reading } from '../shared/operate/operate.ts';
import type { Ecs, Images, Logs, PerformEcs, TaggedImage } from '../shared/ports.ts';
import type { Runtime } from '../shared/runtime.ts';
import type { KnownImages, Store, Stored } from '../shared/store.ts';
import { anImage, digestOf, revision, START } from './builders.ts';

/** A store in memory that keeps the contract of the table, and lets a test break it. */
export function aStore() {
  const items = new Map<string, Stored>();
  const dueTimes = new Map<string, number | undefined>();
  const ledger = new Map<string, LedgerEntry>();
  const history = new Map<string, ReleaseAnnouncement>();
  const known = new Map<string, KnownImages>();
  let listings: Listings = new Map();
  const runs = new Map<string, IndependentRun>();
  const counts = { saves: 0 };
  const store: Store = {
    async load(app) {
      return structuredClone(items.get(app));
    },
    async save(next, dueAt) {
      const current = items.get(next.state.app)?.version ?? 0;
      if (current !== next.version - 1) return 'conflict';
      counts.saves += 1;
      items.set(next.state.app, structuredClone(next));
      dueTimes.set(next.state.app, dueAt);
      return 'saved';
    },
    async due(now) {
      return [...dueTimes].filter(([, time]) => time !== undefined && time <= now).map(([app]) => app);
    },
    async recordPush(entry, overwrite) {
      const key = `${entry.app}/${entry.tag}@${entry.digest}`;
      if (overwrite || !ledger.has(key)) ledger.set(key, entry);
    },
    async pushes(app, tag) {
      return [...ledger.values()].filter((entry) => entry.app === app && entry.tag === tag);
    },
    async newestPush(app) {
      const entries = [...ledger.values()].filter((entry) => entry.app === app);
      return entries.toSorted((a, b) => (b.pushedAt ?? b.at) - (a.pushedAt ?? a.at))[0];
    },
    async recordRelease(story) {
      history.set(`${story.app}/${story.release}`, story);
    },
    async releases(app, limit) {
      const stories = [...history.values()].filter((story) => story.app === app);
      return stories.toSorted((a, b) => b.release - a.release).slice(0, limit);
    },
    async release(app, number) {
      return history.get(`${app}/${number}`);
    },
    async nextLive(app, number) {
      const stories = [...history.values()].filter((story) => story.app === app && story.release > number);
      return stories
        .toSorted((a, b) => a.release - b.release)
        .find(({ outcome }) => outcome?.kind === 'live');
    },
    async recordRun(app, run) {
      runs.set(`${app}/${run.id}`, run);
    },
    async runs(app, task, limit) {
      const some = [...runs].filter(([key, run]) => key.startsWith(`${app}/`) && run.task === task);
      return some
        .map(([, run]) => run)
        .toSorted((a, b) => b.askedAt - a.askedAt)
        .slice(0, limit);
    },
    async knownImages(app) {
      return known.get(app);
    },
    async saveKnownImages(app, images) {
      known.set(app, images);
    },
    async listings() {
      return listings;
    },
    async saveListings(next) {
      listings = new Map(next);
    },
  };
  return { store, items, ledger, history, runs, known, counts, dueTimes };
}

/** ECS and ECR that carry out each call at once and record it. */
export function aPerformer(
  overrides: Partial<Record<EcsEffect['kind'], (effect: EcsEffect) => Answer>> = {},
) {
  const performed: { kind: EcsEffect['kind']; attempt: number }[] = [];
  let running = revision('web-app', 10);
  let deployment = 'ecs-svc/1';
  let count = 10;
  const perform: PerformEcs = async (app, effect, attempt) => {
    performed.push({ kind: effect.kind, attempt });
    const override = overrides[effect.kind];
    return override ? override(effect) : usual(app, effect);
  };
  function usual(app: App, effect: EcsEffect): Answer {
    switch (effect.kind) {
      case 'adopt':
        return {
          kind: 'adopted',
          services: app.services.map((service) => ({
            service: service.name,
            deploymentId: deployment,
            taskDefinition: running,
            digest: digestOf('1.0.0'),
            tag: '1.0.0',
          })),
        };
      case 'inspectImage': {
        const tag = effect.tag ?? 'newest';
        const image = {
          repository: app.image.repository,
          tag,
          digest: effect.digest ?? digestOf(tag),
          pushedAt: START,
          platforms: [],
          labels: {},
        };
        return { kind: 'imageInspected', image, storage: 'ACTIVE' };
      }
      case 'lookAtServices':
        return {
          kind: 'servicesSeen',
          services: effect.services.map((service) => ({
            service,
            found: true,
            status: 'ACTIVE',
            controller: 'ECS',
            strategy: 'ROLLING',
            scheduling: 'REPLICA',
            desired: 3,
            threshold: 3,
            breaker: true,
            deployments: [
              {
                id: deployment,
                status: 'PRIMARY',
                taskDefinition: running,
                rolloutState: 'COMPLETED',
                running: 3,
                desired: 3,
                failedTasks: 0,
              },
            ],
          })),
        };
      case 'readBases':
        return {
          kind: 'basesRead',
          bases: effect.bases.map((base) => ({
            for: base.for,
            revision: base.reference,
            family: 'web-app',
            platform: { os: 'linux', architecture: 'amd64' },
            takesImage: true,
            current: true,
          })),
        };
      case 'register':
        count += 1;
        return { kind: 'registered', revision: revision('web-app', count), droppedTags: [] };
      case 'updateService':
        running = effect.revision;
        deployment = `ecs-svc/${count}`;
        return { kind: 'serviceUpdated', deploymentId: deployment };
      case 'rollBack':
        running = effect.revision;
        deployment = `ecs-svc/back-${count}`;
        return { kind: 'rollingBack', revision: effect.revision, deploymentId: deployment, completed: true };
      case 'lookAtTask':
        return {
          kind: 'taskSeen',
          task: {
            taskArn: effect.taskArn,
            found: true,
            lastStatus: 'STOPPED',
            scaledIn: false,
            exitCodes: {},
          },
        };
      case 'lookAtShifts':
        return { kind: 'shiftsSeen', shifts: {} };
      case 'answerPause':
        return { kind: 'done' };
      case 'readServiceDeployments':
        return { kind: 'serviceDeploymentsRead', deployments: [] };
      case 'findCause':
        return { kind: 'causeFound', taskArns: [] };
      case 'countHealthy':
        return { kind: 'healthyCounted', running: 0, healthy: 0 };
      case 'stopTask':
      case 'lookAtStopped':
      case 'lookAtTrouble':
      case 'lookForRecovery':
        return { kind: 'done' };
      case 'prepareRun':
        return {
          kind: 'runPrepared',
          image: effect.image ?? { tag: '1.0.0', digest: digestOf('1.0.0') },
          revision: running,
        };
      case 'startRun':
        return { kind: 'runStarted', taskArns: [`task/${effect.run}`] };
      case 'readLines':
        return { kind: 'linesRead', tail: { lines: [], elsewhere: [] } };
    }
  }
  return { perform, performed };
}

interface WorldOptions {
  readonly apps: readonly App[];
  readonly store: Store;
  readonly perform: PerformEcs;
  readonly owner?: string;
  /** Milliseconds since `START`. */
  readonly at?: () => number;
  readonly budget?: number;
  readonly tell?: Runtime['tell'];
}

/** A world on a clock that the test moves. */
export function aWorld(options: WorldOptions) {
  const told: { channel: string; announcement: Announcement }[] = [];
  const logged: { message: string; facts: Readonly<Record<string, unknown>> }[] = [];
  const notified: AppAnnouncement[] = [];
  let ids = 0;
  const now = () => START + (options.at?.() ?? 0);
  const began = now();
  const world: Runtime = {
    configuration: { environment: 'test', channels: {}, apps: options.apps },
    location: { environment: 'test', account: '123456789012', region: 'us-east-1' },
    store: options.store,
    performEcs: options.perform,
    pace: () => ({ room: Number.POSITIVE_INFINITY }),
    // Nothing in it has to wait.
    sleep: () => new Promise(() => {}),
    tell:
      options.tell ??
      (async (channel, announcement) => {
        told.push({ channel, announcement });
        return { kind: 'announced', memory: 'ts' };
      }),
    now,
    deadline: () => began + (options.budget ?? 60_000),
    freshId: () => {
      ids += 1;
      return `${options.owner ?? 'a'}-${ids}`;
    },
    owner: options.owner ?? 'a',
    log: (message, facts) => logged.push({ message, facts }),
    notifyOperations: async (announcement) => void notified.push(announcement),
  };
  return { world, told, logged, notified };
}

/** Containers that write nothing. */
export const noLogs: Logs = {
  tail: async () => ({ lines: [], elsewhere: [] }),
  since: async () => ({ lines: [], elsewhere: [], cursor: '', more: false, dry: true, silent: [] }),
};

/** ECS that answers what a test says, and nothing else. */
export function anEcs(answers: Partial<Ecs> = {}): Ecs {
  const unexpected = async (): Promise<never> => {
    throw new Error('ECS was asked something that the test does not expect');
  };
  return {
    services: unexpected,
    networkAndCapacity: unexpected,
    taskDefinition: unexpected,
    register: unexpected,
    findRegistered: unexpected,
    findMade: unexpected,
    newestOfOthers: unexpected,
    update: unexpected,
    platformOverride: unexpected,
    traffic: unexpected,
    serviceDeployments: unexpected,
    deploymentsNamed: unexpected,
    stopDeployment: unexpected,
    answerPause: unexpected,
    run: unexpected,
    task: unexpected,
    tasks: unexpected,
    tasksStartedBy: unexpected,
    stop: unexpected,
    countHealthy: unexpected,
    firstCause: unexpected,
    targetHealth: unexpected,
    troubleOf: unexpected,
    runningDigests: unexpected,
    ...answers,
  };
}

/** A repository of images. */
export function aRepository(images: readonly TaggedImage[]): Images {
  return {
    inspect: async () => undefined,
    tagged: async () => ({ images }),
  };
}

/** ECR that has every image that anyone asks for. */
const everyImage: Images = {
  inspect: async ({ repository }, reference) => ({
    image: anImage('tag' in reference ? reference.tag : '1.0.0', { repository, ...reference }),
    storage: 'ACTIVE',
  }),
  tagged: async () => ({ images: [] }),
};

/** What answering a person needs besides the loop. */
export function aReading(overrides: Partial<Reading> = {}): Reading {
  const parked = { take: async () => [] };
  const announce = async () => undefined;
  const lock = { take: async () => undefined };
  return { parked, logs: noLogs, ecs: anEcs(), images: everyImage, announce, lock, ...overrides };
}
