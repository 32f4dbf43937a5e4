import type { App } from '../../../shared/domain/app.ts';
import { publishedOutcome } from '../../../shared/domain/publishedNames.ts';
import { compareImages, judgeTag } from '../../../shared/domain/releases/tagPolicy.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import type { LedgerEntry } from '../../../shared/domain/summaries.ts';
import { asObject } from '../objects.ts';
import { leftToDo, type Played, statesOf } from '../play.ts';
import {
  appAt,
  byFunctions,
  digestNow,
  meddledWith,
  type Released,
  releaseOfChange,
  releasesOf,
  serviceNow,
} from './facts.ts';

/** Invariants about how things stand once all is quiet. Each answers a sentence per violation. */

const SECOND = 1_000;

/** Everything ends: no release open, nothing left to do, no function at work. */
export function everythingEnds(played: Played): string[] {
  if (played.quiet) return [];
  return statesOf(played.world).flatMap((state) => [
    ...(state.release ? [`v${state.release.number} of ${state.app} is still ${state.release.step}`] : []),
    ...state.runs.map(({ task, id, state: at }) => `the run ${id} of ${task} is still ${at}`),
    ...leftToDo(played.world, state).map(({ key }) => `${state.app} still has to do ${key}`),
  ]);
}

/** 2. An app that is not held runs the newest image that matches, or that one failed, or a person decided otherwise. */
export function newestWins(played: Played): string[] {
  return eachApp(played, (app, state) => {
    if (state.hold || meddledWith(played, app)) return [];
    const newest = newestPush(played, app, state);
    if (!newest || state.live?.digest === newest.digest) return [];
    // A moving tag is never older than what it pointed at before.
    const moves = app.image.tags.kind === 'digest';
    const older = !moves && state.live && compareImages(app.image, newest, state.live) <= 0;
    if (older || state.blockedImages.some(({ digest }) => digest === newest.digest)) return [];
    if (wasLive(played, app, newest) || isAnswered(played, app, newest)) return [];
    if (looksOlder(played, app, newest, state)) return [];
    return [`${app.name} runs ${state.live?.tag}, and ${newest.tag} is newer and neither runs nor failed`];
  });
}

interface Pushed {
  readonly tag: string;
  readonly digest: string;
  readonly pushedAt: number;
}

function newestPush(played: Played, app: App, state: AppState): Pushed | undefined {
  const own = releasesOf(played).filter((release) => release.app === app.name);
  const rejected = ledgerOf(played).filter((entry) => entry.app === app.name && entry.outcome === 'rejected');
  // What a person rejected had taken the place of older images, also where its tag was deleted since.
  const seen = new Set([...own.map(({ image }) => image.digest), ...rejected.map(({ digest }) => digest)]);
  const pushes = played.world.history.pushes
    .filter(({ repository, tag }) => repository === app.image.repository && judgeTag(app.image, tag).counts)
    // What was moved or deleted before anyone looked never was an image of Fairway's.
    .filter(
      ({ repository, tag, digest }) => seen.has(digest) || digestNow(played, repository, tag) === digest,
    )
    // Before Fairway saw the app an image was not its business.
    .filter(({ at, digest }) => seen.has(digest) || at >= (state.adoptedAt ?? 0) + played.plan.weather.skew)
    .map(({ tag, digest, at }) => ({ tag, digest, pushedAt: at }))
    .map((push) => ({ ...push, pushedAt: shownSince(played, app, push) }));
  return pushes.toSorted((a, b) => compareImages(app.image, b, a) || b.pushedAt - a.pushedAt)[0];
}

/** Then a person has taken the app to another image since: automation never leaves the newest. */
function wasLive({ world }: Played, { name }: App, { digest, pushedAt }: Pushed): boolean {
  return world.history.saves.some(({ at, state: { app, live, release } }) => {
    // What a release replaces that began before the push is not live because of it.
    const isReplaced = release && release.startedAt <= pushedAt && release.image.digest !== digest;
    return at >= pushedAt && app === name && live?.digest === digest && !isReplaced;
  });
}

/**
 * The event of the push is lost, and ECR has had the image for longer: without a tag, as part of another image, under a
 * tag that was deleted, or under one that Fairway had not seen either. Nothing says that the tag is newer than the image.
 */
function looksOlder(
  { world }: Played,
  { name, image }: App,
  { tag, digest, pushedAt }: Pushed,
  { adoptedAt = 0 }: AppState,
): boolean {
  const isLost = wasLost(world, { tag, digest, pushedAt });
  const { imageDetails } = world.cloud.call('ecr', 'DescribeImages', {
    repositoryName: image.repository,
    imageIds: [{ imageDigest: digest }],
  });
  const [seen] = Array.isArray(imageDetails) ? imageDetails.map(asObject) : [];
  const tags = Array.isArray(seen?.imageTags) ? seen.imageTags : [];
  const wasSeen = world.history.saves.some(
    ({ at, state }) => at < pushedAt && state.app === name && JSON.stringify(state).includes(digest),
  );
  const isAlone = tags.length === 1 || !wasSeen;
  const imagePushedAt = Number(seen?.imagePushedAt) * 1000;
  // A listing after the image, and before its tag, has not shown that tag: it is newer. None is kept before first sight.
  const wasListed = world.history.listings.some(
    ({ app, listedAt, at }) => app === name && listedAt >= imagePushedAt && at >= adoptedAt && at < pushedAt,
  );
  return isLost && isAlone && !wasListed && imagePushedAt < pushedAt - SECOND;
}

function wasLost({ history }: Played['world'], push: Pushed): boolean {
  return history.lost.some((event) => isOf(event, push));
}

/** Lost, or never sent: ECR sends none where the tag points at that image already. */
function wasUnheard({ history }: Played['world'], push: Pushed): boolean {
  return (
    history.lost.some((event) => isOf(event, push)) || !history.emitted.some((event) => isOf(event, push))
  );
}

function isOf({ at, detail }: Played['world']['history']['lost'][number], { tag, digest, pushedAt }: Pushed) {
  return at === pushedAt && detail['image-tag'] === tag && detail['image-digest'] === digest;
}

/**
 * Since when the tag points at the image as far as Fairway can see: a push of the same image whose event was lost shows
 * nowhere, nor does a move away and back of which both events were lost, and which no listing met.
 */
function shownSince(
  { world }: Pick<Played, 'world'>,
  { name, image }: Pick<App, 'name' | 'image'>,
  pushed: Pushed,
): number {
  if (!wasUnheard(world, pushed)) return pushed.pushedAt;
  const { pushes, listings } = world.history;
  const earlier = pushes
    .filter(({ repository, tag }) => repository === image.repository && tag === pushed.tag)
    .map(({ tag, digest, at }) => ({ tag, digest, pushedAt: at }))
    .filter(({ pushedAt }) => pushedAt < pushed.pushedAt);
  const same = earlier.findLastIndex(({ digest }) => digest === pushed.digest);
  const before = earlier[same];
  if (!before) return pushed.pushedAt;
  const [away, ...others] = earlier.slice(same + 1);
  const isListed = listings.some(
    ({ app, listedAt }) => app === name && listedAt >= (away?.pushedAt ?? 0) && listedAt <= pushed.pushedAt,
  );
  const isHidden = !away || (!isListed && [away, ...others].every((one) => wasUnheard(world, one)));
  return isHidden ? shownSince({ world }, { name, image }, before) : pushed.pushedAt;
}

/** Rejected by a person, or announced: with an order in its place, or where the order of pushes cannot be known. */
function isAnswered(played: Played, { name }: App, { tag, digest, pushedAt }: Pushed): boolean {
  const entry = ledgerOf(played).find(
    (other) => other.app === name && other.tag === tag && other.digest === digest,
  );
  if (entry?.outcome === 'rejected') return true;
  return played.world.history.told.some(
    ({ announcement, at }) =>
      at >= pushedAt &&
      announcement.kind === 'app' &&
      announcement.app === name &&
      announcement.sentence.includes(tag),
  );
}

/** 5. What runs is what the table says is live: after a failure, everything rolled back. */
export function theSetIsWhole(played: Played): string[] {
  return eachApp(played, (app, state) => {
    // Fairway holds where a person has to decide about what runs; after a rollback by hand the set is whole.
    const isLeft = state.hold?.by === 'Fairway' || wasLeft(played, app);
    if (isLeft || meddledWith(played, app) || !state.live) return [];
    const { digest } = state.live;
    return app.services.flatMap(({ name }) => {
      const seen = serviceNow(played, app, name);
      if (seen?.status !== 'ACTIVE') return [];
      const wrong = [...seen.digests].filter((other) => other !== digest);
      return wrong.length === 0
        ? []
        : [`${name} runs ${wrong.join(', ')}, and ${app.name} should run ${state.live?.tag} (${digest})`];
    });
  });
}

/** Services that run what they ran before the release. */
const UNCHANGED: readonly string[] = ['pending', 'unchanged', 'rolledBack'];

/** Whether the last release that changed anything was left to a person as it was, part of the set changed perhaps. */
function wasLeft(played: Played, app: App): boolean {
  // What ECS carried out counts: its answers may have been lost.
  const updated = new Set(
    byFunctions(played, 'UpdateService').map((change) => releaseOfChange(played, change)),
  );
  const changed = releasesOf(played).filter((release) => release.app === app.name && updated.has(release.id));
  // A release that rolled back returned to what had been left before it.
  const last = changed.findLast(({ services }) => !services.every(({ state }) => UNCHANGED.includes(state)));
  if (!last?.end || last.end.outcome === 'live') return false;
  return (
    app.onFailure === 'leave' || isLeftToPeople(played, app, last) || last.end.outcome === 'rollbackFailed'
  );
}

/** 5. No service stays at the revision of a release that failed and was to be rolled back. */
export function failuresGoBack(played: Played): string[] {
  return eachApp(played, (app, state) => {
    if (app.onFailure === 'leave' || meddledWith(played, app)) return [];
    return releasesOf(played)
      .filter((release) => release.app === app.name && release.end !== undefined)
      .filter(({ end }) => end?.outcome === 'failed' || end?.outcome === 'rolledBack')
      .filter((release) => !isLeftToPeople(played, app, release))
      .flatMap((release) =>
        release.services
          .filter(
            ({ service, target }) =>
              target !== undefined && serviceNow(played, app, service)?.primary.taskDefinition === target,
          )
          .map(
            ({ service }) =>
              `${service} still runs the revision of v${release.number}, which ${release.end?.outcome} (held: ${state.hold?.reason})`,
          ),
      );
  });
}

/** Functions that had another fairway.yml may be at work for this long. */
const SWITCH = 60_000;

/** Whether a migration of the release has run that its fairway.yml says cannot be undone, when it failed. */
function isLeftToPeople(played: Played, app: App, { tasks, failure, endedAt = 0 }: Released): boolean {
  const at = failure?.at ?? endedAt;
  const final = [at, at - SWITCH].flatMap((time) =>
    appAt(played, app, time).before.filter(({ reversible }) => !reversible),
  );
  return tasks.some((run) => run.outcome === 'succeeded' && final.some(({ name }) => name === run.task));
}

/** 7. Every push whose tag still stands is in the ledger with an outcome and a reason; every release was announced. */
export function nothingVanishes(played: Played): string[] {
  const { world } = played;
  const ledger = ledgerOf(played);
  const unrecorded = eachApp(played, (app, state) =>
    world.history.pushes.flatMap(({ repository, tag, digest }) => {
      if (repository !== app.image.repository || digestNow(played, repository, tag) !== digest) return [];
      const entry = ledger.find(
        (other) => other.app === app.name && other.tag === tag && other.digest === digest,
      );
      if (!entry) return [`the push of ${repository}:${tag} is not in the ledger of ${app.name}`];
      if (entry.reason === '') return [`the ledger gives no reason for ${tag}`];
      const waits =
        entry.outcome === 'waiting' &&
        [state.waiting, state.ordered].some((candidate) => candidate?.image.digest === digest) &&
        state.hold !== undefined;
      if ((entry.outcome === 'waiting' && !waits) || entry.outcome === 'releasing')
        return [
          `the ledger says ${entry.outcome} of ${app.name}:${tag}, and nothing is in progress: ${entry.reason}`,
        ];
      return [];
    }),
  );
  const unannounced = releasesOf(played).flatMap((release) => {
    const told = world.history.told.some(
      ({ announcement }) =>
        announcement.kind === 'release' &&
        announcement.releaseId === release.id &&
        announcement.outcome?.kind === (release.end && publishedOutcome(release.end.outcome)),
    );
    return told || !release.end
      ? []
      : [`v${release.number} ended ${release.end.outcome}, and that was not announced`];
  });
  return [...unrecorded, ...unannounced];
}

function ledgerOf({ world }: Played): LedgerEntry[] {
  return world.table
    .items()
    .filter((item) => item.sk?.S?.startsWith('push#'))
    .map((item): LedgerEntry => JSON.parse(item.entry?.S ?? '{}'));
}

function eachApp(played: Played, judge: (app: App, state: AppState) => string[]): string[] {
  const states = new Map(statesOf(played.world).map((state) => [state.app, state]));
  return played.world.apps.flatMap((app) => {
    const state = states.get(app.name);
    return state ? judge(app, state) : [`${app.name} was never seen`];
  });
}
