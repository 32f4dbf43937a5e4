import type { Stop } from '../alert.ts';
import { explained, isExplicable } from '../diagnosis/lastLines.ts';
import type { EffectOf } from '../effects.ts';
import type { Context } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { LogTail } from '../logs.ts';
import type { Cause } from '../release.ts';
import { type AlertDraft, announceAlert, openAlerts } from './book.ts';

/** What a container wrote before it stopped, in an alert: one line in its sentence, for the item has to stay small. */

/** Characters of a sentence that quotes it. */
const LONGEST = 400;

/** Asks for the last lines of a stopped task that the alert's cause is about, once for each cause. */
export function askForAlertLines(ctx: Context, alert: AlertDraft, { cause, task, revision }: Stop): void {
  const { kind, container } = alert.cause;
  if (revision === undefined || alert.read === kind || cause.kind !== kind || !isExplicable(cause)) return;
  alert.read = kind;
  const { id } = alert;
  const taskArns = [task];
  enqueue(ctx, `lines:${id}:${kind}`, {
    kind: 'readLines',
    of: 'alert',
    id,
    revision,
    taskArns,
    ...(container === undefined ? {} : { container }),
    cause: kind,
  });
}

/** The cause keeps its kind, by which tasks are counted. */
export function alertLinesRead(ctx: Context, { id, cause }: EffectOf<'readLines'>, tail: LogTail): string {
  const alert = openAlerts(ctx.state).find((other) => other.id === id);
  if (!alert) return 'the alert is closed';
  if (cause !== undefined && cause !== alert.cause.kind) return 'the alert has another cause by now';
  const { sentence, advice } = explained(alert.cause as Cause, tail);
  if (sentence === alert.cause.sentence) return 'its log says nothing more';
  alert.cause.sentence = sentence.slice(0, LONGEST);
  if (advice !== undefined) alert.cause.advice = advice;
  announceAlert(ctx, alert);
  return sentence;
}
