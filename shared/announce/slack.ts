import type { KnownBlock } from '@slack/types';
import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../domain/announcement.ts';
import { advice, serviceLine, verdict } from './aftermath.ts';
import { context, cut, escapeMarkup, header, joined, linkTo, quoted, ROOM, section } from './blocks.ts';
import { clusterLink, commitOf, consoleLinks, revisionLink } from './links.ts';
import { slackLog } from './logWords.ts';
import { renderSlackAlert } from './slackAlert.ts';
import { renderSlackRun } from './slackRun.ts';
import { oneLine } from './text.ts';
import {
  appHeadline,
  change,
  duration,
  fix,
  headline,
  holdLine,
  isCanceled,
  stepLine,
  trigger,
  why,
} from './words.ts';

/** One message, updated in place, and what goes into its thread. */
export interface SlackMessage {
  /** For notifications, and for clients that show no blocks. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly replies: readonly SlackReply[];
}

export interface SlackReply {
  /** One letter: which replies were sent is remembered by it. */
  readonly key: 'w' | 'e' | 'd';
  readonly text: string;
  /** Shown in the channel too. */
  readonly broadcast: boolean;
}

const MOST_SERVICES = 10;

export function renderSlack(announcement: Announcement): SlackMessage {
  switch (announcement.kind) {
    case 'release':
      return renderRelease(announcement);
    case 'run':
      return { ...renderSlackRun(announcement), replies: [] };
    case 'alert':
      return { ...renderSlackAlert(announcement), replies: [] };
    case 'app':
      return renderApp(announcement);
  }
}

function renderRelease(story: ReleaseAnnouncement): SlackMessage {
  const title = `${symbol(story)} ${headline(story)}`;
  const notes = story.notes.map((note) => `• ${escapeMarkup(oneLine(note))}`);
  const hold = holdLine(story);
  const steps = story.steps.map((step) => escapeMarkup(stepLine(step, story)));
  const blocks: KnownBlock[] = [
    header(title),
    section([`*${escapeMarkup(oneLine(change(story)))}*`, ...steps].join('\n'), ROOM.steps),
  ];
  if (story.failure) blocks.push(section(failureText(story).join('\n'), ROOM.failure + ROOM.evidence));
  const log = slackLog(story.failure?.tail, ROOM.log);
  if (log !== '') blocks.push(section(log, ROOM.log));
  if (notes.length > 0) blocks.push(section(notes.join('\n'), ROOM.notes));
  if (hold !== undefined) blocks.push(section(`✋ ${escapeMarkup(hold)}`, ROOM.hold));
  blocks.push(context(factsOf(story)), context(consoleLinks(story).map(linkTo)));
  const summary = [title, why(story), verdict(story)].filter((part) => part !== undefined);
  return { text: cut(escapeMarkup(summary.join('\n')), ROOM.text), blocks, replies: repliesOf(story) };
}

/** Why, in AWS's words too; whether it was put back; what runs now; what to do. */
function failureText(story: ReleaseAnnouncement): string[] {
  const services = story.services.filter(({ state, runs }) => runs !== undefined || state === 'stuck');
  const shown = services.slice(0, MOST_SERVICES).map((service) => `• ${escapeMarkup(serviceLine(service))}`);
  const more = services.length - shown.length;
  const now = verdict(story);
  const todo = advice(story);
  const mend = fix(story.failure?.cause);
  return [
    `*Why:* ${cut(escapeMarkup(why(story) ?? ''), 900)}`,
    ...(mend === undefined ? [] : [`*Fix:* ${cut(escapeMarkup(mend), 400)}`]),
    ...evidence(story, ROOM.evidence),
    ...(now === undefined ? [] : [`*Now:* ${escapeMarkup(now)}`]),
    ...shown,
    ...(more > 0 ? [`… and ${more} more services, in the thread`] : []),
    ...(todo === undefined ? [] : [`*To do:* ${escapeMarkup(todo)}`]),
  ];
}

function evidence({ failure }: ReleaseAnnouncement, room: number): string[] {
  return quoted(failure?.cause.evidence ?? [], room);
}

function factsOf(story: ReleaseAnnouncement): string[] {
  const { author } = story.image.labels;
  const commit = commitOf(story.image.labels);
  return [
    duration(story.at - story.startedAt),
    escapeMarkup(trigger(story)),
    ...(commit
      ? [
          `commit ${commit.url === undefined ? escapeMarkup(commit.short) : linkTo({ name: commit.short, url: commit.url })}`,
        ]
      : []),
    ...(author === undefined ? [] : [escapeMarkup(oneLine(author, 100))]),
    `${story.account} ${story.region}`,
  ];
}

/** Details belong into the thread; an end that nobody asked for also into the channel. */
function repliesOf(story: ReleaseAnnouncement): SlackReply[] {
  const replies: SlackReply[] = [];
  if (story.failure) {
    const mend = fix(story.failure.cause);
    const text = [
      `*Why:* ${cut(escapeMarkup(why(story) ?? ''), 1_000)}`,
      ...(mend === undefined ? [] : [`*Fix:* ${cut(escapeMarkup(mend), 400)}`]),
      ...evidence(story, 1_000),
    ];
    // What is cut has no end of its fence.
    const log = slackLog(story.failure.tail, Math.min(1_200, ROOM.text - text.join('\n').length - 1));
    if (log !== '') text.push(log);
    replies.push({ key: 'w', text: cut(text.join('\n'), ROOM.text), broadcast: false });
  }
  if (!story.outcome) return replies;
  if (!story.failure) return [...replies, { key: 'd', text: detailsText(story), broadcast: false }];
  const lines = [
    `${symbol(story)} *${escapeMarkup(headline(story))}*`,
    cut(escapeMarkup(why(story) ?? ''), 1_000),
    cut(escapeMarkup(fix(story.failure.cause) ?? ''), 400),
    escapeMarkup(verdict(story) ?? ''),
    ...story.services.map((service) => `• ${escapeMarkup(serviceLine(service))}`),
  ];
  const broadcast = story.outcome.kind !== 'rolledBack';
  return [...replies, { key: 'e', text: joined(lines, '\n', ROOM.text), broadcast }];
}

/** What exactly runs now, for those who look closer. */
function detailsText(story: ReleaseAnnouncement): string {
  const { digest, platforms, labels } = story.image;
  const services = story.services.map(({ service, from, to, running, desired }) => {
    const target = to === undefined ? 'unchanged' : linkTo(revisionLink(story, to));
    const before = from === undefined || to === undefined ? '' : `${escapeMarkup(from)} → `;
    return `• ${escapeMarkup(service)}: ${before}${target}, ${running}/${desired} tasks`;
  });
  const lines = [
    ...(labels.description === undefined ? [] : [escapeMarkup(oneLine(labels.description))]),
    `\`${escapeMarkup(oneLine(digest))}\``,
    ...(platforms.length === 0 ? [] : [escapeMarkup(platforms.map(platformName).join(', '))]),
    ...services,
  ];
  return joined(lines, '\n', ROOM.text);
}

function platformName({ os, architecture }: { readonly os: string; readonly architecture: string }): string {
  return oneLine(`${os}/${architecture}`, 50);
}

function renderApp(news: AppAnnouncement): SlackMessage {
  const sign = { info: '💬', warning: '🟠', failure: '❌' }[news.severity];
  const text = escapeMarkup(`${sign} ${appHeadline(news)}`);
  return {
    text: cut(text, ROOM.text),
    blocks: [
      section(text, ROOM.failure),
      context([`${news.account} ${news.region}`, linkTo(clusterLink(news))]),
    ],
    replies: [],
  };
}

/** One message, changed in place; its thread is people's. */
/** Only emoji that need no variation selector: their width is the same everywhere. */
function symbol(story: ReleaseAnnouncement): string {
  switch (story.outcome?.kind) {
    case 'live':
      return '✅';
    case 'failed':
      return '❌';
    case 'stranded':
      return '🚨';
    case 'rolledBack':
      return '⏪';
    case 'superseded':
      return '⏩';
    case undefined:
      if (isCanceled(story)) return '⏪';
      return story.failure ? '❌' : '🚢';
  }
}
