import { anApp, aStage, MINUTE } from '../builders.ts';

/** DynamoDB's answer to a write is lost and the item is written again: then the same request is decided on once more. */

type Stage = ReturnType<typeof aStage>;
type Asked = { command: 'resume' | 'cancel' | 'rollback' } | { command: 'hold'; reason: string };

function ask(stage: Stage, what: Asked, requestId: string) {
  return stage.when({ type: 'operator', request: { app: 'web', who: 'ann', requestId, ...what } });
}

const HOLD = { command: 'hold', reason: 'incident' } as const;

describe('a request that was carried out already', () => {
  it('does not lift a hold that was placed since', () => {
    const stage = aStage(anApp()).adopted();
    ask(stage, HOLD, 'first');
    ask(stage, { command: 'resume' }, 'second');
    ask(stage, HOLD, 'third');
    ask(stage, { command: 'resume' }, 'second');
    expect(stage.state.hold).toBeDefined();
  });

  it('does not cancel the next release', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE);
    stage.push('1.1.0');
    ask(stage, { command: 'cancel' }, 'first');
    expect(stage.state.release).toBeUndefined();
    stage.push('1.2.0');
    ask(stage, { command: 'cancel' }, 'first');
    expect(stage.state.release?.number).toBe(2);
  });

  it('is answered as it was', () => {
    const stage = aStage(anApp()).adopted();
    const { reason } = ask(stage, HOLD, 'first');
    expect(ask(stage, HOLD, 'first')).toMatchObject({ reason, changed: false });
    expect(ask(stage, HOLD, 'second').refused).toBe(true);
  });

  it('is remembered until ten others were carried out', () => {
    const stage = aStage(anApp()).adopted();
    for (let count = 0; count < 30; count += 1)
      ask(stage, count % 2 === 0 ? HOLD : { command: 'resume' }, `request-${count}`);
    expect(stage.state.answeredRequests).toHaveLength(10);
  });
});
