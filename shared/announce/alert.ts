import { type AlertEnd, countOf, countsTasks, describeAlert, describeTrouble } from '../domain/alert.ts';
import type { AlertAnnouncement, AlertReleaseFact } from '../domain/announcement.ts';
import { duration } from '../domain/duration.ts';
import { clusterLink, serviceLink } from './links.ts';
import type { Content } from './message.ts';
import { causeRows, placeRows, rows } from './rows.ts';
import { minuteOf, oneLine } from './text.ts';

/** A release that went live within this time before the first failure is the first suspect. */
const RECENTLY = 60 * 60_000;

/** A service that fails outside of a release, or has recovered. */
export function composeAlert(news: AlertAnnouncement): Content {
  const { end } = news;
  const where = `${news.app} in ${news.environment}`;
  const advice = adviceOf(news);
  const why = oneLine(news.cause.sentence, 1_000);
  return {
    kind: 'alert',
    id: news.alertId,
    moment: end ? 'closed' : news.trouble,
    at: end?.at ?? news.firstAt,
    severity: end ? 'info' : 'failure',
    sign: signOf(end),
    title: oneLine(`${where}: ${end ? ended(news, end) : trouble(news)}`),
    ...(end ? {} : { steadyTitle: oneLine(`${where}: ${describeTrouble({ ...news, kind: news.trouble })}`) }),
    lead: [
      ...(end ? rows({ Why: why }) : causeRows(why, news.cause)),
      ...rows({
        Lately: latelyOf(news),
        When: timeOf(news),
        Stopped: countsOf(news),
        Now: nowOf(news),
      }).map((row) => ({ ...row, changing: true })),
    ],
    actions: advice === undefined ? [] : [oneLine(advice)],
    steps: [],
    facts: placeRows(news),
    lists: [],
    links: [serviceLink(news), clusterLink(news)],
    attributes: {
      service: news.service,
      trouble: news.trouble,
      cause: news.cause.kind,
      state: end ? 'closed' : 'open',
    },
  };
}

function signOf(end: AlertEnd | undefined): string {
  if (!end) return '🔥';
  return end.how === 'recovered' ? '✅' : '⚪';
}

function trouble(news: AlertAnnouncement): string {
  const what = describeAlert({ ...news, kind: news.trouble });
  return countsTasks(news) && news.count > 1 ? `${what} in ${duration(news.lastAt - news.firstAt)}` : what;
}

function ended(news: AlertAnnouncement, { how }: AlertEnd): string {
  const what =
    how === 'recovered' ? `${news.service} has recovered` : `the alert for ${news.service} is closed`;
  return `${what} after ${duration(news.at - news.firstAt)}${toll(news)}`;
}

/** What had happened. */
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

/** Why tasks stop now, where the first cause was another one. */
function latelyOf({ lately }: AlertAnnouncement): string | undefined {
  return (
    lately &&
    [lately.sentence, lately.advice]
      .map((words) => oneLine(words ?? '', 500))
      .join(' ')
      .trim()
  );
}

/** "crash 10, killed 2": only where the causes differ. */
function countsOf({ tasks }: AlertAnnouncement): string | undefined {
  const counts = Object.entries(tasks).toSorted(([, a], [, b]) => b - a);
  return counts.length < 2
    ? undefined
    : counts.map(([kind, count]) => `${oneLine(kind)} ${count}`).join(', ');
}

/** "since 2026-03-01 10:00 UTC, 4 min after v12 (1.2.0) went live". When it is over: "2026-03-01 10:00 to 10:06 UTC". */
function timeOf({ firstAt, lastAt, release, end }: AlertAnnouncement): string {
  if (!end) return `since ${minuteOf(firstAt)} UTC${release ? `, ${relation(firstAt, release)}` : ''}`;
  const [first, last] = [minuteOf(firstAt), minuteOf(lastAt)];
  if (first === last) return `${first} UTC`;
  const sameDay = first.slice(0, 10) === last.slice(0, 10);
  return `${first} to ${sameDay ? last.slice(11) : last} UTC`;
}

const ENDED: Readonly<Record<Exclude<AlertReleaseFact['state'], 'open'>, string>> = {
  live: 'went live',
  failed: 'failed',
  rolledBack: 'was canceled',
  superseded: 'was superseded',
  stranded: 'failed and its rollback failed',
};

/** How long before or after a release it began. Whether the release is to blame cannot be known. */
function relation(firstAt: number, { number, tag, state, at }: AlertReleaseFact): string {
  const name = `v${number} (${oneLine(tag, 128)})`;
  if (state === 'open') return `while ${name} was in progress`;
  return `${duration(Math.abs(firstAt - at))} ${firstAt < at ? 'before' : 'after'} ${name} ${ENDED[state]}`;
}

/** What a person can do now; undefined where a rollback is not possible, or would not help. */
function adviceOf({ app, trouble: kind, firstAt, release, end }: AlertAnnouncement): string | undefined {
  if (end || !release || release.back === undefined) return undefined;
  if (kind === 'placement' || kind === 'deploymentFailed') return undefined;
  if (firstAt < release.at || firstAt - release.at > RECENTLY) return undefined;
  return `If v${release.number} is to blame, roll back to ${oneLine(release.back, 128)}: fairway rollback ${app}`;
}

/** "web-app:11 at 3/3 tasks"; while it lasts with the time at which ECS was asked: "web-app:11 at 1/3 tasks (10:07 UTC)". */
function nowOf({ runs, end }: AlertAnnouncement): string | undefined {
  if (end) return oneLine(end.reason, 300);
  return runs && `${oneLine(runs.what, 300)} (${minuteOf(runs.at).slice(11)} UTC)`;
}
