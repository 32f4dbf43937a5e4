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
import { defined, pick } from './defined.ts';
import type { EffectOf } from './effects.ts';
import { publishedOutcome, publishedRollout, publishedStepKind } from './publishedNames.ts';
import type { Release, ServiceRollout } from './release.ts';
import { progressOf } from './releases/progress.ts';
import { revisionName } from './revision.ts';
import type { IndependentRun } from './run.ts';
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
  const { failure, end, steps, services } = release;
  return {
    kind: 'release',
    ...placeOf(location, app),
    ...pick(release, 'image', 'previous', 'trigger', 'startedAt', 'step', 'notes'),
    releaseId: release.id,
    release: release.number,
    at: end?.at ?? now,
    steps: steps.map((step) => ({ ...step, kind: publishedStepKind(step.kind) })),
    services: services.map(serviceFact),
    ...defined({
      failure: failure && pick(failure, 'cause', 'service', 'task', 'tail', 'requestId'),
      outcome: end && { kind: publishedOutcome(end.outcome), reason: end.reason },
      hold: state.hold && holdFact(state.hold),
    }),
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
  return {
    kind: 'app',
    ...placeOf(location, app),
    ...pick(effect, 'topic', 'severity', 'sentence', 'at'),
    ...defined({ hold: state.hold && holdFact(state.hold) }),
  };
}

/** How a run ended, as facts. */
export function runFacts(location: Location, app: App, run: IndependentRun, now: number): RunAnnouncement {
  return {
    kind: 'run',
    ...placeOf(location, app),
    trigger: run.owner,
    ...pick(run, 'task', 'cause', 'exitCode', 'image', 'askedAt', 'startedAt', 'tail'),
    at: now,
    runId: run.id,
    outcome: run.outcome ?? 'failed',
    reason: run.reason ?? '',
    taskArns: byBlame(run).map(({ taskArn }) => taskArn),
    endedAt: run.endedAt ?? now,
    earlier: run.earlier.map(({ why }) => why),
    ...defined({
      revision: run.revision === undefined ? undefined : revisionName(run.revision),
      tailOf: run.tail && run.tailOf,
    }),
  };
}

/** A service that fails outside of a release, as facts. */
export function alertFacts(location: Location, app: App, alert: Alert, now: number): AlertAnnouncement {
  return {
    kind: 'alert',
    ...placeOf(location, app),
    ...pick(
      alert,
      'service',
      'cause',
      'lately',
      'count',
      'more',
      'tasks',
      'runs',
      'firstAt',
      'lastAt',
      'end',
    ),
    alertId: alert.id,
    trouble: alert.kind,
    at: alert.end?.at ?? now,
    ...defined({ release: alert.release && alertRelease(alert.release) }),
  };
}

function placeOf(location: Location, app: App) {
  return { app: app.name, ...location, cluster: app.cluster };
}

function alertRelease(release: AlertRelease): AlertReleaseFact {
  const { state } = release;
  return { ...release, state: state === 'open' ? state : publishedOutcome(state) };
}

function serviceFact(rollout: ServiceRollout): ServiceFact {
  const from = rollout.before?.taskDefinition;
  const to = rollout.target;
  return {
    ...pick(rollout, 'service', 'running', 'desired', 'runs'),
    state: publishedRollout(rollout.state),
    ...defined({
      from: from === undefined ? undefined : revisionName(from),
      to: to === undefined ? undefined : revisionName(to),
      progress: progressOf(rollout),
    }),
  };
}

function holdFact(hold: HoldFact): HoldFact {
  return pick(hold, 'by', 'reason', 'at', 'requestId');
}
