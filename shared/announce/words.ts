import type { AppAnnouncement, ReleaseAnnouncement, ServiceFact, StepFact } from '../domain/announcement.ts';
import { type ImageName, shortDigest } from '../domain/image.ts';
import { claimed, claimedHolder } from '../domain/person.ts';
import type { Cause, Step, Trigger } from '../domain/release.ts';
import { aftermath } from './aftermath.ts';
import { list, oneLine } from './text.ts';

/** The words that every channel uses. */

/** "web v12 is live in production: 1.2.0 (2ab34cd56ef7)". What fails says what runs now. */
export function headline(story: ReleaseAnnouncement): string {
  const number = `${story.app} v${story.release}`;
  const name = `${number} (${story.image.tag})`;
  const where = `in ${story.environment}`;
  switch (story.outcome?.kind) {
    case 'live': {
      const how = story.trigger.kind === 'rollback' ? 'rolled back to ' : '';
      return `${number} is live ${where}: ${how}${imageName(story.image)}`;
    }
    case 'failed':
      return `${name} failed ${where}${runsNow(story)}`;
    case 'rolledBack':
      return `${name} was canceled ${where}${runsNow(story)}`;
    case 'superseded':
      return `${name} was superseded ${where}${runsNow(story)}`;
    case 'stranded':
      return `${name} FAILED ${where} AND COULD NOT BE PUT BACK: look at once`;
    case undefined:
      if (story.failure) return `${name} ${goes(story)} ${where}`;
      return `${number} ${STEPS[story.step]} ${where}: ${imageName(story.image)}`;
  }
}

/** Whether a person ended it: nothing has failed then. */
export function isCanceled({ failure }: Pick<ReleaseAnnouncement, 'failure'>): boolean {
  return failure?.cause.kind === 'person';
}

const STEPS: Readonly<Record<Step, string>> = {
  preparing: 'is being prepared',
  migrating: 'is migrating',
  rolling: 'is rolling out',
  verifying: 'is being verified',
  rollingBack: 'is going back',
};

function goes(story: ReleaseAnnouncement): string {
  if (isCanceled(story)) return 'is being canceled';
  return aftermath(story) === 'goingBack' ? 'is going back' : 'went wrong';
}

/** What stands after a failure, short enough for a headline. */
function runsNow(story: ReleaseAnnouncement): string {
  const before = story.previous?.tag;
  switch (aftermath(story)) {
    case 'untouched':
      if (story.outcome?.kind === 'superseded') return '';
      return before === undefined ? ', no service was changed' : `, ${before} still runs`;
    case 'back':
      return before === undefined ? ', everything was put back' : `, ${before} runs again`;
    case 'partly':
      return ', partly put back: a person decides';
    case 'left':
      return ', nothing was put back: a person decides';
    default:
      return '';
  }
}

/** Why it failed: "web-app: Container web ended with exit code 1." */
export function why(story: ReleaseAnnouncement): string | undefined {
  if (!story.failure) return undefined;
  const { cause, service, task } = story.failure;
  const where = service ?? task;
  const sentence = oneLine(cause.sentence, 1_000);
  return where === undefined || sentence.includes(where) ? sentence : `${where}: ${sentence}`;
}

/** What mends it, where that is known: "Give it more memory, or make it use less." */
export function fix(cause: Cause | undefined): string | undefined {
  return cause?.advice === undefined ? undefined : oneLine(cause.advice, 600);
}

const SYMBOLS: Readonly<Record<StepFact['state'], string>> = {
  pending: '☐',
  running: '▶',
  done: '✓',
  failed: '✗',
  skipped: '–',
};

/** "✓ roll web-app 3/3 · 1 m 12 s". */
export function stepLine(step: StepFact, story: ReleaseAnnouncement): string {
  const end = step.endedAt ?? (step.state === 'running' ? story.at : undefined);
  const took =
    step.startedAt === undefined || end === undefined ? '' : ` · ${duration(end - step.startedAt)}`;
  return `${SYMBOLS[shownState(step, story)]} ${oneLine(step.name, 255)}${progress(step, story)}${took}`;
}

/** A step that a person ended has not failed. */
function shownState({ kind, state }: StepFact, story: ReleaseAnnouncement): StepFact['state'] {
  return state === 'failed' && kind !== 'putBack' && isCanceled(story) ? 'skipped' : state;
}

function progress(step: StepFact, story: ReleaseAnnouncement): string {
  switch (step.kind) {
    case 'roll':
      return rolled(step, story.services);
    case 'putBack': {
      const moved = story.services.filter(({ state }) => ['goingBack', 'back', 'stuck'].includes(state));
      return moved.length === 0 ? '' : ` ${returning(moved)}`;
    }
    default:
      return '';
  }
}

function rolled(step: StepFact, services: readonly ServiceFact[]): string {
  const begun = services.filter(({ state }) => state !== 'pending' && state !== 'unchanged');
  if (step.state === 'pending' || step.state === 'skipped') return '';
  if (begun.length === 0) return step.state === 'done' ? ': nothing to do, it runs everywhere' : '';
  // What is counted after a failure are the tasks of what is put back, not of this step.
  if (step.state === 'failed') return ` ${list(begun.map(({ service }) => service))}`;
  const waiting = services.filter(({ state }) => state === 'pending').length;
  return ` ${counts(begun)}${waiting === 0 ? '' : `, ${waiting} waiting`}`;
}

/** "web-app 2/3, worker": of a service that is back, ECS has proven more than counts say. */
function returning(services: readonly ServiceFact[]): string {
  if (services.length > 5)
    return `${services.filter(({ state }) => state === 'back').length} of ${services.length} services`;
  return services
    .map(({ service, state, running, desired }) =>
      state === 'back' ? service : `${service} ${running}/${desired}`,
    )
    .join(', ');
}

/** "web-app 3/3, worker 1/2"; many services are added up. */
function counts(services: readonly ServiceFact[]): string {
  if (services.length <= 5) {
    return services.map(({ service, running, desired }) => `${service} ${running}/${desired}`).join(', ');
  }
  const sum = (of: 'running' | 'desired') => services.reduce((total, service) => total + service[of], 0);
  return `${services.length} services, ${sum('running')}/${sum('desired')} tasks`;
}

/** "1.1.0 (9f8e7d6c5b4a) → 1.2.0 (2ab34cd56ef7)". */
export function change(story: ReleaseAnnouncement): string {
  const to = imageName(story.image);
  return story.previous ? `${imageName(story.previous)} → ${to}` : to;
}

function imageName({ tag, digest }: ImageName): string {
  return `${tag} (${shortDigest(digest)})`;
}

/** Who or what asked for it. */
export function trigger(story: ReleaseAnnouncement): string {
  switch (story.trigger.kind) {
    case 'push':
      return 'image push';
    case 'deploy':
      return `deployed by ${claimed(oneLine(story.trigger.who, 100))}${despiteHold(story.trigger)}`;
    case 'rollback': {
      const to = story.trigger.to === undefined ? '' : ` to v${story.trigger.to}`;
      return `rolled back${to} by ${claimed(oneLine(story.trigger.who, 100))}`;
    }
  }
}

function despiteHold({ despiteHold: way }: Extract<Trigger, { kind: 'deploy' }>): string {
  return way === undefined ? '' : ` despite the hold: ${oneLine(way.reason)}`;
}

/** "held by ann (claimed): release freeze". */
export function holdLine({ hold }: Pick<ReleaseAnnouncement, 'hold'>): string | undefined {
  if (!hold) return undefined;
  return `held by ${claimedHolder(hold, oneLine(hold.by, 100))}: ${oneLine(hold.reason)}`;
}

export function appHeadline(news: AppAnnouncement): string {
  return `${news.app} in ${news.environment}: ${oneLine(news.sentence, 1_000)}`;
}

/** "850 ms", "42 s", "1 m 12 s", "1 h 3 m". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
