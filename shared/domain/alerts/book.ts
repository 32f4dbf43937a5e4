import {
  type Alert,
  type AlertBook,
  type AlertEnd,
  type AlertKind,
  type AlertRelease,
  countsTasks,
  type Stop,
  type Watch,
  type WatchedStop,
} from '../alert.ts';
import { clip } from '../bounds.ts';
import { isSymptom, tellsMore } from '../diagnosis/weight.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { cancelEffects, enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { Cause } from '../release.ts';
// An alert names the image that a person can roll back to, and only the releases know what was live.
import { rollbackTarget } from '../releases/liveImages.ts';
import type { AppState } from '../state.ts';

export type AlertDraft = Draft<Alert>;

const MINUTE = 60_000;
const MOST_ALERTS = 20;
const MOST_SEEN = 500;
const SHORT_ID = 8;
const MOST_EVIDENCE = 2;
const LONGEST_EVIDENCE = 200;
/** Characters of a sentence: how a health check failed has room, with what its target group expects. */
const LONGEST_SENTENCE = 300;
const MOST_CLOSED = 50;

/** Stops within this time belong together; a service without any for as long may have recovered. */
export const WINDOW = 10 * MINUTE;
/** So do more of them within this time. What is slow, or comes back, has recovered only after as long. */
export const HOUR = 60 * MINUTE;
/** Messages about one alert, and looks at stopped tasks of one service, are this far apart. */
export const PACE = MINUTE;

function bookOf({ state }: Pick<Context, 'state'>): Draft<AlertBook> {
  state.alerts ??= { alerts: [], watched: {}, seen: [] };
  return state.alerts;
}

export function openAlerts(state: Draft<AppState>): AlertDraft[] {
  return (state.alerts?.alerts ?? []).filter(({ end }) => !end);
}

export function findOpen(ctx: Context, service: string, kind: AlertKind): AlertDraft | undefined {
  return openAlerts(ctx.state).find((alert) => alert.service === service && alert.kind === kind);
}

export function isSeen({ state }: Context, task: string): boolean {
  return state.alerts?.seen.includes(task.slice(0, SHORT_ID)) ?? false;
}

export function rememberSeen(ctx: Context, task: string): void {
  const book = bookOf(ctx);
  book.seen = [...book.seen, task.slice(0, SHORT_ID)].slice(-MOST_SEEN);
}

/** What is watched of a service from now on; what is too old to become an alert is forgotten. */
export function watch(ctx: Context, service: string): Draft<Watch> {
  const book = bookOf(ctx);
  const fresh = Object.entries(book.watched).filter(([, { lookedAt }]) => ctx.now - lookedAt < HOUR);
  book.watched = Object.fromEntries(fresh);
  const watched = memberOf(book.watched, service) ?? { lookedAt: ctx.now, stops: [] };
  watched.lookedAt = ctx.now;
  book.watched[service] = watched;
  return watched;
}

/** When the last alert of this kind was closed; 0: not within an hour. */
export function lastClosed(ctx: Context, service: string, kind: AlertKind): number {
  return memberOf(bookOf(ctx).closed ?? {}, `${service}:${kind}`) ?? 0;
}

interface Beginning {
  readonly service: string;
  readonly kind: AlertKind;
  readonly cause: Cause;
  readonly at: number;
  /** It happens again and again, but minutes apart. */
  readonly slow?: boolean;
}

/** Opens and announces an alert, unless there are too many already. */
export function openAlert(
  ctx: Context,
  about: Beginning,
  stops: readonly WatchedStop[] = [],
): AlertDraft | undefined {
  const book = bookOf(ctx);
  if (isFull(ctx)) return undefined;
  makeWay(ctx);
  const { service, kind, at } = about;
  const isBack = ctx.now - lastClosed(ctx, service, kind) < HOUR;
  const alert: AlertDraft = {
    id: `${service}:${kind}:${ctx.now}`,
    service,
    kind,
    cause: small(about.cause),
    count: 0,
    tasks: {},
    firstAt: at,
    lastAt: at,
    lookedAt: ctx.now,
    ...(about.slow || isBack ? { quiet: HOUR } : {}),
  };
  for (const stop of stops) addCount(alert, stop);
  const release = releaseAt(ctx, alert.firstAt);
  if (release) alert.release = release;
  book.alerts.push(alert);
  if (isFull(ctx)) stopWatching(book);
  announceAlert(ctx, alert);
  return alert;
}

/** The release in progress at that time, or else the one that ended last. */
function releaseAt({ state }: Context, at: number): AlertRelease | undefined {
  const { release, ended } = state;
  if (release && release.startedAt <= at)
    return { number: release.number, tag: release.image.tag, state: 'open', at: release.startedAt };
  const last = ended[0];
  if (!last?.end) return undefined;
  const back = rollbackTarget(state)?.tag;
  return {
    number: last.number,
    tag: last.image.tag,
    state: last.end.outcome,
    at: last.end.at,
    ...(last.end.outcome === 'live' && back !== undefined ? { back } : {}),
  };
}

/** Whether as many alerts are open as there may be: no other is opened then, and nothing has to be watched for one. */
export function isFull({ state }: Context): boolean {
  return openAlerts(state).length >= MOST_ALERTS;
}

/** What begins comes before the news, for a channel that cannot be reached, that something else is over. */
function makeWay(ctx: Context): void {
  const { alerts } = bookOf(ctx);
  const oldest = alerts.find(({ end }) => end);
  if (alerts.length < MOST_ALERTS || !oldest) return;
  cancelEffects(ctx, ({ effect }) => effect.kind === 'announceAlert' && effect.alert === oldest.id);
  forget(ctx, [oldest]);
}

function stopWatching(book: Draft<AlertBook>): void {
  for (const watched of Object.values(book.watched)) {
    watched.stops = [];
    delete watched.cause;
  }
}

export function addStop(alert: AlertDraft, { at, cause }: Stop): void {
  addCount(alert, { at, kind: cause.kind });
  if (isSymptom(cause)) return;
  if (tellsMore(cause, alert.cause)) alert.cause = small(cause);
  if (cause.kind === alert.cause.kind) delete alert.lately;
  else alert.lately = small(cause, 0);
}

function addCount(alert: AlertDraft, { at, kind }: WatchedStop): void {
  // Until a task of it was seen, failed deployments were counted.
  alert.count = countsTasks(alert) ? alert.count + 1 : 1;
  alert.tasks[kind] = (memberOf(alert.tasks, kind) ?? 0) + 1;
  alert.firstAt = Math.min(alert.firstAt, at);
  alert.lastAt = Math.max(alert.lastAt, at);
}

/** AWS's own words may be long, and so may be sentences that quote them. */
export function small(cause: Cause, mostEvidence = MOST_EVIDENCE): Draft<Cause> {
  const { sentence, evidence, advice } = cause;
  return {
    ...cause,
    sentence: clip(sentence, LONGEST_SENTENCE),
    evidence: evidence.slice(0, mostEvidence).map((words) => words.slice(0, LONGEST_EVIDENCE)),
    ...(advice === undefined ? {} : { advice: clip(advice, LONGEST_EVIDENCE) }),
  };
}

/** When nothing of the kind has happened for long enough, epoch milliseconds. */
export function quietAt({ lastAt, quiet }: Alert): number {
  return lastAt + (quiet ?? WINDOW);
}

/** Closes an alert and announces its end. */
export function closeAlert(ctx: Context, alert: AlertDraft, how: AlertEnd['how'], reason: string): void {
  alert.end = { at: ctx.now, how, reason };
  rememberClosed(ctx, alert);
  announceAlert(ctx, alert);
  forgetAnnounced(ctx);
}

function rememberClosed(ctx: Context, { service, kind }: Alert): void {
  const book = bookOf(ctx);
  const fresh = Object.entries(book.closed ?? {}).filter(([, at]) => ctx.now - at < HOUR);
  const closed = Object.fromEntries(fresh.toSorted(([, a], [, b]) => b - a).slice(0, MOST_CLOSED - 1));
  book.closed = { ...closed, [`${service}:${kind}`]: ctx.now };
}

/** A release that went live has replaced what failed. */
export function closeAlertsOf(ctx: Context, services: readonly string[], reason: string): void {
  for (const alert of openAlerts(ctx.state)) {
    if (services.includes(alert.service)) closeAlert(ctx, alert, 'recovered', reason);
  }
}

/** Updates the alert's message, at most once a minute; its end is announced at once. */
export function announceAlert(ctx: Context, alert: AlertDraft): void {
  const { now } = ctx;
  for (const channel of ctx.app.channels) {
    const key = `say:${channel}:${alert.id}`;
    const pending = ctx.state.outbox.find((entry) => entry.key === key);
    if (!pending) {
      const later = alert.end || alert.announcedAt === undefined ? undefined : alert.announcedAt + PACE;
      const effect = { kind: 'announceAlert', channel, alert: alert.id } as const;
      enqueue(ctx, key, effect, later === undefined || later <= now ? {} : { notBefore: later });
      continue;
    }
    // What is being sent shows an earlier state; what still waits is rendered when it is due.
    if (ctx.contended && (pending.notBefore ?? 0) <= now) pending.again = true;
    if (alert.end && pending.attempt === 0) delete pending.notBefore;
  }
}

/** A channel was notified. */
export function alertAnnounced(
  ctx: Context,
  channel: string,
  id: string,
  memory: string | undefined,
): string {
  const { state, now } = ctx;
  const alert = state.alerts?.alerts.find((other) => other.id === id);
  if (!alert) return 'the alert is closed';
  if (memory !== undefined) state.channelMemory[`${id}/${channel}`] = memory;
  alert.announcedAt = now;
  const again = state.outbox.find((entry) => entry.key === `say:${channel}:${id}`);
  if (again && !alert.end) again.notBefore = now + PACE;
  forgetAnnounced(ctx);
  return `notified ${channel}`;
}

/** Closed alerts are kept until every channel was notified, and with them what channels remember. */
function forgetAnnounced(ctx: Context): void {
  const { state } = ctx;
  const book = bookOf(ctx);
  const isPending = (id: string) =>
    state.outbox.some(({ effect }) => effect.kind === 'announceAlert' && effect.alert === id);
  forget(
    ctx,
    book.alerts.filter(({ id, end }) => end && !isPending(id)),
  );
}

function forget(ctx: Context, closed: readonly AlertDraft[]): void {
  const { state } = ctx;
  const book = bookOf(ctx);
  book.alerts = book.alerts.filter((alert) => !closed.includes(alert));
  for (const { id } of closed) {
    for (const key of Object.keys(state.channelMemory)) {
      if (key.startsWith(`${id}/`)) delete state.channelMemory[key];
    }
  }
}
