import type { Release, Trigger } from '../../../shared/domain/release.ts';
import type { AppState, Hold } from '../../../shared/domain/state.ts';
import type { History } from '../history.ts';
import type { Played } from '../play.ts';
import { appOf } from './facts.ts';

/** Invariants about holds: what may start in spite of one, and who is notified. Each answers a sentence per violation. */

interface Start {
  readonly at: number;
  readonly state: AppState;
  readonly release: Release;
}

/** Every release as it was saved first, with the state that it was saved with. */
function startsOf({ world }: Played): readonly Start[] {
  const starts = new Map<string, Start>();
  for (const { at, state } of world.history.saves) {
    for (const release of [state.release, ...state.ended]) {
      if (release && !starts.has(release.id)) starts.set(release.id, { at, state, release });
    }
  }
  return [...starts.values()];
}

/** A rollback by a person, or an explicit way past the hold. */
function mayStartHeld({ world }: Played, trigger: Trigger): boolean {
  if (trigger.kind === 'push') return false;
  return world.history.operators.some(
    ({ request }) =>
      'who' in request &&
      request.who === trigger.who &&
      (request.command === 'rollback' || (request.command === 'deploy' && request.despiteHold === true)),
  );
}

/** 6. On a held app no release starts but a rollback or a `deploy --despite-hold`. */
export function nothingStartsHeld(played: Played): string[] {
  return startsOf(played).flatMap(({ state, release: { number, trigger, startedAt } }) =>
    // One write may save several decisions: a hold that came after the start is another matter.
    state.hold && state.hold.at < startedAt && !mayStartHeld(played, trigger)
      ? [`v${number} (${trigger.kind}) started although ${state.app} is held: ${state.hold.reason}`]
      : [],
  );
}

/** 6. After a person's hold or rollback nothing starts until a person's resume, whatever the table says. */
export function holdsStand(played: Played): string[] {
  const { operators } = played.world.history;
  return startsOf(played).flatMap(({ at, state: { app }, release: { number, trigger } }) => {
    if (mayStartHeld(played, trigger)) return [];
    // A resume may have been carried out by a function that died, or whose write was taken for a lost race.
    const orders = operators.filter(
      ({ request, answer }) => appOf(request) === app && (request.command === 'resume' || answer?.ok),
    );
    // A release may begin while the answer is still on its way.
    const said = orders
      .filter((order) => (order.request.command === 'resume' ? order.askedAt : order.at) < at)
      .toSorted((a, b) => decidedAt(played, a) - decidedAt(played, b));
    const last = said.findLast(({ request }) => ['hold', 'rollback', 'resume'].includes(request.command));
    return !last || last.request.command === 'resume'
      ? []
      : [`v${number} of ${app} (${trigger.kind}) started after a person's ${last.request.command}`];
  });
}

/** When a request was decided: at the first write of the function that was asked; without one, by what it read. */
function decidedAt({ world }: Played, { by, askedAt }: History['operators'][number]): number {
  return world.history.saves.find((save) => save.by === by)?.at ?? askedAt;
}

interface Span {
  readonly app: string;
  readonly hold: Hold;
  /** When it was first saved, and when it was lifted or replaced. */
  readonly from: number;
  to: number;
}

/** Every hold there was, with its span. */
function holdsOf({ world }: Played): readonly Span[] {
  const spans: Span[] = [];
  const open = new Map<string, Span>();
  for (const { at, state } of world.history.saves) {
    const earlier = open.get(state.app);
    const { hold } = state;
    if (earlier && earlier.hold.at === hold?.at && earlier.hold.by === hold.by) continue;
    if (earlier) earlier.to = at;
    open.delete(state.app);
    if (!hold) continue;
    const span = { app: state.app, hold, from: at, to: Number.POSITIVE_INFINITY };
    spans.push(span);
    open.set(state.app, span);
  }
  return spans;
}

/** A hold that was lifted before a channel could be reached need not be announced as one. */
const LONG = 10 * 60_000;

/** 7. Every hold is announced, by Fairway or by a person. */
export function holdsAreAnnounced(played: Played): string[] {
  const { told: announced } = played.world.history;
  return holdsOf(played).flatMap(({ app, hold, from, to }) => {
    if (to - from < LONG) return [];
    const told = announced.some(({ announcement }) => {
      if (announcement.app !== app) return false;
      if (announcement.kind === 'release') return announcement.hold?.at === hold.at;
      if (announcement.kind !== 'app') return false;
      return announcement.at === hold.at || announcement.hold?.at === hold.at;
    });
    return told ? [] : [`${app} was held by ${hold.by} (${hold.reason}), and no one was notified`];
  });
}

/** A person's deployment in ECS holds the app once: one resume is enough. */
export function oneHoldPerDeployment(played: Played): string[] {
  const foreign = holdsOf(played).filter(
    ({ hold }) => hold.by === 'Fairway' && /outside Fairway|else deployed/.test(hold.reason),
  );
  return foreign.flatMap(({ app, from }, index) => {
    const before = foreign.slice(0, index).findLast((other) => other.app === app);
    const since = before?.from ?? 0;
    const acted = played.world.history.changes.some(({ by, at }) => !by && at > since - RACE && at <= from);
    return acted ? [] : [`${app} was held once more for a deployment that was judged already`];
  });
}

/** A deployment may come while an earlier one is judged. */
const RACE = 60_000;
