import { type AlertEnd, countsTasks, describeAlert } from '../domain/alert.ts';
import type { AlertAnnouncement } from '../domain/announcement.ts';
import { oneLine } from './text.ts';
import { duration } from './words.ts';

/** The words of alerts, in every channel. */

/** "web in production: web-app keeps stopping: 12 tasks in 8 m 3 s". */
export function alertHeadline(news: AlertAnnouncement): string {
  const where = `${news.app} in ${news.environment}`;
  return `${where}: ${news.end ? ended(news, news.end) : trouble(news)}`;
}

function trouble(news: AlertAnnouncement): string {
  const { trouble: kind, service, count, firstAt, lastAt } = news;
  const what = describeAlert({ kind, service, count });
  return countsTasks({ kind }) && count > 1 ? `${what} in ${duration(lastAt - firstAt)}` : what;
}

function ended(news: AlertAnnouncement, { how }: AlertEnd): string {
  const what = how === 'recovered' ? 'has recovered' : 'is no longer watched';
  return `${news.service} ${what} after ${duration(news.at - news.firstAt)}${toll(news)}`;
}

/** What it was, in the past. */
function toll({ trouble: kind, count }: AlertAnnouncement): string {
  const tasks = count === 1 ? '1 task' : `${count} tasks`;
  switch (kind) {
    case 'crashLoop':
    case 'startImpaired':
      return count === 0 ? '' : `: ${tasks} had stopped`;
    case 'outOfMemory':
      return `: ${tasks} had been killed`;
    case 'placement':
      return ': its tasks could not be placed';
    case 'deploymentFailed':
      return ': a deployment had failed';
  }
}

/** "Container web exited with code 1: its logs tell why." */
export function alertCause({ cause }: AlertAnnouncement): string {
  return oneLine(cause.sentence, 1_000);
}

/** "crash 10, killed 2": only where the causes differ. */
export function alertCounts({ tasks }: AlertAnnouncement): string | undefined {
  const counts = Object.entries(tasks).toSorted(([, a], [, b]) => b - a);
  return counts.length < 2
    ? undefined
    : counts.map(([kind, count]) => `${oneLine(kind)} ${count}`).join(', ');
}

/** "web-app:11 at 3/3 tasks"; undefined while it lasts. */
export function alertEnd({ end }: AlertAnnouncement): string | undefined {
  return end && oneLine(end.reason, 300);
}
