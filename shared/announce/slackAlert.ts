import type { KnownBlock } from '@slack/types';
import type { AlertAnnouncement } from '../domain/announcement.ts';
import {
  alertAdvice,
  alertCause,
  alertCounts,
  alertHeadline,
  alertLately,
  alertNow,
  alertTime,
} from './alertWords.ts';
import { context, cut, escapeMarkup, linkTo, quoted, ROOM, section } from './blocks.ts';
import { clusterLink, serviceLink } from './links.ts';
import { fix } from './words.ts';

/** One message, changed in place while the alert lasts. */
export function renderSlackAlert(news: AlertAnnouncement): {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
} {
  const title = `${symbolOf(news)} ${escapeMarkup(alertHeadline(news))}`;
  const why = cut(escapeMarkup(alertCause(news)), 900);
  const mend = fix(news.cause);
  const [counts, now, lately, advice] = [
    alertCounts(news),
    alertNow(news),
    alertLately(news),
    alertAdvice(news),
  ];
  const lines = [
    `*${title}*`,
    `*Why:* ${why}`,
    ...(mend === undefined || news.end ? [] : [`*Fix:* ${escapeMarkup(mend)}`]),
    ...(lately === undefined ? [] : [`*Lately:* ${cut(escapeMarkup(lately), 400)}`]),
    `*When:* ${escapeMarkup(alertTime(news))}`,
    ...(advice === undefined ? [] : [`*To do:* ${escapeMarkup(advice)}`]),
    ...(counts === undefined ? [] : [`*Stopped:* ${escapeMarkup(counts)}`]),
    ...(news.end ? [] : quoted(news.cause.evidence, ROOM.evidence)),
    ...(now === undefined ? [] : [`*Now:* ${escapeMarkup(now)}`]),
  ];
  const links = [linkTo(serviceLink(news)), linkTo(clusterLink(news))];
  return {
    text: cut(`${title}\n${why}`, ROOM.text),
    blocks: [
      section(lines.join('\n'), ROOM.failure + ROOM.evidence),
      context([`${news.account} ${news.region}`, ...links]),
    ],
  };
}

function symbolOf({ end }: AlertAnnouncement): string {
  if (!end) return '🔥';
  return end.how === 'recovered' ? '✅' : '⚪';
}
