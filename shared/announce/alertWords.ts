import { type AlertEnd, countOf, countsTasks, describeAlert } from '../domain/alert.ts';
import type { AlertAnnouncement, AlertReleaseFact } from '../domain/announcement.ts';
import { oneLine } from './text.ts';
import { duration } from './words.ts';

/** The words of alerts, in every channel. */

/** A release that went live within this time before the first failure is the first suspect. */
const LATELY = 60 * 60_000;

/** "web in production: web-app keeps stopping: 12 tasks in 8 m 3 s". */
export function alertHeadline(news: AlertAnnouncement): string {
  const where = `${news.app} in ${news.environment}`;
  return `${where}: ${news.end ? ended(news, news.end) : trouble(news)}`;
}

function trouble(news: AlertAnnouncement): string {
  const what = describeAlert({ ...news, kind: news.trouble });
  return countsTasks(news) && news.count > 1 ? `${what} in ${duration(news.lastAt - news.firstAt)}` : what;
}

function ended(news: AlertAnnouncement, { how }: AlertEnd): string {
  const what =
    how === 'recovered' ? `${news.service} has recovered` : `the alert about ${news.service} is over`;
  return `${what} after ${duration(news.at - news.firstAt)}${toll(news)}`;
}

/** What it was, in the past. */
function toll(news: AlertAnnouncement): string {
  const tasks = countOf(news);
  switch (news.trouble) {
    case 'crashLoop':
    case 'startImpaired':
      return countsTasks(news) ? `: ${tasks} had stopped` : '';
    case 'outOfMemory':
      return `: ${tasks} had been killed`;
    case 'placement':
      return ': its tasks could not be placed';
    case 'deploymentFailed':
      return `: a deployment had failed${countsTasks(news) ? `, ${tasks} had stopped` : ''}`;
  }
}

/** "Container web exited with code 1: its logs tell why." */
export function alertCause({ cause }: AlertAnnouncement): string {
  return oneLine(cause.sentence, 1_000);
}

/** Why tasks stop now, where that is not what it began with. */
export function alertLately({ lately }: AlertAnnouncement): string | undefined {
  return (
    lately &&
    [lately.sentence, lately.advice]
      .map((words) => oneLine(words ?? '', 500))
      .join(' ')
      .trim()
  );
}

/** "crash 10, killed 2": only where the causes differ. */
export function alertCounts({ tasks }: AlertAnnouncement): string | undefined {
  const counts = Object.entries(tasks).toSorted(([, a], [, b]) => b - a);
  return counts.length < 2
    ? undefined
    : counts.map(([kind, count]) => `${oneLine(kind)} ${count}`).join(', ');
}

/** "since 2026-03-01 10:00 UTC, 4 m 0 s after v12 (1.2.0) went live". When it is over: "2026-03-01 10:00 to 10:06 UTC". */
export function alertTime({ firstAt, lastAt, release, end }: AlertAnnouncement): string {
  if (!end) return `since ${minuteOf(firstAt)} UTC${release ? `, ${relation(firstAt, release)}` : ''}`;
  const [first, last] = [minuteOf(firstAt), minuteOf(lastAt)];
  if (first === last) return `${first} UTC`;
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${first} to ${sameDay ? last.slice(11) : last} UTC`;
}

const ENDED: Readonly<Record<Exclude<AlertReleaseFact['state'], 'open'>, string>> = {
  live: 'went live',
  failed: 'failed',
  rolledBack: 'was cancelled',
  superseded: 'was superseded',
  stranded: 'failed and could not be put back',
};

/** How it lies in time to a release. Whether the release is to blame nobody can know. */
function relation(firstAt: number, { number, tag, state, at }: AlertReleaseFact): string {
  const name = `v${number} (${oneLine(tag, 128)})`;
  if (state === 'open') return `while ${name} was under way`;
  return `${duration(Math.abs(firstAt - at))} ${firstAt < at ? 'before' : 'after'} ${name} ${ENDED[state]}`;
}

/** What a person can do at once; undefined where a rollback is not at hand, or would not help. */
export function alertAdvice({
  app,
  trouble: kind,
  firstAt,
  release,
  end,
}: AlertAnnouncement): string | undefined {
  if (end || !release || release.back === undefined) return undefined;
  if (kind === 'placement' || kind === 'deploymentFailed') return undefined;
  if (firstAt < release.at || firstAt - release.at > LATELY) return undefined;
  return `If v${release.number} is to blame, this brings back ${oneLine(release.back, 128)}: fairway rollback ${app}`;
}

function minuteOf(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** "web-app:11 at 3/3 tasks"; while it lasts with the time at which ECS was asked: "web-app:11 at 1/3 tasks (10:07 UTC)". */
export function alertNow({ runs, end }: AlertAnnouncement): string | undefined {
  if (end) return oneLine(end.reason, 300);
  return runs && `${oneLine(runs.what, 300)} (${minuteOf(runs.at).slice(11)} UTC)`;
}
