import { duration } from '../shared/domain/duration.ts';
import type { ReleaseDetail } from '../shared/domain/summaries.ts';
import { ago, type Style } from './style.ts';
import { imageName } from './words.ts';

/** Everything about one release as text. `now` is epoch milliseconds. */
export function renderRelease(release: ReleaseDetail, now: number, style: Style): string {
  const { failure, commit, previous, live } = release;
  const took = duration((release.endedAt ?? now) - release.startedAt);
  const sections = [
    [
      row('why', failure && style.bad(failure.cause)),
      row('fix', failure?.advice),
      row('request', failure?.requestId),
      row('now', release.now),
      row('to do', release.toDo),
      row('hold', release.hold && style.warn(release.hold)),
      row('live', live?.sentence),
    ],
    [
      row('image', `${previous ? `${imageName(previous)} → ` : ''}${imageName(release)}`),
      row('about', release.about),
      row('commit', commit && [commit.short, commit.url].filter(Boolean).join('  ')),
      row('author', release.author),
      row('platform', release.platforms.join(', ')),
      row('trigger', release.trigger),
      row('request', release.requestId),
      row('started', `${time(release.startedAt)} (${ago(release.startedAt, now)}), took ${took}`),
      row('release', release.id),
    ],
    rows(
      'steps',
      release.steps.map(({ line }) => line),
    ),
    rows('services', release.services),
    rows('notes', release.notes),
    rows('AWS said', failure?.evidence ?? []),
    rows('log', [...(release.lines ?? []), ...(release.elsewhere ?? []).map((place) => style.dim(place))]),
    rows(
      'links',
      release.links.map(({ name, url }) => `${name}: ${url}`),
    ),
  ];
  const shown = sections
    .map((lines) => lines.flatMap((line) => (line ? [`  ${style.dim(line[0].padEnd(9))} ${line[1]}`] : [])))
    .filter((lines) => lines.length > 0);
  return shown.map((lines) => lines.join('\n')).join('\n\n');
}

type Row = readonly [name: string, text: string] | undefined;

function row(name: string, text: string | undefined): Row {
  return text === undefined || text === '' ? undefined : [name, text];
}

function rows(name: string, texts: readonly string[]): readonly Row[] {
  return texts.flatMap((text) => text.split('\n')).map((text, index) => [index === 0 ? name : '', text]);
}

function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
