import type { Image } from '../../../shared/domain/image.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import type { History } from '../history.ts';
import { type Played, statesOf } from '../play.ts';
import { appOf, releasesOf } from './facts.ts';

/** Invariants about rollbacks by people. Each answers a sentence per violation. */

/** Clocks of functions may be off by this much. */
const SKEW = 60_000;

type Asked = History['operators'][number];

interface Step {
  readonly at: number;
  /** A rollback that was accepted makes a digest bad; a person's decision that it is live makes it good. */
  readonly bad?: string;
  readonly good?: string;
}

/** The state that a request met, as its function found it. */
function stateBefore({ world }: Played, { by, request }: Asked): AppState | undefined {
  const own = world.history.saves.filter(({ state }) => state.app === appOf(request));
  const index = own.findIndex((save) => save.by === by);
  return index > 0 ? own[index - 1]?.state : undefined;
}

/** Services at the revision of a failed release. */
const LEFT: readonly string[] = ['failed', 'rollbackFailed'];

type Left = Pick<Image, 'tag' | 'digest'>;

/** The image that a rollback leaves: of the open release, of a failed one that was left, else what is live. */
function leftImage(state: AppState): Left | undefined {
  const { release, live, ended } = state;
  const [last] = ended;
  const isLeft = last?.end?.outcome !== 'live' && last?.services.some(({ state: at }) => LEFT.includes(at));
  if (!release) return last && isLeft ? last.image : live;
  // A rollback during a rollback wants what that one already does.
  if (release.trigger.kind === 'rollback' || release.failure) return undefined;
  return release.image.digest === live?.digest ? undefined : release.image;
}

/**
 * Whether the answer says that the app returns to an image, or that another person has ordered that already. What was
 * saved with the answer distinguishes two images of one tag.
 */
function returnsTo(sentence: string, digest: string | undefined, image: Left | undefined): boolean {
  const tag = /\broll(?:s|ing) back to (\S+?),?(?:\s|$)/.exec(sentence)?.[1];
  return image !== undefined && tag === image.tag && (digest ?? image.digest) === image.digest;
}

/** Digest that the app returns to, as the function that was asked has saved it, or found it. */
function returnDigest(played: Played, asked: Asked): string | undefined {
  const { saves } = played.world.history;
  const saved = saves.find(({ by, state }) => by === asked.by && state.app === appOf(asked.request))?.state;
  const { release, outbox, live } = saved ?? stateBefore(played, asked) ?? {};
  const pending = (outbox ?? []).flatMap(({ effect }) =>
    effect.kind === 'inspectImage' && effect.trigger.kind === 'rollback' ? [effect.digest] : [],
  );
  if (pending.length > 0) return pending[0];
  return release?.trigger.kind === 'rollback' && !release.failure ? release.image.digest : live?.digest;
}

function stepsOf(played: Played, app: string): readonly Step[] {
  const asked = played.world.history.operators.flatMap((operator): Step[] => {
    const { request, answer, at } = operator;
    if (request.command !== 'rollback' || request.app !== app || !answer?.ok) return [];
    const before = stateBefore(played, operator);
    const left = before && leftImage(before);
    // What a failed release left behind is rolled back to what is live still.
    const stillLive = before?.release ? undefined : before?.live;
    const digest = returnDigest(played, operator);
    if (!left || [left, stillLive].some((image) => returnsTo(answer.sentence, digest, image))) return [];
    const isTarget = releasesOf(played).some(
      ({ trigger, image }) => 'who' in trigger && trigger.who === request.who && image.digest === left.digest,
    );
    return isTarget ? [] : [{ at, bad: left.digest }];
  });
  const ended = releasesOf(played).flatMap((release): Step[] => {
    if (release.app !== app || release.endedAt === undefined) return [];
    const onPurpose = release.trigger.kind === 'deploy' || isExplicit(played, release.trigger);
    return onPurpose && release.end?.outcome === 'live'
      ? [{ at: release.endedAt, good: release.image.digest }]
      : [];
  });
  return [...asked, ...ended, ...adoptionsOf(played, app)].toSorted((a, b) => a.at - b.at);
}

/** Images that a person left running or deployed in ECS, and that became live when the app was resumed. */
function adoptionsOf({ world }: Played, app: string): Step[] {
  const own = world.history.saves.filter(({ state }) => state.app === app);
  return own.flatMap(({ at, state: { live, ended } }, index) => {
    const before = own[index - 1]?.state.live;
    if (!live || live.digest === before?.digest || ended[0]?.end?.at === live.since) return [];
    return [{ at, good: live.digest }];
  });
}

/** Whether the person named the release to roll back to. */
function isExplicit({ world }: Played, trigger: { readonly kind: string; readonly who?: string }): boolean {
  return world.history.operators.some(
    ({ request }) =>
      trigger.kind === 'rollback' &&
      request.command === 'rollback' &&
      request.who === trigger.who &&
      request.to !== undefined,
  );
}

/** Rollbacks that a person canceled while their image was looked up: what was to be left stays as good as it was. */
function canceledLookUps(played: Played, app: string): readonly Step[] {
  return played.world.history.operators.flatMap((operator): Step[] => {
    const { request, answer, at } = operator;
    if (request.command !== 'cancel' || request.app !== app || !answer?.ok) return [];
    if (!/^canceled: the rollback of \S+ to \S+, requested by \S+;/.test(answer.sentence)) return [];
    const live = stateBefore(played, operator)?.live;
    return live ? [{ at, good: live.digest }] : [];
  });
}

/** Digests that were rolled back from by then and that no person has asked for since. */
function badAt(played: Played, app: string, time: number, undone: readonly Step[] = []): ReadonlySet<string> {
  const bad = new Set<string>();
  const steps = [...stepsOf(played, app), ...undone].toSorted((a, b) => a.at - b.at);
  for (const step of steps) {
    if (step.at > time) break;
    if (step.bad !== undefined) bad.add(step.bad);
    if (step.good !== undefined) bad.delete(step.good);
  }
  return bad;
}

/** 6. A rollback whose target was implied never ends at an image that was rolled back from. */
export function rollbacksEndAtGoodImages(played: Played): string[] {
  return releasesOf(played).flatMap((release) => {
    const { app, trigger, image, number, startedAt, end } = release;
    if (trigger.kind !== 'rollback' || end?.outcome !== 'live' || isExplicit(played, trigger)) return [];
    return badAt(played, app, startedAt, canceledLookUps(played, app)).has(image.digest)
      ? [`v${number} rolled ${app} back to ${image.tag}, which had been rolled back from`]
      : [];
  });
}

/** 6. Where an image that was rolled back from is live in the end, that was announced as a failure. */
export function badImagesAreAnnounced(played: Played): string[] {
  const { told } = played.world.history;
  return statesOf(played.world).flatMap(({ app, live }) => {
    const bad = badAt(played, app, Number.POSITIVE_INFINITY);
    if (!live || !bad.has(live.digest)) return [];
    const announced = told.some(
      ({ announcement }) => announcement.app === app && /rolled back from/.test(JSON.stringify(announcement)),
    );
    return announced
      ? []
      : [`${app} runs ${live.tag}, which was rolled back from, and that was not announced`];
  });
}

/** 5. A rollback that was accepted brings the app to another image, or the reason is announced. */
export function ordersAreCarriedOut(played: Played): string[] {
  return played.world.history.operators.flatMap((order) => {
    const { request, answer } = order;
    if (!answer?.ok) return [];
    switch (request.command) {
      case 'deploy':
        return isDone(played, order, request) ? [] : [sentenceOf(order)];
      case 'rollback':
        return isDone(played, order, request) || /already/.test(answer.sentence) ? [] : [sentenceOf(order)];
      case 'cancel':
        return isCancelled(played, order) ? [] : [`${sentenceOf(order)} (answered: ${answer.sentence})`];
      default:
        return [];
    }
  });
}

function sentenceOf({ request }: Asked): string {
  return `${JSON.stringify(request)} was accepted, and neither carried out nor answered`;
}

function isDone(
  played: Played,
  { askedAt, at }: Asked,
  request: Extract<Asked['request'], { command: 'deploy' | 'rollback' }>,
): boolean {
  const { app, who } = request;
  const { history } = played.world;
  const name = who.split('/').at(-1) ?? who;
  const tag = 'tag' in request ? request.tag : undefined;
  const released = releasesOf(played).some(
    ({ app: of, trigger, image, startedAt, failure, notes, end, endedAt }) =>
      of === app &&
      (('who' in trigger && trigger.who === who) ||
        // Another person's order brings the same image.
        (trigger.kind === 'deploy' && image.tag === tag && startedAt >= askedAt - SKEW) ||
        // Two people who roll back at once want the same.
        (request.command === 'rollback' && trigger.kind === 'rollback' && (endedAt ?? at) >= askedAt) ||
        [failure?.cause.sentence, end?.reason, ...notes].some((text) => mentions(text, name))),
  );
  const waits = statesOf(played.world).some(
    (state) =>
      state.app === app &&
      state.hold &&
      [state.waiting, state.ordered].some((candidate) => mentions(JSON.stringify(candidate ?? null), name)),
  );
  const told = history.told.some(
    ({ announcement, at: announcedAt }) =>
      announcedAt >= askedAt &&
      announcement.app === app &&
      announcement.kind === 'app' &&
      !['held', 'resumed'].includes(announcement.topic) &&
      (mentions(announcement.sentence, name) || (tag !== undefined && announcement.sentence.includes(tag))),
  );
  return released || waits || told;
}

function mentions(text: string | undefined, name: string): boolean {
  return text !== undefined && new RegExp(`${name}(?!\\d)`).test(text);
}

/** A release that a person's cancel was said to stop is not live in the end. */
function isCancelled(played: Played, { request, answer }: Asked): boolean {
  const [, number] = /\bv(\d+)\b/.exec(answer?.ok ? answer.sentence : '') ?? [];
  if (number === undefined) return true;
  return !releasesOf(played).some(
    (release) =>
      release.app === appOf(request) && release.number === Number(number) && release.end?.outcome === 'live',
  );
}
