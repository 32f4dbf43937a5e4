import type { Announcement, AppAnnouncement, ReleaseAnnouncement } from '../domain/announcement.ts';
import { advice, serviceLine, verdict } from './aftermath.ts';
import { clusterLink, commitOf, consoleLinks, type Link } from './links.ts';
import { clean, clip, clipBytes, oneLine } from './text.ts';
import { appHeadline, change, duration, headline, holdLine, stepLine, trigger, why } from './words.ts';

export interface SnsMessage {
  /** Under 100 characters, ASCII, one line. Source: Amazon SNS API reference, Publish. */
  readonly subject: string;
  /** Together with the attributes under 256 KiB. */
  readonly message: string;
  /** For filter policies; at most 10, none empty. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** SNS allows 262,144 with attributes; 100 KiB are more than any release needs. */
const MOST_BYTES = 100 * 1024;
const LONGEST_SUBJECT = 99;

/** E-mails are few: only ends of releases, and news of apps. */
export function isWorthAnEmail(announcement: Announcement): boolean {
  return announcement.kind === 'app' || announcement.outcome !== undefined;
}

/** Plain text that reads well as an e-mail. */
export function renderSns(announcement: Announcement): SnsMessage {
  return announcement.kind === 'release' ? renderRelease(announcement) : renderApp(announcement);
}

function renderRelease(story: ReleaseAnnouncement): SnsMessage {
  const commit = commitOf(story.image.labels);
  const lines = [
    `${oneLine(headline(story))}.`,
    ...section('', [
      row('Why', why(story)),
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
    ...section(
      "AWS's own words",
      story.failure?.cause.evidence.flatMap((words) => clean(words).split('\n')) ?? [],
    ),
    ...section('Links', consoleLinks(story).map(linkLine)),
  ];
  return {
    subject: subject(headline(story)),
    message: clipBytes(lines.join('\n'), MOST_BYTES),
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
    message: clipBytes(lines.join('\n'), MOST_BYTES),
    attributes: attributes({
      kind: 'app',
      app: news.app,
      environment: news.environment,
      topic: news.topic,
      severity: news.severity,
    }),
  };
}

/** A blank line, a heading and indented lines; nothing where there are none. */
function section(heading: string, lines: readonly (string | undefined)[]): string[] {
  const shown = lines.filter((line) => line !== undefined && line !== '');
  if (shown.length === 0) return [];
  return heading === '' ? ['', ...shown.map(String)] : ['', heading, ...shown.map((line) => `  ${line}`)];
}

function row(name: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${`${name}:`.padEnd(10)}${oneLine(value, 1_200)}`;
}

function linkLine({ name, url }: Link): string {
  return `${oneLine(name)}: ${url}`;
}

/** SNS refuses empty values. */
function attributes(facts: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) => (value ? [[name, oneLine(value, 256)]] : [])),
  );
}

/** What pages people: a failure that was put back is one too, since the image is not live. */
function severityOf(story: ReleaseAnnouncement): 'info' | 'warning' | 'failure' {
  if (story.outcome?.kind === 'stranded' || story.outcome?.kind === 'failed') return 'failure';
  return story.failure || story.outcome?.kind === 'superseded' ? 'warning' : 'info';
}

function subject(text: string): string {
  const ascii = oneLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]+/g, '?')
    .trim();
  // A subject has to begin with a letter, a digit or punctuation, and an app's name is one of the three.
  if (ascii === '') return 'Fairway';
  return ascii.length <= LONGEST_SUBJECT ? ascii : `${clip(ascii, LONGEST_SUBJECT - 2).slice(0, -1)}...`;
}
