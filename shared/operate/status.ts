import { type Alert, describeAlert } from '../domain/alert.ts';
import type { AdoptedService } from '../domain/answers.ts';
import type { App } from '../domain/app.ts';
import { rateLimitOf } from '../domain/kernel/rateLimits.ts';
import { memberOf } from '../domain/member.ts';
import type { ObservedService } from '../domain/observations.ts';
import { progressOf } from '../domain/releases/progress.ts';
import { passes } from '../domain/releases/waiting.ts';
import { revisionName } from '../domain/revision.ts';
import type { AppState, Candidate, LiveImage } from '../domain/state.ts';
import { primaryOf } from '../domain/strategies/rolling.ts';
import type { AlertSummary, AppStatus, ServiceStatus, WaitingImage } from '../domain/summaries.ts';
import { adopt } from '../perform/adopting.ts';
import type { Ecs } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { originOf } from './liveness.ts';
import { failureOf, stepsOf, storiesOf, summaryOf, whoOf } from './releases.ts';
import { listingRetryOf, retriesOf } from './retrying.ts';

/** How many releases are searched for the last failure. */
const MOST_SEARCHED = 20;

/** What the apps run: Fairway's state, and what ECS reports of their services now. */
export async function statusesOf(
  runtime: Runtime,
  apps: readonly App[],
  ecs: Ecs,
): Promise<readonly AppStatus[]> {
  const seen = await observe(runtime, apps, ecs);
  return Promise.all(apps.map((app) => statusOf(runtime, app, seen.get(app.cluster), ecs)));
}

/** What ECS answered for the services of one cluster. */
type Seen =
  | { readonly asOf: number; readonly observations: readonly ObservedService[] }
  | { readonly unread: string };

/** All services of a cluster are read together: ECS returns ten at a time. */
async function observe(runtime: Runtime, apps: readonly App[], ecs: Ecs): Promise<ReadonlyMap<string, Seen>> {
  const clusters = [...new Set(apps.map(({ cluster }) => cluster))];
  const read = clusters.map(async (cluster): Promise<[string, Seen]> => {
    const services = apps.filter((app) => app.cluster === cluster).flatMap((app) => app.services);
    try {
      const observations = await ecs.services(
        cluster,
        services.map(({ name }) => name),
      );
      return [cluster, { asOf: runtime.now(), observations }];
    } catch (error) {
      runtime.log('the services could not be read', { cluster, error });
      return [cluster, { unread: error instanceof Error ? error.message : String(error) }];
    }
  });
  return new Map(await Promise.all(read));
}

async function statusOf(runtime: Runtime, app: App, seen: Seen | undefined, ecs: Ecs): Promise<AppStatus> {
  const state = (await runtime.store.load(app.name))?.state;
  const stories = await storiesOf(runtime, app, state, MOST_SEARCHED);
  const open = state?.release && stories.find(({ release }) => release === state.release?.number);
  const alerts = state?.alerts?.alerts.filter(({ end }) => !end).map(alertSummary) ?? [];
  const rateLimit = state && rateLimitOf(state, runtime.now());
  const ofListing = await listingRetryOf(runtime.store, app.name, app.image);
  const retrying = [...(state ? retriesOf(state) : []), ...ofListing];
  const lastFailure = stories.map(failureOf).find((failure) => failure !== undefined);
  return {
    app: app.name,
    cluster: app.cluster,
    services: app.services.map((service) => service.name),
    ...(seen && (await servicesOf(runtime, app, state, seen, ecs))),
    ...(state?.live && { live: liveOf(state, state.live) }),
    ...(open && { open: { ...summaryOf(open), steps: stepsOf(open) } }),
    ...waitingOf(state),
    ...(state?.hold && { hold: state.hold }),
    ...(rateLimit && { rateLimit }),
    ...(retrying.length > 0 && { retrying }),
    ...(lastFailure && { lastFailure }),
    ...(alerts.length > 0 && { alerts }),
  };
}

function liveOf(state: AppState, live: LiveImage): NonNullable<AppStatus['live']> {
  return live.release === undefined ? { ...live, origin: originOf(state, live.since) } : live;
}

/** What starts next, and what starts after that. */
function waitingOf(state: AppState | undefined): Pick<AppStatus, 'waiting' | 'alsoWaiting'> {
  const [waiting, alsoWaiting] = [state?.ordered, state?.waiting].flatMap((candidate) =>
    state === undefined || candidate === undefined ? [] : [waitingImage(state, candidate)],
  );
  return { ...(waiting && { waiting }), ...(alsoWaiting && { alsoWaiting }) };
}

function waitingImage(state: AppState, { image: { tag, digest }, trigger }: Candidate): WaitingImage {
  const waitsFor = whatIsWaitedFor(state, trigger);
  return { tag, digest, by: whoOf(trigger), ...(waitsFor !== undefined && { waitsFor }) };
}

/** "v3: web-app 50% of the traffic, baking until 12:40 UTC". */
function whatIsWaitedFor({ hold, release }: AppState, trigger: Candidate['trigger']): string | undefined {
  if (hold && !passes(hold, trigger)) return `the hold by ${hold.by}`;
  if (!release) return undefined;
  const progress = release.services.flatMap((rollout) => {
    const text = progressOf(rollout);
    return text === undefined ? [] : [`${rollout.service} ${text}`];
  });
  return [`v${release.number}`, ...progress.slice(0, 1)].join(': ');
}

/** Where ECS does not answer, the rest of the status is still shown. */
async function servicesOf(
  runtime: Runtime,
  app: App,
  state: AppState | undefined,
  seen: Seen,
  ecs: Ecs,
): Promise<Pick<AppStatus, 'running' | 'asOf' | 'unread'>> {
  if ('unread' in seen) return { unread: seen.unread };
  const observations = app.services.flatMap(
    ({ name }) => seen.observations.find(({ service }) => service === name) ?? [],
  );
  const images = await otherImages(runtime, app, state, observations, ecs);
  return {
    asOf: seen.asOf,
    running: observations.map((observed) => serviceStatus(observed, images.get(observed.service))),
  };
}

type OtherImage = NonNullable<ServiceStatus['otherImage']>;

/** Images of deployments that Fairway neither made nor adopted, unless they are the live one. */
async function otherImages(
  runtime: Runtime,
  app: App,
  state: AppState | undefined,
  observations: readonly ObservedService[],
  ecs: Ecs,
): Promise<ReadonlyMap<string, OtherImage>> {
  const foreign = observations.filter((observed) => {
    const primary = primaryOf(observed);
    return (
      primary &&
      state?.adoptedAt !== undefined &&
      !memberOf(state.knownDeployments, observed.service)?.includes(primary.id)
    );
  });
  if (foreign.length === 0) return new Map();
  const services = foreign.map(({ service }) => service);
  try {
    const answer = await adopt(ecs, runtime.location, app, { kind: 'adopt', services });
    return new Map(answer.kind === 'adopted' ? answer.services.flatMap((one) => otherImage(state, one)) : []);
  } catch (error) {
    runtime.log('the images of the services could not be read', { app: app.name, error });
    return new Map();
  }
}

function otherImage(
  state: AppState | undefined,
  { service, digest, tag }: AdoptedService,
): readonly (readonly [string, OtherImage])[] {
  if (digest === undefined || digest === state?.live?.digest) return [];
  return [[service, { digest, ...(tag === undefined ? {} : { tag }) }]];
}

function serviceStatus(observed: ObservedService, otherImage: OtherImage | undefined): ServiceStatus {
  const primary = primaryOf(observed);
  const others = observed.deployments.filter((deployment) => deployment !== primary);
  const deployments = [...(primary ? [primary] : []), ...others];
  return {
    service: observed.service,
    status: observed.status,
    desired: observed.desired,
    running: deployments.reduce((sum, { running }) => sum + running, 0),
    ...(primary && { revision: revisionName(primary.taskDefinition) }),
    ...(primary?.rolloutState === undefined ? {} : { rollout: primary.rolloutState }),
    ...(primary?.rolloutStateReason === undefined ? {} : { reason: primary.rolloutStateReason }),
    deployments: deployments.map(({ taskDefinition, status, running, desired, failedTasks }) => ({
      revision: revisionName(taskDefinition),
      status,
      running,
      desired,
      failedTasks,
    })),
    ...(otherImage && { otherImage }),
  };
}

function alertSummary(alert: Alert): AlertSummary {
  const { service, kind, count, firstAt, lastAt, cause } = alert;
  return { service, kind, sentence: describeAlert(alert), why: cause.sentence, count, firstAt, lastAt };
}
