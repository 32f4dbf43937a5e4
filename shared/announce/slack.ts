import type { KnownBlock } from '@slack/types';
import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../domain/announcement.ts';
import {
  appHeadline,
  change,
  commit,
  duration,
  headline,
  isFailure,
  links,
  serviceLine,
  stepLine,
  trigger,
  verdict,
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
  readonly key: string;
  readonly text: string;
  /** Shown in the channel too. */
  readonly broadcast: boolean;
}

/** Limits of Slack, with room to spare. Source: Slack API, Block Kit reference. */
const LIMITS = { header: 150, section: 2_900, field: 1_900, text: 3_500, context: 1_900 };

export function renderSlack(announcement: Announcement): SlackMessage {
  return announcement.kind === 'release' ? renderRelease(announcement) : renderApp(announcement);
}

function renderRelease(story: ReleaseAnnouncement): SlackMessage {
  const title = `${symbol(story)} ${headline(story)}`;
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: cut(title, LIMITS.header), emoji: true } },
    section(
      `*${escapeMarkup(change(story))}*\n${story.steps.map((step) => escapeMarkup(stepLine(step, story))).join('\n')}`,
    ),
  ];
  const failure = failureText(story);
  if (failure !== undefined) blocks.push(section(failure));
  if (story.notes.length > 0)
    blocks.push(section(story.notes.map((note) => `• ${escapeMarkup(note)}`).join('\n')));
  if (story.hold)
    blocks.push(section(`⏸ Held by ${escapeMarkup(story.hold.by)}: ${escapeMarkup(story.hold.reason)}`));
  blocks.push({
    type: 'context',
    elements: [{ type: 'mrkdwn', text: cut(contextText(story), LIMITS.context) }],
  });
  return { text: cut(escapeMarkup(title), LIMITS.text), blocks, replies: repliesOf(story) };
}

function failureText(story: ReleaseAnnouncement): string | undefined {
  if (!story.failure) return undefined;
  const { cause, service, task } = story.failure;
  const where = service ?? task;
  const lines = [
    `*Why:* ${where === undefined ? '' : `${escapeMarkup(where)}: `}${escapeMarkup(cause.sentence)}`,
  ];
  const now = verdict(story);
  if (now !== undefined) lines.push(`*Now:* ${escapeMarkup(now)}`);
  const services = story.services.filter((one) => one.runs !== undefined);
  for (const one of services.slice(0, 10)) lines.push(`• ${escapeMarkup(serviceLine(one))}`);
  if (services.length > 10) lines.push(`… and ${services.length - 10} more services, in the thread`);
  return lines.join('\n');
}

function contextText(story: ReleaseAnnouncement): string {
  const made = commit(story);
  const author = story.image.labels.author;
  const parts = [
    duration(story.at - story.startedAt),
    escapeMarkup(trigger(story)),
    made &&
      (made.url === undefined
        ? `commit ${escapeMarkup(made.short)}`
        : `commit <${made.url}|${escapeMarkup(made.short)}>`),
    author && escapeMarkup(cut(author, 100)),
    `${story.account} ${story.region}`,
    ...links(story).map(({ name, url }) => `<${url}|${escapeMarkup(name)}>`),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Details belong into the thread; a failure also into the channel. */
function repliesOf(story: ReleaseAnnouncement): SlackReply[] {
  const replies: SlackReply[] = [];
  if (isFailure(story) && story.failure) {
    const { cause } = story.failure;
    const evidence =
      cause.evidence.length > 0
        ? `\n\`\`\`${escapeMarkup(cause.evidence.join('\n')).replaceAll('`', "'")}\`\`\``
        : '';
    const text = `${escapeMarkup(headline(story))}\n${escapeMarkup(cause.sentence)}`;
    replies.push({ key: 'w', text: cut(text, LIMITS.text - 1_500) + cut(evidence, 1_400), broadcast: false });
  }
  if (isFailure(story) && story.outcome) {
    const services = story.services.map((one) => `• ${escapeMarkup(serviceLine(one))}`).join('\n');
    const text = `${symbol(story)} *${escapeMarkup(headline(story))}*\n${escapeMarkup(story.failure?.cause.sentence ?? '')}\n${escapeMarkup(verdict(story) ?? '')}\n${services}`;
    replies.push({ key: 'e', text: cut(text, LIMITS.text), broadcast: true });
  }
  return replies;
}

function renderApp(news: AppAnnouncement): SlackMessage {
  const sign = { info: 'ℹ️', warning: '⚠️', failure: '❌' }[news.severity];
  const text = `${sign} ${appHeadline(news)}`;
  const context = `${news.account} ${news.region} · cluster ${escapeMarkup(news.cluster)}`;
  return {
    text: cut(escapeMarkup(text), LIMITS.text),
    blocks: [section(escapeMarkup(text)), { type: 'context', elements: [{ type: 'mrkdwn', text: context }] }],
    replies: [],
  };
}

function symbol(story: ReleaseAnnouncement): string {
  switch (story.outcome?.kind) {
    case 'live':
      return '✅';
    case 'failed':
      return '❌';
    case 'stranded':
      return '🚨';
    case 'rolledBack':
      return '↩️';
    case 'superseded':
      return '⏭️';
    case undefined:
      return story.failure ? '❌' : '🚢';
  }
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, LIMITS.section) } };
}

/** The three characters that mean something in Slack's markup. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
