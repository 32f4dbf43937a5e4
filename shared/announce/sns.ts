import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../domain/announcement.ts';
import { advice, serviceLine, verdict } from './aftermath.ts';
import { clusterLink, commitOf, consoleLinks } from './links.ts';
import { logLines, logPlaceNotes } from './logWords.ts';
import { attributes, body, linkLine, ownWords, row, type SnsMessage, section, subject } from './mail.ts';
import { renderSnsAlert } from './snsAlert.ts';
import { renderSnsRun } from './snsRun.ts';
import { oneLine } from './text.ts';
import { appHeadline, change, duration, fix, headline, holdLine, stepLine, trigger, why } from './words.ts';

/** E-mails are few: only ends of releases and of runs, news of apps, and beginnings and ends of alerts. */
export function isWorthAnEmail(announcement: Announcement): boolean {
  return announcement.kind !== 'release' || announcement.outcome !== undefined;
}

/** Plain text that reads well as an e-mail. */
export function renderSns(announcement: Announcement): SnsMessage {
  switch (announcement.kind) {
    case 'release':
      return renderRelease(announcement);
    case 'run':
      return renderSnsRun(announcement);
    case 'alert':
      return renderSnsAlert(announcement);
    case 'app':
      return renderApp(announcement);
  }
}

function renderRelease(story: ReleaseAnnouncement): SnsMessage {
  const commit = commitOf(story.image.labels);
  const lines = [
    `${oneLine(headline(story))}.`,
    ...section('', [
      row('Why', why(story)),
      row('Fix', fix(story.failure?.cause)),
      row('Now', verdict(story)),
      row('To do', advice(story)),
      row('Hold', holdLine(story)),
    ]),
    ...section('', [
      row('Image', change(story)),
      row('About', story.image.labels.description),
      row('Commit', commit && [commit.short, commit.url].filter(Boolean).join('  ')),
      row('Author', story.image.labels.author),
      row('Trigger', trigger(story)),
      row('Took', duration(story.at - story.startedAt)),
      row('Account', `${story.account} ${story.region}, cluster ${story.cluster}`),
    ]),
    ...section(
      'Steps',
      story.steps.map((step) => stepLine(step, story)),
    ),
    ...section('Services', story.services.map(serviceLine)),
    ...section(
      'Notes',
      story.notes.map((note) => oneLine(note)),
    ),
    ...ownWords(story.failure?.cause),
    ...section('Last lines', logLines(story.failure?.tail)),
    ...section('Logs', logPlaceNotes(story.failure?.tail)),
    ...section('Links', consoleLinks(story).map(linkLine)),
  ];
  return {
    subject: subject(headline(story)),
    message: body(lines),
    attributes: attributes({
      kind: 'release',
      app: story.app,
      environment: story.environment,
      release: String(story.release),
      outcome: story.outcome?.kind ?? 'open',
      severity: severityOf(story),
      tag: story.image.tag,
      cause: story.failure?.cause.kind,
    }),
  };
}

function renderApp(news: AppAnnouncement): SnsMessage {
  const lines = [
    appHeadline(news),
    ...section('', [
      row('Hold', holdLine(news)),
      row('Account', `${news.account} ${news.region}, cluster ${news.cluster}`),
    ]),
    ...section('Links', [linkLine(clusterLink(news))]),
  ];
  return {
    subject: subject(appHeadline(news)),
    message: body(lines),
    attributes: attributes({
      kind: 'app',
      app: news.app,
      environment: news.environment,
      topic: news.topic,
      severity: news.severity,
    }),
  };
}

/** What pages people: a failure that was put back is one too, since the image is not live. */
function severityOf(story: ReleaseAnnouncement): 'info' | 'warning' | 'failure' {
  if (story.outcome?.kind === 'stranded' || story.outcome?.kind === 'failed') return 'failure';
  return story.failure || story.outcome?.kind === 'superseded' ? 'warning' : 'info';
}
