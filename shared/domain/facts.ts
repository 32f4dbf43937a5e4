import type { Alert, AlertRelease } from './alert.ts';
import type {
  AlertAnnouncement,
  AlertReleaseFact,
  AppAnnouncement,
  HoldFact,
  ReleaseAnnouncement,
  RunAnnouncement,
  ServiceFact,
} from './announcement.ts';
import type { App } from './app.ts';
import type { EffectOf } from './effects.ts';
import { publishedOutcome, publishedRollout, publishedStepKind } from './publishedNames.ts';
import type { Release, ServiceRollout } from './release.ts';
import { revisionName } from './revision.ts';
import type { Run } from './run.ts';
import { byBlame } from './runs/parts.ts';
import type { AppState } from './state.ts';

/** Where Fairway runs: what every message names. */
export interface Location {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
}

/** The story of a release so far, as facts. */
export function releaseFacts(
  location: Location,
  app: App,
  state: AppState,
  release: Release,
  now: number,
): ReleaseAnnouncement {
  const { failure, end } = release;
  return {
    kind: 'release',
    app: app.name,
    ...location,
    cluster: app.cluster,
    releaseId: release.id,
    release: release.number,
    image: release.image,
    trigger: release.trigger,
    startedAt: release.startedAt,
    at: end?.at ?? now,
    step: release.step,
    steps: release.steps.map((step) => ({ ...step, kind: publishedStepKind(step.kind) })),
    services: release.services.map(serviceFact),
    notes: release.notes,
    ...(release.previous === undefined ? {} : { previous: release.previous }),
    ...(failure === undefined ? {} : { failure: blame(failure) }),
    ...(end === undefined ? {} : { outcome: { kind: publishedOutcome(end.outcome), reason: end.reason } }),
    ...(state.hold === undefined ? {} : { hold: holdFact(state.hold) }),
  };
}

/** The story of one of the app's releases; undefined: its item knows it no longer. */
export function storyOf(
  location: Location,
  app: App,
  state: AppState,
  releaseId: string,
  now: number,
): ReleaseAnnouncement | undefined {
  const release = [state.release, ...state.ended].find((other) => other?.id === releaseId);
  return release && releaseFacts(location, app, state, release, now);
}

/** Something about an app that is not about a release, as facts. */
export function appFacts(
  location: Location,
  app: App,
  state: AppState,
  effect: EffectOf<'announceApp'>,
): AppAnnouncement {
  const { topic, severity, sentence, at } = effect;
  return {
    kind: 'app',
    app: app.name,
    ...location,
    cluster: app.cluster,
    at,
    topic,
    severity,
    sentence,
    ...(state.hold === undefined ? {} : { hold: holdFact(state.hold) }),
  };
}

/** How a run ended, as facts. */
export function runFacts(location: Location, app: App, run: Run, now: number): RunAnnouncement {
  return {
    kind: 'run',
    app: app.name,
    ...location,
    cluster: app.cluster,
    at: now,
    task: run.task,
    runId: run.id,
    trigger: run.trigger,
    outcome: run.outcome ?? 'failed',
    reason: run.reason ?? '',
    ...(run.cause === undefined ? {} : { cause: run.cause }),
    ...(run.exitCode === undefined ? {} : { exitCode: run.exitCode }),
    ...(run.image === undefined ? {} : { image: run.image }),
    ...(run.revision === undefined ? {} : { revision: revisionName(run.revision) }),
    taskArns: byBlame(run).map(({ taskArn }) => taskArn),
    askedAt: run.askedAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    endedAt: run.endedAt ?? now,
    earlier: run.earlier.map(({ why }) => why),
    ...(run.tail === undefined ? {} : { tail: run.tail }),
    ...(run.tail === undefined || run.tailOf === undefined ? {} : { tailOf: run.tailOf }),
  };
}

/** A service that fails on its own, as facts. */
export function alertFacts(location: Location, app: App, alert: Alert, now: number): AlertAnnouncement {
  const { id, service, kind, cause, lately, count, more, tasks, runs, release, firstAt, lastAt, end } = alert;
  return {
    kind: 'alert',
    app: app.name,
    ...location,
    cluster: app.cluster,
    alertId: id,
    service,
    trouble: kind,
    cause,
    ...(lately === undefined ? {} : { lately }),
    count,
    ...(more === undefined ? {} : { more }),
    tasks,
    ...(runs === undefined ? {} : { runs }),
    ...(release === undefined ? {} : { release: alertRelease(release) }),
    firstAt,
    lastAt,
    at: end?.at ?? now,
    ...(end === undefined ? {} : { end }),
  };
}

function alertRelease(release: AlertRelease): AlertReleaseFact {
  const { state } = release;
  return { ...release, state: state === 'open' ? state : publishedOutcome(state) };
}

function serviceFact(rollout: ServiceRollout): ServiceFact {
  const from = rollout.before?.taskDefinition;
  return {
    service: rollout.service,
    state: publishedRollout(rollout.state),
    running: rollout.running,
    desired: rollout.desired,
    ...(from === undefined ? {} : { from: revisionName(from) }),
    ...(rollout.target === undefined ? {} : { to: revisionName(rollout.target) }),
    ...(rollout.runs === undefined ? {} : { runs: rollout.runs }),
  };
}

function blame(failure: NonNullable<Release['failure']>): NonNullable<ReleaseAnnouncement['failure']> {
  return {
    cause: failure.cause,
    ...(failure.service === undefined ? {} : { service: failure.service }),
    ...(failure.task === undefined ? {} : { task: failure.task }),
    ...(failure.tail === undefined ? {} : { tail: failure.tail }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
  };
}

function holdFact(hold: HoldFact): HoldFact {
  const { by, reason, at, requestId } = hold;
  return { by, reason, at, ...(requestId === undefined ? {} : { requestId }) };
}
