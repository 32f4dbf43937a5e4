import type { KnownBlock } from '@slack/types';
import type { RunAnnouncement } from '../domain/announcement.ts';
import type { RunOutcome } from '../domain/run.ts';
import { context, cut, escapeMarkup, header, linkTo, ROOM, section } from './blocks.ts';
import { clusterLink } from './links.ts';
import { slackLog } from './logWords.ts';
import {
  runAttempts,
  runHeadline,
  runImage,
  runLinesTitle,
  runLinks,
  runTrigger,
  runWhy,
} from './runWords.ts';
import { oneLine } from './text.ts';
import { duration, fix } from './words.ts';

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
  const mend = fix(run.cause);
  const words = [
    `*Why:* ${escapeMarkup(runWhy(run))}`,
    ...(mend === undefined ? [] : [`*Fix:* ${escapeMarkup(mend)}`]),
    ...runAttempts(run).map((attempt) => `• ${escapeMarkup(attempt)}`),
  ];
  const log = logOf(run);
  const image = runImage(run);
  const took = duration(run.endedAt - (run.startedAt ?? run.askedAt));
  const facts = [took, runTrigger(run), ...(image ? [image] : []), ...(run.revision ? [run.revision] : [])];
  return {
    text: cut(escapeMarkup(`${title}\n${runWhy(run)}`), ROOM.text),
    blocks: [
      header(title),
      section(words.join('\n'), ROOM.failure),
      ...(log === '' ? [] : [section(log, ROOM.failure)]),
      context([...facts.map((fact) => escapeMarkup(oneLine(fact))), `${run.account} ${run.region}`]),
      context(runLinks(run, clusterLink(run)).map(linkTo)),
    ],
  };
}

function logOf(run: RunAnnouncement): string {
  const title = run.tailOf === undefined ? '' : `*${runLinesTitle(run)}:*\n`;
  const log = slackLog(run.tail, ROOM.failure - title.length);
  return log === '' ? '' : `${title}${log}`;
}
