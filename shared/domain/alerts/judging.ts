import { type AlertLook, countsTasks, type Stop, type StoppedSight, type WatchedStop } from '../alert.ts';
import type { Answer } from '../answers.ts';
import { counted } from '../counted.ts';
import { tellsMore } from '../diagnosis/weight.ts';
import { ask, causeOf, knowsDeployment, type Turn } from '../kernel/draft.ts';
import { memberOf } from '../member.ts';
import type { Cause } from '../release.ts';
import { describe, isComplete, primaryOf, type ServiceSight } from '../sights.ts';
import {
  type AlertDraft,
  addStop,
  announceAlert,
  closeAlert,
  findOpen,
  HOUR,
  isFull,
  isSeen,
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
/** Somebody or something else ended the task: no fault of the service. */
const NOT_ON_ITS_OWN: readonly string[] = [
  'stoppedByPerson',
  'scaledIn',
  'spotInterruption',
  'infrastructure',
];

/** An answer to what was asked about a trouble. */
export function alertLookAnswered(turn: Turn, effect: AlertLook, answer: Answer): string {
  if (answer.kind === 'refused') return answer.cause.sentence;
  switch (effect.kind) {
    case 'lookAtStopped':
      return answer.kind === 'stoppedSeen' ? stoppedSeen(turn, effect, answer.tasks) : 'nothing was seen';
    case 'lookAtTrouble':
      return answer.kind === 'troubleSeen' ? troubleSeen(turn, effect, answer) : 'nothing was seen';
    case 'lookForRecovery':
      return answer.kind === 'servicesSeen' ? recoverySeen(turn, answer.services) : 'nothing was seen';
  }
}

function stoppedSeen(turn: Turn, effect: Of<'lookAtStopped'>, sights: readonly StoppedSight[]): string {
  const { service } = effect;
  const rest = effect.tasks.filter((task) => !sights.some((sight) => sight.task === task));
  const early = sights.flatMap(({ task, early }) => (early && !effect.again?.includes(task) ? [task] : []));
  if (rest.length + early.length > 0)
    lookAtStopped(turn, service, [...rest, ...early], turn.now + PACE, early);
  watch(turn, service);
  const stops = sights
    .toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
    .flatMap((sight) => stopOf(turn, service, sight));
  const known = openAlerts(turn.state).length;
  for (const stop of stops) count(turn, service, stop);
  if (openAlerts(turn.state).length > known || isOutdated(turn, service)) askWhatRuns(turn, service);
  const loop = effect.more ? loopOf(turn, service, stops[0]?.cause.kind ?? '') : undefined;
  if (loop) loop.more = true;
  return `${service} lost ${counted(stops.length, 'task')} on its own`;
}

/** What people were told that it runs was some time ago. */
function isOutdated({ state, now }: Turn, service: string): boolean {
  return openAlerts(state).some(({ service: of, runs }) => of === service && runs && now >= runs.at + REVIEW);
}

/** Asked before people are told: does it still serve, and with which revision? */
function askWhatRuns(turn: Turn, service: string): void {
  ask(turn, `recovery:${service}`, { kind: 'lookForRecovery', services: [service] });
}

function stopOf(turn: Turn, service: string, sight: StoppedSight): Stop[] {
  const { at, cause, task, deploymentId, revision } = sight;
  if (at === undefined || cause === undefined || isSeen(turn, task)) return [];
  rememberSeen(turn, task);
  const others = isOfRelease(turn, service, deploymentId) || NOT_ON_ITS_OWN.includes(cause.kind);
  return others ? [] : [{ at, cause, task, ...(revision === undefined ? {} : { revision }) }];
}

function count(turn: Turn, service: string, stop: Stop): void {
  const open = loopOf(turn, service, stop.cause.kind);
  if (open) {
    addStop(open, stop);
    askForAlertLines(turn, open, stop);
    announceAlert(turn, open);
    return;
  }
  const { cause, at } = stop;
  if (cause.kind === OUT_OF_MEMORY) {
    openAlert(turn, { service, kind: OUT_OF_MEMORY, cause, at }, [{ at, kind: cause.kind }]);
    return;
  }
  watchStop(turn, service, stop);
}

/** Two stopped tasks are not a loop yet. */
function watchStop(turn: Turn, service: string, stop: Stop): void {
  const { at, cause } = stop;
  const watched = watch(turn, service);
  if (isFull(turn)) return;
  const stops = [...watched.stops, { at, kind: cause.kind }].filter((other) => at - other.at < HOUR);
  const near = stops.filter((other) => at - other.at < WINDOW);
  const slow = near.length < LOOP;
  const why = firstOf(slow ? stops : near, watched.cause, cause);
  if (slow && stops.length < SLOW_LOOP) {
    watched.stops = stops;
    watched.cause = small(why, 0);
    return;
  }
  const alert = openAlert(turn, { service, kind: 'crashLoop', cause: why, at, slow }, slow ? stops : near);
  if (alert) askForAlertLines(turn, alert, stop);
  watched.stops = [];
  delete watched.cause;
}

/** Which of two causes to name for some stops: the earlier one, if it is theirs and no less than a symptom. */
function firstOf(stops: readonly WatchedStop[], earlier: Cause | undefined, cause: Cause): Cause {
  if (earlier === undefined || !stops.some(({ kind }) => kind === earlier.kind)) return cause;
  return earlier.kind === cause.kind || tellsMore(cause, earlier) ? cause : earlier;
}

/** The open alert that counts tasks which stop for such a cause, or will: one cause has one alert. */
function loopOf(turn: Turn, service: string, cause: string) {
  const open = openAlerts(turn.state).filter((alert) => alert.service === service);
  const isMemory = cause === OUT_OF_MEMORY;
  const usual = open.find(({ kind }) => kind === (isMemory ? OUT_OF_MEMORY : 'crashLoop'));
  return usual ?? open.find((alert) => explains(alert, cause));
}

/** What ECS says of a service may come before its tasks were looked at. */
function explains(alert: AlertDraft, cause: string): boolean {
  if (alert.cause.kind === cause) return alert.kind === 'startImpaired' || alert.kind === 'deploymentFailed';
  if (cause === OUT_OF_MEMORY) return false;
  return alert.kind === 'startImpaired' || (alert.kind === 'deploymentFailed' && countsTasks(alert));
}

function troubleSeen(
  turn: Turn,
  effect: Of<'lookAtTrouble'>,
  { sight, cause }: Extract<Answer, { kind: 'troubleSeen' }>,
): string {
  if (effect.about === 'deploymentFailed') return deploymentSeen(turn, effect, sight, cause);
  const { service, about, words } = effect;
  if (isMoving(turn, service)) return `${service} is being released: the release sees to it`;
  if (isSteady(sight)) return `${service} has all its tasks: it has passed`;
  const known =
    about === 'placement' ? findOpen(turn, service, about) : loopOf(turn, service, cause?.kind ?? about);
  if (known) {
    known.lastAt = Math.max(known.lastAt, effect.at);
    noteRuns(turn, known, sight);
    // What fails to start is counted by its stopped tasks.
    if (about === 'placement') known.count += 1;
    announceAlert(turn, known);
    return `${service} still cannot start its tasks`;
  }
  const said = words === undefined ? [] : [words];
  const sentence =
    about === 'placement'
      ? `ECS cannot place tasks of ${service}${words === undefined ? '' : `: ${words.replace(/\.$/, '')}`}.`
      : `Tasks of ${service} fail to start again and again.`;
  const why = cause ?? causeOf(about, sentence, said, true);
  const stops = about === 'startImpaired' ? takeWatched(turn, service) : [];
  const alert = openAlert(turn, { service, kind: about, cause: why, at: effect.at }, stops);
  if (alert && about === 'placement') alert.count = 1;
  noteRuns(turn, alert, sight);
  return why.sentence;
}

/** Stops that were no alert yet and belong to one that opens; `cause`: only where one of them is of this kind. */
function takeWatched(turn: Turn, service: string, cause?: string): readonly WatchedStop[] {
  const watched = watch(turn, service);
  const stops = watched.stops.filter(({ at }) => turn.now - at < WINDOW);
  if (cause !== undefined && !stops.some(({ kind }) => kind === cause)) return [];
  watched.stops = [];
  delete watched.cause;
  return stops;
}

/** A failed deployment that is listed no more has been rolled back; one that Fairway knows of has had its end. */
function deploymentSeen(
  turn: Turn,
  effect: Of<'lookAtTrouble'>,
  sight: ServiceSight,
  cause: Cause | undefined,
): string {
  const { service, deploymentId = '', at } = effect;
  const listed = sight.deployments.find(({ id }) => id === deploymentId);
  const isKnown = knowsDeployment(turn, service, deploymentId);
  const failed = listed ? listed.rolloutState === 'FAILED' : !isKnown;
  if (!failed || isOurs(turn, service, deploymentId)) return `the deployment of ${service} is no alert`;
  const said = listed?.rolloutStateReason === undefined ? [] : [listed.rolloutStateReason];
  const why = cause ?? causeOf('circuitBreaker', `ECS gave up the deployment of ${service}.`, said, true);
  const loop = loopOf(turn, service, why.kind);
  const open = findOpen(turn, service, 'deploymentFailed');
  const isSame = cause === undefined || memberOf(loop?.tasks, cause.kind) !== undefined;
  if (loop && countsTasks(loop) && isSame && (!open || open === loop)) {
    noteRuns(turn, loop, sight);
    return becomeFailed(turn, loop, at);
  }
  if (!open) {
    const stops = takeWatched(turn, service, why.kind);
    const alert = openAlert(turn, { service, kind: 'deploymentFailed', cause: why, at }, stops);
    if (alert && stops.length === 0) alert.count = 1;
    noteRuns(turn, alert, sight);
    return why.sentence;
  }
  if (!countsTasks(open)) open.count += 1;
  noteRuns(turn, open, sight);
  open.lastAt = Math.max(open.lastAt, at);
  announceAlert(turn, open);
  return `another deployment of ${service} failed`;
}

/** Its tasks stopped before ECS gave it up: that is one trouble, and its message says now what it was. */
function becomeFailed(turn: Turn, loop: AlertDraft, at: number): string {
  loop.kind = 'deploymentFailed';
  loop.lastAt = Math.max(loop.lastAt, at);
  announceAlert(turn, loop);
  return `a deployment of ${loop.service} failed, for what had stopped its tasks`;
}

function recoverySeen(turn: Turn, sights: readonly ServiceSight[]): string {
  const closed: string[] = [];
  for (const alert of openAlerts(turn.state)) {
    const sight = sights.find(({ service }) => service === alert.service);
    if (!sight) continue;
    noteRuns(turn, alert, sight);
    if (isMoving(turn, alert.service)) continue;
    const over = whyOver(sight);
    if (over === undefined && (!isSteady(sight) || turn.now < quietAt(alert))) continue;
    if (over !== undefined) closeAlert(turn, alert, 'over', over);
    else closeAlert(turn, alert, 'recovered', describe(sight));
    closed.push(alert.service);
  }
  return closed.length === 0 ? 'nothing has recovered yet' : `recovered: ${closed.join(', ')}`;
}

function noteRuns(turn: Turn, alert: AlertDraft | undefined, sight: ServiceSight): void {
  if (alert) alert.runs = { what: describe(sight), at: turn.now };
}

/** Why a service can neither fail nor recover any more; undefined: it can. */
function whyOver(sight: ServiceSight): string | undefined {
  if (!sight.found || sight.status !== 'ACTIVE') return 'the service is gone';
  const isEmpty = sight.scheduling === 'REPLICA' && sight.desired === 0;
  return isEmpty && isSteady(sight) ? 'scaled to 0 tasks' : undefined;
}

function isSteady(sight: ServiceSight): boolean {
  const primary = primaryOf(sight);
  return primary !== undefined && isComplete(sight, primary) && primary.running >= sight.desired;
}
