import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../domain/announcement.ts';
import {
  appHeadline,
  change,
  commit,
  duration,
  headline,
  links,
  serviceLine,
  stepLine,
  trigger,
  verdict,
} from './words.ts';

export interface SnsMessage {
  /** Under 100 characters, ASCII, one line. Source: SNS API reference, Publish. */
  readonly subject: string;
  readonly message: string;
  /** For filter policies; at most 10. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** E-mails are few: only ends of releases, and news of apps. */
export function isWorthAnEmail(announcement: Announcement): boolean {
  return announcement.kind === 'app' || announcement.outcome !== undefined;
}

/** Plain text that reads well as an e-mail. */
export function renderSns(announcement: Announcement): SnsMessage {
  return announcement.kind === 'release' ? renderRelease(announcement) : renderApp(announcement);
}

function renderRelease(story: ReleaseAnnouncement): SnsMessage {
  const made = commit(story);
  const author = story.image.labels.author;
  const { failure } = story;
  const where = failure && (failure.service ?? failure.task);
  const lines = [
    `${headline(story)}.`,
    '',
    ...(failure ? [`Why:      ${where === undefined ? '' : `${where}: `}${failure.cause.sentence}`] : []),
    ...(failure ? [`Now:      ${verdict(story) ?? ''}`, ''] : []),
    `Image:    ${change(story)}`,
    ...(made ? [`Commit:   ${made.short}${made.url === undefined ? '' : `  ${made.url}`}`] : []),
    ...(author === undefined ? [] : [`Author:   ${author}`]),
    `Trigger:  ${trigger(story)}`,
    `Took:     ${duration(story.at - story.startedAt)}`,
    `Account:  ${story.account} ${story.region}, cluster ${story.cluster}`,
    ...(story.hold ? [`Held by:  ${story.hold.by}: ${story.hold.reason}`] : []),
    '',
    'Steps',
    ...story.steps.map((step) => `  ${stepLine(step, story)}`),
    '',
    'Services',
    ...story.services.map((service) => `  ${serviceLine(service)}`),
    ...(story.notes.length > 0 ? ['', 'Notes', ...story.notes.map((note) => `  ${note}`)] : []),
    ...(failure && failure.cause.evidence.length > 0
      ? ['', "AWS's words", ...failure.cause.evidence.map((words) => `  ${words}`)]
      : []),
    '',
    ...links(story).map(({ name, url }) => `${name}: ${url}`),
  ];
  return {
    subject: subject(headline(story)),
    message: lines.join('\n').slice(0, 200_000),
    attributes: {
      app: story.app,
      environment: story.environment,
      kind: 'release',
      release: String(story.release),
      outcome: story.outcome?.kind ?? 'open',
      severity: severityOf(story),
      tag: story.image.tag,
      ...(failure ? { cause: failure.cause.kind } : {}),
    },
  };
}

function renderApp(news: AppAnnouncement): SnsMessage {
  const hold = news.hold ? [`Held by ${news.hold.by}: ${news.hold.reason}`, ''] : [];
  const lines = [
    news.sentence,
    '',
    ...hold,
    `Account ${news.account} ${news.region}, cluster ${news.cluster}`,
  ];
  return {
    subject: subject(appHeadline(news)),
    message: lines.join('\n'),
    attributes: {
      app: news.app,
      environment: news.environment,
      kind: 'app',
      topic: news.topic,
      severity: news.severity,
    },
  };
}

function severityOf(story: ReleaseAnnouncement): string {
  if (story.outcome?.kind === 'stranded' || story.outcome?.kind === 'failed') return 'failure';
  return story.failure ? 'warning' : 'info';
}

function subject(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return ascii.length < 100 ? ascii : `${ascii.slice(0, 96)}...`;
}
