import type { Announcement } from '../domain/announcement.ts';
import type { Cause } from '../domain/release.ts';
import type { Row } from './message.ts';
import { clean, oneLine } from './text.ts';

/** Rows that releases, runs, alerts and notices have in common. */

/** Why, in AWS's words too, and how to fix it. */
export function causeRows(why: string | undefined, cause: Cause | undefined): Row[] {
  if (why === undefined) return [];
  const quote = (cause?.evidence ?? []).map((words) => clean(words).trim()).filter((words) => words !== '');
  return [{ name: 'Why', text: why, ...(quote.length === 0 ? {} : { quote }) }, ...rows({ Fix: fix(cause) })];
}

/** The rows that have a text, in this order. */
export function rows(texts: Readonly<Record<string, string | undefined>>): Row[] {
  return Object.entries(texts).flatMap(([name, text]) => (text ? [{ name, text }] : []));
}

/** How to fix it, where that is known: "Raise its memory limit, or reduce its memory use." */
export function fix(cause: Cause | undefined): string | undefined {
  return cause?.advice === undefined ? undefined : oneLine(cause.advice, 600);
}

/** Account, region and cluster. Links name the cluster as well. */
export function placeRows(place: Pick<Announcement, 'account' | 'region' | 'cluster'>): Row[] {
  return [
    { name: 'Account', text: `${place.account} ${place.region}` },
    { name: 'Cluster', text: place.cluster, minor: true },
  ];
}
