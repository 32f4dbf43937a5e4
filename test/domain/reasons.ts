import { diagnoseEvents } from '../../shared/domain/diagnosis/serviceEvents.ts';
import { diagnoseTask } from '../../shared/domain/diagnosis.ts';

/** What the tables of reasons and events are checked against. */

/** The release ends with it. */
export const NOW = 'at once';
/** Another task may start well. */
export const LATER = 'can heal';

/** The cause of a reason, whether the task or its container gives it. */
export function expectTaskCause(
  kind: string,
  when: typeof NOW | typeof LATER,
  advice: RegExp,
  reason: string,
): void {
  const whole = { stopCode: 'TaskFailedToStart', stoppedReason: reason, containers: [{ name: 'web' }] };
  const ofContainer = {
    stopCode: 'TaskFailedToStart',
    stoppedReason: 'Task failed to start',
    containers: [{ name: 'web', reason }, { name: 'logs' }],
  };
  for (const task of [whole, ofContainer]) {
    const cause = diagnoseTask(task);
    expect(cause).toMatchObject({ kind, canHeal: when === LATER });
    expect(cause.advice).toMatch(advice);
    expect(cause.evidence).toContain(reason);
    expect(cause.sentence).toMatch(/^[A-Z].*\.$/);
    expect(cause.sentence).not.toMatch(/undefined|<reference>/);
  }
}

/** The cause of an event of the service `shop`. */
export function expectEventCause(kind: string, advice: RegExp, message: string): void {
  const cause = diagnoseEvents('shop', [message]);
  expect(cause).toMatchObject({ kind, evidence: [message] });
  expect(cause?.advice).toMatch(advice);
  expect(cause?.sentence).toMatch(/^\S.*\.$/);
  expect(cause?.sentence).not.toMatch(/undefined|<reference>/);
}
