import type { Cause } from '../../shared/domain/release.ts';
import { aTail } from '../builders.ts';
import { aSeenApp } from './seenApp.ts';

const REVISION = 'arn:aws:ecs:us-east-1:1:task-definition/web-app:7';
const CRASH: Cause = {
  kind: 'crash',
  sentence: 'Container web exited with code 1: see its log.',
  evidence: ['Essential container in task exited'],
  canHeal: true,
  container: 'web',
  exitCode: 1,
};

/** So many tasks stop and are checked, each with its revision. */
function crashes(play: ReturnType<typeof aSeenApp>, count: number, cause: Cause = CRASH) {
  for (let each = 0; each < count; each += 1) {
    play.stop();
    play.look('', { cause, revision: REVISION });
    play.stage.later(60_000);
  }
  return play;
}

describe('decide, when an alert has begun', () => {
  it("asks once for the last lines of a task that the alert's cause is about", () => {
    const play = crashes(aSeenApp(), 3);
    const [lines, ...others] = play.stage.pending('readLines');
    expect(lines?.effect).toMatchObject({ of: 'alert', id: play.alerts[0]?.id, revision: REVISION });
    expect(lines?.effect.taskArns).toEqual(['00000003']);
    expect(others).toEqual([]);
    play.stage.answer('readLines', { kind: 'linesRead', tail: aTail() });
    expect(crashes(play, 5).stage.pending('readLines')).toEqual([]);
  });

  it('uses what they say, and counts by the exit code as before', () => {
    const play = crashes(aSeenApp(), 3).tell();
    play.stage.answer('readLines', {
      kind: 'linesRead',
      tail: aTail('starting', 'FATAL: heap out of memory'),
    });
    const sentence =
      'Container web exited with code 1: it ran out of memory, or reached the limit of its heap; its log says "FATAL: heap out of memory".';
    expect(play.alerts[0]?.cause).toMatchObject({ kind: 'crash', sentence });
    expect(play.stage.pending('announceAlert')).not.toEqual([]);
    crashes(play, 1);
    expect(play.alerts).toMatchObject([{ cause: { sentence }, tasks: { crash: 4 } }]);
    expect(play.alerts[0]).not.toHaveProperty('lately');
  });

  it('quotes of a cause only what its own task wrote, also where it becomes another while lines are read', () => {
    const exited: Cause = {
      ...CRASH,
      kind: 'exited',
      sentence: 'Container web exited with code 0.',
      exitCode: 0,
    };
    const play = crashes(crashes(aSeenApp(), 3, exited), 1).tell();
    const [first, second] = play.stage.pending('readLines');
    expect([first?.effect.taskArns, second?.effect.taskArns]).toEqual([['00000003'], ['00000004']]);
    const read = (key: string | undefined, text: string) =>
      play.stage.when({
        type: 'answered',
        key: key ?? '',
        answer: { kind: 'linesRead', tail: aTail(text) },
      });
    read(first?.key, 'failed over to the replica');
    expect(play.alerts[0]?.cause.sentence).toBe(CRASH.sentence);
    read(second?.key, 'Error: PAYMENT_URL is not set');
    const sentence =
      'Container web exited with code 1: the environment variable PAYMENT_URL is missing or invalid; its log says "Error: PAYMENT_URL is not set".';
    expect(play.alerts[0]?.cause).toMatchObject({ kind: 'crash', sentence });
  });

  it('announces nothing again if they say nothing more', () => {
    const play = crashes(aSeenApp(), 3).tell();
    play.stage.answer('readLines', { kind: 'linesRead', tail: { lines: [], elsewhere: [] } });
    expect(play.alerts[0]?.cause.sentence).toBe(CRASH.sentence);
    expect(play.stage.pending('announceAlert')).toEqual([]);
  });

  it('asks for none where no container ran, and is not stopped by an answer that comes too late', () => {
    const play = crashes(aSeenApp(), 3, {
      kind: 'imageNotFound',
      sentence: '…',
      evidence: [],
      canHeal: false,
    });
    expect(play.alerts).toHaveLength(1);
    expect(play.stage.pending('readLines')).toEqual([]);

    const late = crashes(aSeenApp(), 3).tell();
    late.stage.later(60 * 60_000).when({ type: 'tick' });
    late.recovery();
    late.tell();
    expect(late.alerts).toEqual([]);
    expect(late.stage.answer('readLines', { kind: 'linesRead', tail: aTail('Error: x') }).reason).toBe(
      'the alert is closed',
    );
  });
});

describe('the cause of an alert', () => {
  it('has a whole sentence about a health check, and shows where a longer one was cut', () => {
    const health = `${'How a health check failed. '.repeat(10)}It expects 200.`;
    expect(health.length).toBeGreaterThan(280);
    const causeOf = (sentence: string, advice: string) =>
      crashes(aSeenApp(), 3, { ...CRASH, sentence, advice }).alerts[0]?.cause;
    expect(causeOf(health, 'Fix it.')).toMatchObject({ sentence: health, advice: 'Fix it.' });
    const cut = causeOf('long '.repeat(100), 'long '.repeat(100));
    expect(cut?.sentence).toMatch(/…$/);
    expect(cut?.advice).toMatch(/…$/);
  });
});
