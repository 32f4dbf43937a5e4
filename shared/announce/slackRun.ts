import type { KnownBlock } from '@slack/types';
import type { RunAnnouncement } from '../domain/announcement.ts';
import type { RunOutcome } from '../domain/run.ts';
import { context, cut, escapeMarkup, header, linkTo, ROOM, section } from './blocks.ts';
import { clusterLink } from './links.ts';
import { runAttempts, runHeadline, runImage, runLines, runLinks, runTrigger, runWhy } from './runWords.ts';
import { oneLine } from './text.ts';
import { duration } from './words.ts';

const SIGNS: Readonly<Record<RunOutcome, string>> = {
  succeeded: '✅',
  failed: '❌',
  neverStarted: '❌',
  timedOut: '⏰',
  stopped: '🛑',
  replaced: '⏩',
  skipped: '⏩',
  missed: '🟠',
};

/** One message for the end of a run. */
export function renderSlackRun(run: RunAnnouncement): {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
} {
  const title = `${SIGNS[run.outcome]} ${runHeadline(run)}`;
  const lines = runLines(run);
  const todo = run.cause?.advice;
  const words = [
    `*Why:* ${escapeMarkup(runWhy(run))}`,
    ...(todo === undefined ? [] : [`*To do:* ${escapeMarkup(oneLine(todo))}`]),
    ...runAttempts(run).map((attempt) => `• ${escapeMarkup(attempt)}`),
  ];
  const log = [
    ...(lines.length === 0 ? [] : [fenced(lines, ROOM.failure)]),
    ...(run.tail?.elsewhere ?? []).map((where) => escapeMarkup(oneLine(where))),
  ];
  const image = runImage(run);
  const took = duration(run.endedAt - (run.startedAt ?? run.askedAt));
  const facts = [took, runTrigger(run), ...(image ? [image] : []), ...(run.revision ? [run.revision] : [])];
  return {
    text: cut(escapeMarkup(`${title}\n${runWhy(run)}`), ROOM.text),
    blocks: [
      header(title),
      section(words.join('\n'), ROOM.failure),
      ...(log.length === 0 ? [] : [section(log.join('\n'), ROOM.failure + 400)]),
      context([...facts.map((fact) => escapeMarkup(oneLine(fact))), `${run.account} ${run.region}`]),
      context(runLinks(run, clusterLink(run)).map(linkTo)),
    ],
  };
}

/** The newest lines count most: what has no room is left out at the beginning. */
function fenced(lines: readonly string[], room: number): string {
  const kept: string[] = [];
  let size = 8;
  for (const line of lines.map((text) => escapeMarkup(text.replaceAll('`', "'"))).reverse()) {
    size += line.length + 1;
    if (size > room) break;
    kept.unshift(line);
  }
  return `\`\`\`\n${kept.join('\n')}\n\`\`\``;
}
