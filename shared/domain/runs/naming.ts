import { didYouMean, nearestOf } from '../nearest.ts';

/** Letters of an id that name a run: fewer are met by chance. */
export const SHORTEST_ID = 4;

/** The end of a sentence about a run that is not known: the nearest task, or the nearest beginning of an id. */
export function nearestRun(name: string, tasks: readonly string[], ids: readonly string[]): string {
  const beginnings = name.length < SHORTEST_ID ? [] : ids.map((id) => id.slice(0, name.length));
  return didYouMean(nearestOf(name, [...tasks, ...beginnings]));
}
