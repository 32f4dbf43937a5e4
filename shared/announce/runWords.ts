import type { RunAnnouncement } from '../domain/announcement.ts';
import { shortDigest } from '../domain/image.ts';
import { claimed } from '../domain/person.ts';
import type { RunOutcome } from '../domain/run.ts';
import type { Link } from './links.ts';
import { oneLine } from './text.ts';

/** The words for runs of tasks that every channel uses. */

const HEADLINES: Readonly<Record<RunOutcome, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  neverStarted: 'never started',
  timedOut: 'took too long and was stopped',
  stopped: 'was stopped',
  replaced: 'was replaced by its next run',
  skipped: 'was skipped',
  missed: 'missed its schedule',
};

/** "nightly-report of web failed in production: exit code 3". */
export function runHeadline(run: RunAnnouncement): string {
  const code = run.outcome === 'failed' && run.exitCode !== undefined ? `: exit code ${run.exitCode}` : '';
  return `${run.task} of ${run.app} ${HEADLINES[run.outcome]} in ${run.environment}${code}`;
}

export function runWhy({ reason }: RunAnnouncement): string {
  const sentence = oneLine(reason, 1_000);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}

/** "by its schedule for 2026-03-01 03:00 UTC". */
export function runTrigger({ trigger }: RunAnnouncement): string {
  if (trigger.kind === 'person') return `run by ${claimed(oneLine(trigger.who, 100))}`;
  return `by its schedule for ${new Date(trigger.at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function runImage({ image }: RunAnnouncement): string | undefined {
  return image && `${image.tag} (${shortDigest(image.digest)})`;
}

export function runAttempts({ earlier }: RunAnnouncement): readonly string[] {
  return earlier.map((why, index) => `attempt ${index + 1}: ${oneLine(why, 300)}`);
}

/** "Last lines of attempt 1": whose lines are shown, where they are not the last attempt's. */
export function runLinesTitle({ tailOf }: RunAnnouncement): string {
  return tailOf === undefined ? 'Last lines' : `Last lines of attempt ${tailOf}`;
}

/** The task that tells why, in the console. */
export function runLinks(run: RunAnnouncement, cluster: Link): readonly Link[] {
  const id = run.taskArns[0]?.split('/').at(-1);
  if (id === undefined) return [cluster];
  const url = cluster.url.replace('/services?', `/tasks/${encodeURIComponent(id)}/logs?`);
  return [{ name: 'task and its log', url }, cluster];
}
