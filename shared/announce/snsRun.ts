import type { RunAnnouncement } from '../domain/announcement.ts';
import { clusterLink } from './links.ts';
import { logLines, logPlaceNotes } from './logWords.ts';
import { attributes, body, linkLine, ownWords, row, type SnsMessage, section, subject } from './mail.ts';
import {
  runAttempts,
  runHeadline,
  runImage,
  runLinesTitle,
  runLinks,
  runTrigger,
  runWhy,
} from './runWords.ts';
import { duration, fix } from './words.ts';

/** The end of a run as plain text. */
export function renderSnsRun(run: RunAnnouncement): SnsMessage {
  const lines = [
    `${runHeadline(run)}.`,
    ...section('', [row('Why', runWhy(run)), row('Fix', fix(run.cause))]),
    ...section('', [
      row('Image', runImage(run)),
      row('Revision', run.revision),
      row('Trigger', runTrigger(run)),
      row('Took', duration(run.endedAt - (run.startedAt ?? run.askedAt))),
      row('Account', `${run.account} ${run.region}, cluster ${run.cluster}`),
    ]),
    ...section('Earlier attempts', runAttempts(run)),
    ...section(runLinesTitle(run), logLines(run.tail)),
    ...section('Logs', logPlaceNotes(run.tail)),
    ...ownWords(run.cause),
    ...section('Links', runLinks(run, clusterLink(run)).map(linkLine)),
  ];
  return {
    subject: subject(runHeadline(run)),
    message: body(lines),
    attributes: attributes({
      kind: 'run',
      app: run.app,
      environment: run.environment,
      task: run.task,
      outcome: run.outcome,
      severity: severityOf(run),
      cause: run.cause?.kind,
    }),
  };
}

function severityOf({ outcome }: RunAnnouncement): 'info' | 'warning' | 'failure' {
  switch (outcome) {
    case 'succeeded':
      return 'info';
    case 'failed':
    case 'neverStarted':
    case 'timedOut':
      return 'failure';
    case 'stopped':
    case 'replaced':
    case 'skipped':
    case 'missed':
      return 'warning';
  }
}
