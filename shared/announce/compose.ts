import type { Announcement, AppAnnouncement } from '../domain/announcement.ts';
import { composeAlert } from './alert.ts';
import { clusterLink } from './links.ts';
import type { Content, Message } from './message.ts';
import { composeRelease } from './release.ts';
import { holdLine } from './releaseWords.ts';
import { placeRows, rows } from './rows.ts';
import { composeRun } from './run.ts';
import { oneLine } from './text.ts';

/**
 * An announcement as the one message that every channel serializes. `command`: how people call Fairway's command;
 * absent: "fairway".
 */
export function compose(announcement: Announcement, command?: string): Message {
  const content = composed(announcement);
  const { kind, app, environment, account, region, cluster } = announcement;
  const attributes = { kind, app, environment, severity: content.severity, ...content.attributes };
  const place = { app, environment, account, region, cluster };
  return withCommand(command, { ...content, ...place, attributes: filled(attributes) });
}

function composed(announcement: Announcement): Content {
  switch (announcement.kind) {
    case 'release':
      return composeRelease(announcement);
    case 'run':
      return composeRun(announcement);
    case 'alert':
      return composeAlert(announcement);
    case 'app':
      return composeNotice(announcement);
  }
}

const SIGNS = { info: '💬', warning: '🟠', failure: '❌' } as const;

/** Something about an app outside a release. */
function composeNotice(notice: AppAnnouncement): Content {
  return {
    kind: 'app',
    id: `${notice.app}/${notice.topic}/${notice.at}`,
    moment: notice.topic,
    at: notice.at,
    severity: notice.severity,
    sign: SIGNS[notice.severity],
    title: oneLine(`${notice.app} in ${notice.environment}: ${oneLine(notice.sentence, 1_000)}`, 1_200),
    lead: [],
    actions: [],
    steps: [],
    facts: [
      ...rows({ Hold: holdLine(notice) }).map((row) => ({ ...row, minor: true })),
      ...placeRows(notice),
    ],
    lists: (notice.lists ?? []).map(({ title, items }) => ({
      title,
      items: items.map((text) => ({ text: oneLine(text, 500) })),
    })),
    links: [clusterLink(notice)],
    attributes: { topic: notice.topic },
  };
}

/** Attributes are short and never empty: SNS refuses empty ones. */
function filled(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value ? [[name, oneLine(value, 256)]] : [])),
  );
}

/** Commands that messages advise. */
const ADVISED =
  /\bfairway (?=(?:announce|audit|cancel|deploy|follow|hold|releases|restart|resume|rollback|run|runs|show|status|stop|why) )/g;

/** The message with Fairway's command as the people of this installation call it. */
export function withCommand<Content>(command: string | undefined, content: Content): Content {
  if (command === undefined) return content;
  // A function as the replacement: "$&" in a command is no pattern.
  const rename = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replace(ADVISED, () => `${command} `) : value;
  return JSON.parse(JSON.stringify(content, rename));
}
