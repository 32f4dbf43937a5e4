import { anApp, aStage, MINUTE } from '../builders.ts';

type Stage = ReturnType<typeof aStage>;
interface Asked {
  readonly who?: string;
  readonly despiteHold?: true;
  readonly reason?: string;
  readonly bases?: Readonly<Record<string, string>>;
}

function deploy(stage: Stage, tag: string, more: Asked = {}) {
  return stage.when({
    type: 'operator',
    request: { command: 'deploy', app: 'web', tag, who: 'ann', ...more },
  });
}

/** Orders until one is refused; its answer. */
function ordersUntilRefused(stage: Stage, more: Asked = {}) {
  for (let number = 0; number < 1_000; number += 1) {
    const answer = deploy(stage, `2.0.${number}`, more);
    if (answer.refused) return { answer, number };
  }
  throw new Error('every order was taken');
}

describe('orders while ECR does not answer', () => {
  it('are refused once the item has no room for more, with the reason and what to do', () => {
    const stage = aStage(anApp()).adopted();
    const { answer, number } = ordersUntilRefused(stage);
    expect(number).toBeGreaterThan(100);
    expect(answer.reason).toMatch(
      /^web has no room for this order of \d+ bytes: \d+ orders already wait to be looked up in ECR\. Wait until ECR answers; `fairway cancel web` drops them$/,
    );
    expect(answer.changed).toBe(false);
    expect(stage.pending('inspectImage')).toHaveLength(number);
  });

  it.each<[string, Asked]>([
    ['reasons', { despiteHold: true, reason: 'x'.repeat(10_000) }],
    ['names', { who: 'a'.repeat(10_000) }],
    [
      'bases',
      { bases: Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`${n}`, 'b'.repeat(1_000)])) },
    ],
  ])('leave room in the item with long %s', (_, more) => {
    const stage = aStage(anApp()).adopted();
    if (more.despiteHold)
      stage.when({
        type: 'operator',
        request: { command: 'hold', app: 'web', reason: 'incident', who: 'bob' },
      });
    ordersUntilRefused(stage, more);
    expect(JSON.stringify(stage.pending('inspectImage')).length).toBeLessThan(65_000);
  });

  it('are taken again after a cancel, and one that waits already is no further one', () => {
    const stage = aStage(anApp()).adopted();
    const { number } = ordersUntilRefused(stage);
    expect(deploy(stage, '2.0.0').refused).toBeUndefined();
    stage.when({ type: 'operator', request: { command: 'cancel', app: 'web', who: 'bob' } });
    expect(deploy(stage, `2.0.${number}`).refused).toBeUndefined();
  });

  it('are not dropped by a cancel that stops the open release: the answer says so', () => {
    const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
    expect(ordersUntilRefused(stage).answer.reason).toMatch(
      /`fairway cancel web` drops them once v1 has ended$/,
    );
  });
});
