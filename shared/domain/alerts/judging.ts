import { countsTasks, type ObservedStop, type Stop, type WatchedStop } from '../alert.ts';
import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import { tellsMore } from '../diagnosis/weight.ts';
import type { AlertLook } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context } from '../kernel/context.ts';
import { knowsDeployment } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedService } from '../observations.ts';
import type { Cause } from '../release.ts';
import { describe, hasFailed, isComplete, primaryOf } from '../strategies/rolling.ts';
import {
  type AlertDraft,
  addStop,
  announceAlert,
  closeAlert,
  findOpen,
  HOUR,
  isFull,
  isSeen,
  lastClosed,
  openAlert,
  openAlerts,
  PACE,
  quietAt,
  rememberSeen,
  small,
  WINDOW,
  watch,
} from './book.ts';
import { askForAlertLines } from './lines.ts';
import { isMoving, isOfRelease, isOurs, lookAtStopped, REVIEW } from './noticing.ts';

/** What looking at a trouble has found out. */

type Of<Kind extends AlertLook['kind']> = Extract<AlertLook, { kind: Kind }>;

/** Stopped tasks that make a crash loop, within `WINDOW`. */
const LOOP = 3;
/** And within an hour: a service that fails its health checks, or falls over after some minutes, loops slowly. */
const SLOW_LOOP = 6;
/** Kind of an alert and of a cause alike. */
const OUT_OF_MEMORY = 'outOfMemory';
/** Someone or something else ended the task: not a failure of the service. */
const NOT_ON_ITS_OWN: readonly string[] = [
  'stoppedByPerson',
  'scaledIn',
  'spotInterruption',
  'infrastructure',
];

export function stoppedSeen(
  ctx: Context,
  effect: Of<'lookAtStopped'>,
  observations: readonly ObservedStop[],
): string {
  const { service } = effect;
  const rest = effect.tasks.filter((task) => !observations.some((observed) => observed.task === task));
  const early = observations.flatMap(({ task, early }) =>
    early && !effect.again?.includes(task) ? [task] : [],
  );
  if (rest.length + early.length > 0) lookAtStopped(ctx, service, [...rest, ...early], ctx.now + PACE, early);
  watch(ctx, service);
  const stops = observations
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .flatMap((observed) => stopOf(ctx, service, observed));
  const known = openAlerts(ctx.state).length;
  for (const stop of stops) count(ctx, service, stop);
  if (openAlerts(ctx.state).length > known || isOutdated(ctx, service)) askWhatRuns(ctx, service);
  const loop = effect.more ? loopOf(ctx, service, stops[0]?.cause.kind ?? '') : undefined;
  if (loop) loop.more = true;
  return `${service} lost ${counted(stops.length, 'task')} on its own`;
}

/** The last announcement of what it runs is some time old. */
function isOutdated({ state, now }: Context, service: string): boolean {
  return openAlerts(state).some(({ service: of, runs }) => of === service && runs && now >= runs.at + REVIEW);
}

/** Asked before the announcement: does it still serve, and with which revision? */
function askWhatRuns(ctx: Context, service: string): void {
  enqueue(ctx, `recovery:${service}`, { kind: 'lookForRecovery', services: [service] });
}

function stopOf(ctx: Context, service: string, observed: ObservedStop): Stop[] {
  const { at, cause, task, deploymentId, revision } = observed;
  if (at === undefined || cause === undefined || isSeen(ctx, task)) return [];
  rememberSeen(ctx, task);
  const others = isOfRelease(ctx, service, deploymentId) || NOT_ON_ITS_OWN.includes(cause.kind);
  return others ? [] : [{ at, cause, task, ...(revision === undefined ? {} : { revision }) }];
}

function count(ctx: Context, service: string, stop: Stop): void {
  const open = loopOf(ctx, service, stop.cause.kind);
  if (open) {
    addStop(open, stop);
    askForAlertLines(ctx, open, stop);
    announceAlert(ctx, open);
    return;
  }
  const { cause, at } = stop;
  const kind = cause.kind === OUT_OF_MEMORY ? OUT_OF_MEMORY : 'crashLoop';
  // It was seen late, and the trouble that it belongs to is over.
  if (at <= lastClosed(ctx, service, kind)) return;
  if (kind === OUT_OF_MEMORY) openAlert(ctx, { service, kind, cause, at }, [{ at, kind }]);
  else watchStop(ctx, service, stop);
}

/** Two stopped tasks are not a loop yet. */
function watchStop(ctx: Context, service: string, stop: Stop): void {
  const { at, cause } = stop;
  const watched = watch(ctx, service);
  if (isFull(ctx)) return;
  const stops = [...watched.stops, { at, kind: cause.kind }].filter((other) => at - other.at < HOUR);
  const near = stops.filter((other) => at - other.at < WINDOW);
  const slow = near.length < LOOP;
  const why = firstOf(slow ? stops : near, watched.cause, cause);
  if (slow && stops.length < SLOW_LOOP) {
    watched.stops = stops;
    watched.cause = small(why, 0);
    return;
  }
  const alert = openAlert(ctx, { service, kind: 'crashLoop', cause: why, at, slow }, slow ? stops : near);
  if (alert) askForAlertLines(ctx, alert, stop);
  watched.stops = [];
  delete watched.cause;
}

/** Which of two causes to name for some stops: the earlier one, if it is theirs and no less than a symptom. */
function firstOf(stops: readonly WatchedStop[], earlier: Cause | undefined, cause: Cause): Cause {
  if (earlier === undefined || !stops.some(({ kind }) => kind === earlier.kind)) return cause;
  return earlier.kind === cause.kind || tellsMore(cause, earlier) ? cause : earlier;
}

/** The open alert that counts tasks which stop for such a cause, or will: one cause has one alert. */
function loopOf(ctx: Context, service: string, cause: string) {
  const open = openAlerts(ctx.state).filter((alert) => alert.service === service);
  const isMemory = cause === OUT_OF_MEMORY;
  const usual = open.find(({ kind }) => kind === (isMemory ? OUT_OF_MEMORY : 'crashLoop'));
  return usual ?? open.find((alert) => explains(alert, cause));
}

/** ECS's event about a service may arrive before its tasks were checked. */
function explains(alert: AlertDraft, cause: string): boolean {
  if (alert.cause.kind === cause) return alert.kind === 'startImpaired' || alert.kind === 'deploymentFailed';
  if (cause === OUT_OF_MEMORY) return false;
  return alert.kind === 'startImpaired' || (alert.kind === 'deploymentFailed' && countsTasks(alert));
}

export function troubleSeen(
  ctx: Context,
  effect: Of<'lookAtTrouble'>,
  { observed, cause }: Extract<Answer, { kind: 'troubleSeen' }>,
): string {
  if (effect.about === 'deploymentFailed') return deploymentSeen(ctx, effect, observed, cause);
  const { service, about, words } = effect;
  if (isMoving(ctx, service)) return `${service} is being released: the release sees to it`;
  if (isSteady(observed)) return `${service} has all its tasks: it has passed`;
  const known =
    about === 'placement' ? findOpen(ctx, service, about) : loopOf(ctx, service, cause?.kind ?? about);
  if (known) {
    known.lastAt = Math.max(known.lastAt, effect.at);
    noteRuns(ctx, known, observed);
    // What fails to start is counted by its stopped tasks.
    if (about === 'placement') known.count += 1;
    announceAlert(ctx, known);
    return `${service} still cannot start its tasks`;
  }
  const said = words === undefined ? [] : [words];
  const sentence =
    about === 'placement'
      ? `ECS cannot place tasks of ${service}${words === undefined ? '' : `: ${words.replace(/\.$/, '')}`}.`
      : `Tasks of ${service} repeatedly fail to start.`;
  const why = cause ?? causeOf(about, sentence, said, true);
  const stops = about === 'startImpaired' ? takeWatched(ctx, service) : [];
  const alert = openAlert(ctx, { service, kind: about, cause: why, at: effect.at }, stops);
  if (alert && about === 'placement') alert.count = 1;
  noteRuns(ctx, alert, observed);
  return why.sentence;
}

/** Stops that were no alert yet and belong to one that opens; `cause`: only where one of them is of this kind. */
function takeWatched(ctx: Context, service: string, cause?: string): readonly WatchedStop[] {
  const watched = watch(ctx, service);
  const stops = watched.stops.filter(({ at }) => ctx.now - at < WINDOW);
  if (cause !== undefined && !stops.some(({ kind }) => kind === cause)) return [];
  watched.stops = [];
  delete watched.cause;
  return stops;
}

/** A failed deployment that is listed no more has been rolled back; one that Fairway knows of has had its end. */
function deploymentSeen(
  ctx: Context,
  effect: Of<'lookAtTrouble'>,
  observed: ObservedService,
  cause: Cause | undefined,
): string {
  const { service, deploymentId = '', at } = effect;
  const listed = observed.deployments.find(({ id }) => id === deploymentId);
  const isKnown = knowsDeployment(ctx, service, deploymentId);
  const failed = listed ? hasFailed(listed) : !isKnown;
  if (!failed || isOurs(ctx, service, deploymentId)) return `the deployment of ${service} is no alert`;
  const said = listed?.rolloutStateReason === undefined ? [] : [listed.rolloutStateReason];
  const why =
    cause ?? causeOf('circuitBreaker', `ECS marked the deployment of ${service} as failed.`, said, true);
  const loop = loopOf(ctx, service, why.kind);
  const open = findOpen(ctx, service, 'deploymentFailed');
  const isSame = cause === undefined || memberOf(loop?.tasks, cause.kind) !== undefined;
  if (loop && countsTasks(loop) && isSame && (!open || open === loop)) {
    noteRuns(ctx, loop, observed);
    return becomeFailed(ctx, loop, at);
  }
  if (!open) {
    const stops = takeWatched(ctx, service, why.kind);
    const alert = openAlert(ctx, { service, kind: 'deploymentFailed', cause: why, at }, stops);
    if (alert && stops.length === 0) alert.count = 1;
    noteRuns(ctx, alert, observed);
    return why.sentence;
  }
  if (!countsTasks(open)) open.count += 1;
  noteRuns(ctx, open, observed);
  open.lastAt = Math.max(open.lastAt, at);
  announceAlert(ctx, open);
  return `another deployment of ${service} failed`;
}

/** Its tasks stopped before ECS gave it up: that is one trouble, and its message says now what it was. */
function becomeFailed(ctx: Context, loop: AlertDraft, at: number): string {
  loop.kind = 'deploymentFailed';
  loop.lastAt = Math.max(loop.lastAt, at);
  announceAlert(ctx, loop);
  return `a deployment of ${loop.service} failed, for what had stopped its tasks`;
}

export function recoverySeen(ctx: Context, observations: readonly ObservedService[]): string {
  const closed: string[] = [];
  for (const alert of openAlerts(ctx.state)) {
    const observed = observations.find(({ service }) => service === alert.service);
    if (!observed) continue;
    noteRuns(ctx, alert, observed);
    if (isMoving(ctx, alert.service)) continue;
    const over = whyOver(observed);
    if (over === undefined && (!isSteady(observed) || ctx.now < quietAt(alert))) continue;
    if (over !== undefined) closeAlert(ctx, alert, 'over', over);
    else closeAlert(ctx, alert, 'recovered', describe(observed));
    closed.push(alert.service);
  }
  return closed.length === 0 ? 'nothing has recovered yet' : `recovered: ${closed.join(', ')}`;
}

function noteRuns(ctx: Context, alert: AlertDraft | undefined, observed: ObservedService): void {
  if (alert) alert.runs = { what: describe(observed), at: ctx.now };
}

/** Why a service can neither fail nor recover any more; undefined: it can. */
function whyOver(observed: ObservedService): string | undefined {
  if (!observed.found || observed.status !== 'ACTIVE') return 'the service is gone';
  const isEmpty = observed.scheduling === 'REPLICA' && observed.desired === 0;
  return isEmpty && isSteady(observed) ? 'scaled to 0 tasks' : undefined;
}

function isSteady(observed: ObservedService): boolean {
  const primary = primaryOf(observed);
  return primary !== undefined && isComplete(observed, primary) && primary.running >= observed.desired;
}
