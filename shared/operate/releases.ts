import { serviceLine, advice as toDoAfter, verdict } from '../announce/aftermath.ts';
import { commitOf, consoleLinks } from '../announce/links.ts';
import { headline, holdLine, trigger, why } from '../announce/releaseWords.ts';
import { fix } from '../announce/rows.ts';
import { stepLine } from '../announce/steps.ts';
import { logOf, oneLine } from '../announce/text.ts';
import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import type { App } from '../domain/app.ts';
import { counted } from '../domain/counted.ts';
import { defined } from '../domain/defined.ts';
import { releaseFacts } from '../domain/facts.ts';
import type { OperatorAnswer } from '../domain/operator.ts';
import { requestOf } from '../domain/person.ts';
import type { Trigger } from '../domain/release.ts';
import { timeNoteIn } from '../domain/releases/timing.ts';
import type { AppState } from '../domain/state.ts';
import type {
  LiveSpan,
  ReleaseDetail,
  ReleaseFailure,
  ReleaseSummary,
  StepSummary,
} from '../domain/summaries.ts';
import type { Runtime } from '../runtime.ts';
import { spanOfRelease, spanOfStory } from './liveness.ts';

/** Answers about releases. */

export async function releasesOf(runtime: Runtime, app: App, limit: number): Promise<OperatorAnswer> {
  const state = (await runtime.store.load(app.name))?.state;
  const stories = await storiesOf(runtime, app, state, limit);
  const releases = stories.map((story, index) => {
    const next = stories.slice(0, index).findLast(({ outcome }) => outcome?.kind === 'live');
    return summaryOf(story, state && spanOfRelease(state, story, next));
  });
  return { ok: true, sentence: `${counted(releases.length, 'release')} of ${app.name}`, releases };
}

/** Everything about one release; without a number: the newest. */
export async function show(runtime: Runtime, app: App, number: number | undefined): Promise<OperatorAnswer> {
  const state = (await runtime.store.load(app.name))?.state;
  const story = await storyOf(runtime, app, state, number);
  if (!story) return { ok: false, error: 'notFound', message: noRelease(app, state, number) };
  return showStory(runtime, state, story);
}

export async function showStory(
  runtime: Runtime,
  state: AppState | undefined,
  story: ReleaseAnnouncement,
): Promise<OperatorAnswer> {
  const shown = detailOf(story, state && (await spanOfStory(runtime, state, story)));
  return { ok: true, sentence: shown.headline, shown };
}

/** Open, ended and not yet recorded, recorded: newest first. */
export async function storiesOf(
  runtime: Runtime,
  app: App,
  state: AppState | undefined,
  limit: number,
): Promise<readonly ReleaseAnnouncement[]> {
  const kept = keptStories(runtime, app, state);
  const recorded = await runtime.store.releases(app.name, limit);
  const numbers = new Set(kept.map(({ release }) => release));
  return [...kept, ...recorded.filter(({ release }) => !numbers.has(release))].slice(0, limit);
}

async function storyOf(
  runtime: Runtime,
  app: App,
  state: AppState | undefined,
  number: number | undefined,
): Promise<ReleaseAnnouncement | undefined> {
  if (number === undefined) return (await storiesOf(runtime, app, state, 1))[0];
  const kept = keptStories(runtime, app, state).find(({ release }) => release === number);
  return kept ?? runtime.store.release(app.name, number);
}

/** The stories in the app's item. */
function keptStories(runtime: Runtime, app: App, state: AppState | undefined): ReleaseAnnouncement[] {
  if (!state) return [];
  const releases = [...(state.release ? [state.release] : []), ...state.ended];
  return releases.map((release) => releaseFacts(runtime.location, app, state, release, runtime.now()));
}

function noRelease(app: App, state: AppState | undefined, number: number | undefined): string {
  const last = state?.lastNumber ?? 0;
  if (last === 0) return `${app.name} has no release yet: push an image, or \`fairway deploy ${app.name}\``;
  const known = `the last one is v${last}: \`fairway releases ${app.name}\` lists them`;
  return number === undefined || number <= last
    ? `the history of ${app.name} does not have v${number ?? last}; ${known}`
    : `${app.name} has no v${number}; ${known}`;
}

export function summaryOf(story: ReleaseAnnouncement, live?: LiveSpan): ReleaseSummary {
  const times = timeNoteIn(story.notes);
  return {
    app: story.app,
    number: story.release,
    id: story.releaseId,
    tag: story.image.tag,
    digest: story.image.digest,
    state: story.outcome?.kind ?? story.step,
    reason: story.outcome?.reason ?? headline(story),
    by: whoOf(story.trigger),
    ...(story.trigger.kind === 'push' ? {} : requestOf(story.trigger)),
    startedAt: story.startedAt,
    ...(story.outcome === undefined ? {} : { endedAt: story.at }),
    ...(times === undefined ? {} : { times: oneLine(times) }),
    ...(live === undefined ? {} : { live }),
  };
}

export function whoOf(trigger: Trigger): string {
  return trigger.kind === 'push' ? 'push' : trigger.who;
}

export function stepsOf(story: ReleaseAnnouncement): readonly StepSummary[] {
  return story.steps.map((step) => ({ name: step.name, state: step.state, line: stepLine(step, story) }));
}

/** How a release failed; undefined: it did not, or a person ended it. */
export function failureOf(story: ReleaseAnnouncement): ReleaseFailure | undefined {
  const { failure, outcome } = story;
  if (!failure || outcome?.kind === 'superseded' || failure.cause.kind === 'person') return undefined;
  const advice = fix(failure.cause);
  return {
    release: story.release,
    tag: story.image.tag,
    digest: story.image.digest,
    state: outcome?.kind ?? story.step,
    at: story.at,
    cause: why(story) ?? failure.cause.sentence,
    ...(advice === undefined ? {} : { advice }),
  };
}

function detailOf(story: ReleaseAnnouncement, live: LiveSpan | undefined): ReleaseDetail {
  const { author, description } = story.image.labels;
  return {
    ...summaryOf(story, live),
    headline: headline(story),
    trigger: trigger(story),
    steps: stepsOf(story),
    services: story.services.map(serviceLine),
    notes: story.notes.map((note) => oneLine(note)),
    platforms: story.image.platforms.map(({ os, architecture }) => `${os}/${architecture}`),
    links: consoleLinks(story),
    ...failureDetails(story),
    ...defined({
      previous: story.previous,
      hold: holdLine(story),
      about: description ? oneLine(description) : undefined,
      author: author ? oneLine(author, 100) : undefined,
      commit: commitOf(story.image.labels),
    }),
  };
}

function failureDetails(
  story: ReleaseAnnouncement,
): Pick<ReleaseDetail, 'failure' | 'lines' | 'elsewhere' | 'now' | 'toDo'> {
  const { failure } = story;
  if (!failure) return {};
  const { kind, sentence, evidence } = failure.cause;
  const { lines = [], notes: elsewhere = [] } = logOf(failure.tail) ?? {};
  return {
    failure: {
      cause: why(story) ?? sentence,
      kind,
      evidence,
      ...defined({ advice: fix(failure.cause), requestId: failure.requestId }),
    },
    ...(lines.length === 0 ? {} : { lines }),
    ...(elsewhere.length === 0 ? {} : { elsewhere }),
    ...defined({ now: verdict(story), toDo: toDoAfter(story) }),
  };
}
