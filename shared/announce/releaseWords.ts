import type { ReleaseAnnouncement } from '../domain/announcement.ts';
import { type ImageName, shortDigest } from '../domain/image.ts';
import { claimed, claimedHolder } from '../domain/person.ts';
import type { Step, Trigger } from '../domain/release.ts';
import { aftermath } from './aftermath.ts';
import { oneLine } from './text.ts';

/** A release in words. */

/** "web v12 is live in production: 1.2.0 (2ab34cd56ef7)". After a failure it says what runs now. */
export function headline(story: ReleaseAnnouncement): string {
  const number = `${story.app} v${story.release}`;
  const name = `${number} (${story.image.tag})`;
  const where = `in ${story.environment}`;
  switch (story.outcome?.kind) {
    case 'live': {
      const how = HOW[howOf(story.trigger)];
      return `${number} is live ${where}: ${how}${imageName(story.image)}`;
    }
    case 'failed':
      return `${name} failed ${where}${runsNow(story)}`;
    case 'rolledBack':
      return `${name} was canceled ${where}${runsNow(story)}`;
    case 'superseded':
      return `${name} was superseded ${where}${runsNow(story)}`;
    case 'stranded':
      return `${name} FAILED ${where} AND ROLLBACK FAILED: act now`;
    case undefined:
      if (story.failure) return `${name} ${failing(story)} ${where}`;
      return `${number} ${STEPS[story.step]} ${where}: ${imageName(story.image)}`;
  }
}

type How = 'image' | 'rollback' | 'restart' | 'settings';

const HOW: Readonly<Record<How, string>> = {
  image: '',
  rollback: 'rolled back to ',
  restart: 'restarted with ',
  settings: 'deployed again with ',
};

function howOf(trigger: Trigger): How {
  if (trigger.kind === 'rollback') return 'rollback';
  if (trigger.kind === 'push' || !trigger.live) return 'image';
  return trigger.restart ? 'restart' : 'settings';
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
  rollingBack: 'is rolling back',
};

function failing(story: ReleaseAnnouncement): string {
  if (isCanceled(story)) return 'is being canceled';
  return aftermath(story) === 'goingBack' ? 'is rolling back' : 'is failing';
}

/** What runs after a failure, short enough for a headline. */
function runsNow(story: ReleaseAnnouncement): string {
  const before = story.previous?.tag;
  switch (aftermath(story)) {
    case 'untouched':
      if (story.outcome?.kind === 'superseded') return '';
      return before === undefined ? ', no service was changed' : `, ${before} still runs`;
    case 'back':
      return before === undefined ? ', everything was rolled back' : `, ${before} runs again`;
    case 'partly':
      return ', partly rolled back: a person must decide';
    case 'left':
      return ', nothing was rolled back: a person must decide';
    default:
      return '';
  }
}

/** Why it failed: "web-app: Container web exited with code 1." */
export function why(story: ReleaseAnnouncement): string | undefined {
  if (!story.failure) return undefined;
  const { cause, service, task } = story.failure;
  const where = service ?? task;
  const sentence = oneLine(cause.sentence, 1_000);
  return where === undefined || sentence.includes(where) ? sentence : `${where}: ${sentence}`;
}

/** "1.1.0 (9f8e7d6c5b4a) → 1.2.0 (2ab34cd56ef7)". */
export function change(story: ReleaseAnnouncement): string {
  const to = imageName(story.image);
  const { previous } = story;
  return previous && previous.digest !== story.image.digest ? `${imageName(previous)} → ${to}` : to;
}

export function imageName({ tag, digest }: ImageName): string {
  return `${tag} (${shortDigest(digest)})`;
}

/** Who or what started it. */
export function trigger(story: ReleaseAnnouncement): string {
  switch (story.trigger.kind) {
    case 'push':
      return 'image push';
    case 'deploy':
      return `${deployed(story.trigger)} by ${claimed(oneLine(story.trigger.who, 100))}${despiteHold(story.trigger)}`;
    case 'rollback': {
      const to = story.trigger.to === undefined ? '' : ` to v${story.trigger.to}`;
      return `rolled back${to} by ${claimed(oneLine(story.trigger.who, 100))}`;
    }
  }
}

/** An order for the live image changes something else, or nothing but the tasks. */
function deployed({ live, restart }: Extract<Trigger, { kind: 'deploy' }>): string {
  if (!live) return 'deployed';
  return restart ? 'restarted' : 'deployed again with changed settings';
}

function despiteHold({ despiteHold: way }: Extract<Trigger, { kind: 'deploy' }>): string {
  return way === undefined ? '' : ` despite the hold: ${oneLine(way.reason)}`;
}

/** "held by ann (claimed): release freeze". */
export function holdLine({ hold }: Pick<ReleaseAnnouncement, 'hold'>): string | undefined {
  if (!hold) return undefined;
  return `held by ${claimedHolder(hold, oneLine(hold.by, 100))}: ${oneLine(hold.reason)}`;
}
