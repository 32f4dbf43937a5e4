import type { RunAnnouncement } from '../domain/announcement.ts';
import { defined } from '../domain/defined.ts';
import { duration } from '../domain/duration.ts';
import { claimed } from '../domain/person.ts';
import type { RunOutcome } from '../domain/run.ts';
import { clusterLink } from './links.ts';
import type { Content, Link, Severity } from './message.ts';
import { imageName } from './releaseWords.ts';
import { causeRows, placeRows, rows } from './rows.ts';
import { logOf, minuteOf, oneLine } from './text.ts';

/** How a run of a task ended. */
export function composeRun(run: RunAnnouncement): Content {
  const { severity, sign, words } = OUTCOMES[run.outcome];
  const code = run.outcome === 'failed' && run.exitCode !== undefined ? `: exit code ${run.exitCode}` : '';
  const facts = {
    Took: duration(run.endedAt - (run.startedAt ?? run.askedAt)),
    Trigger: oneLine(triggerOf(run)),
    Image: run.image && oneLine(imageName(run.image)),
    Revision: run.revision && oneLine(run.revision),
  };
  return {
    kind: 'run',
    id: run.runId,
    moment: run.outcome,
    at: run.endedAt,
    severity,
    sign,
    title: oneLine(`${run.task} of ${run.app} ${words} in ${run.environment}${code}`),
    lead: causeRows(whyOf(run), run.cause),
    actions: [],
    steps: [],
    facts: [...rows(facts), ...placeRows(run)],
    lists: [{ title: 'Earlier attempts', items: attemptsOf(run) }],
    links: linksOf(run),
    attributes: { task: run.task, outcome: run.outcome, ...defined({ cause: run.cause?.kind }) },
    ...defined({ image: run.image, log: logOf(run.tail, titleOfLines(run)) }),
  };
}

interface Outcome {
  readonly severity: Severity;
  readonly sign: string;
  readonly words: string;
}

const OUTCOMES: Readonly<Record<RunOutcome, Outcome>> = {
  succeeded: { severity: 'info', sign: '✅', words: 'succeeded' },
  failed: { severity: 'failure', sign: '❌', words: 'failed' },
  neverStarted: { severity: 'failure', sign: '❌', words: 'never started' },
  timedOut: { severity: 'failure', sign: '⏰', words: 'timed out and was stopped' },
  stopped: { severity: 'warning', sign: '🛑', words: 'was stopped' },
  replaced: { severity: 'warning', sign: '⏩', words: 'was replaced by its next run' },
  skipped: { severity: 'warning', sign: '⏩', words: 'was skipped' },
  missed: { severity: 'warning', sign: '🟠', words: 'missed its schedule' },
};

function whyOf({ reason }: RunAnnouncement): string {
  const sentence = oneLine(reason, 1_000);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** "by its schedule for 2026-03-01 03:00 UTC". */
function triggerOf({ trigger }: RunAnnouncement): string {
  if (trigger.kind === 'person') return `run by ${claimed(oneLine(trigger.who, 100))}`;
  return `by its schedule for ${minuteOf(trigger.at)} UTC`;
}

function attemptsOf({ earlier }: RunAnnouncement) {
  return earlier.map((why, index) => ({ text: `attempt ${index + 1}: ${oneLine(why, 300)}` }));
}

/** Whose lines are shown, where they are not those of the last attempt. */
function titleOfLines({ tailOf }: RunAnnouncement): string | undefined {
  return tailOf === undefined ? undefined : `Last lines of attempt ${tailOf}`;
}

/** The task that explains the outcome, in the console. */
function linksOf(run: RunAnnouncement): readonly Link[] {
  const cluster = clusterLink(run);
  const id = run.taskArns[0]?.split('/').at(-1);
  if (id === undefined) return [cluster];
  const url = cluster.url.replace('/services?', `/tasks/${encodeURIComponent(id)}/logs?`);
  return [{ name: 'task and its log', url }, cluster];
}
