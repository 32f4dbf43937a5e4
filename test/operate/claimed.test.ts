import { type Answer, answerText, type Render } from '../../cli/answering.ts';
import { renderRuns } from '../../cli/commands/runs.ts';
import { renderShown } from '../../cli/commands/show.ts';
import { renderStatuses } from '../../cli/commands/status.ts';
import { plain } from '../../cli/style.ts';
import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import { answer } from '../../shared/operate/operate.ts';
import { anApp, aScheduledTask } from '../builders.ts';
import { aPerformer, aReading, aStore, aWorld } from '../fakes.ts';

const who = 'arn:aws:iam::123456789012:user/ada';
const requestId = 'c1f3a0de-6d0a-4f9e-9b57-0c3f5a1e2b44';
const at = Date.parse('2026-01-01T12:00:00Z');

function aPlace() {
  const { store, items } = aStore();
  const { world, logged } = aWorld({
    apps: [anApp({ tasks: [aScheduledTask('report')] })],
    store,
    perform: aPerformer().perform,
  });
  return {
    logged,
    state: () => items.get('web')?.state,
    ask: (payload: object, id = requestId) => answer(world, payload, aReading(), { requestId: id }),
  };
}

function shownOf(answered: OperatorAnswer) {
  if (!answered.ok) throw new Error(answered.message);
  return answered;
}

const textOf = (answered: Answer, render: Render) => answerText(answered, render, at, plain);

describe('what a person asks for is kept with the id of the invocation', () => {
  it('in a hold', async () => {
    const { ask, state } = aPlace();
    await ask({ command: 'hold', app: 'web', reason: 'freeze', who });
    expect(state()?.hold).toMatchObject({ by: who, requestId });
    const answered = shownOf(await ask({ command: 'status', app: 'web' }));
    expect(answered.apps?.[0]?.hold).toMatchObject({ by: who, requestId });
    expect(textOf(answered, renderStatuses)).toContain(`by ${who} (claimed): freeze`);
  });

  it('in a release, and in how another person ends it', async () => {
    const { ask, state } = aPlace();
    await ask({ command: 'deploy', app: 'web', tag: '1.2.0', who });
    expect(state()?.release?.trigger).toEqual({ kind: 'deploy', who, requestId });
    await ask({ command: 'cancel', app: 'web', who: 'bob' }, 'another-request');
    const answered = shownOf(await ask({ command: 'show', app: 'web' }));
    expect(answered.shown).toMatchObject({ by: who, requestId, failure: { requestId: 'another-request' } });
    const text = textOf(answered, renderShown);
    expect(text).toContain(`deployed by ada (claimed)\n  request   ${requestId}`);
    expect(text).toContain('request   another-request');
  });

  it('in a run, and in how another person stops it', async () => {
    const { ask, state } = aPlace();
    await ask({ command: 'run', app: 'web', task: 'report', id: '12345678', who });
    expect(state()?.runs[0]?.owner).toEqual({ kind: 'person', who, requestId });
    await ask({ command: 'stop', app: 'web', run: 'report', who: 'bob' }, 'another-request');
    const answered = shownOf(await ask({ command: 'runs', app: 'web' }));
    expect(answered.runs?.[0]).toMatchObject({
      by: who,
      requestId,
      stoppedBy: { who: 'bob', requestId: 'another-request' },
    });
    const text = textOf(answered, renderRuns);
    expect(text).toContain(`trigger   ${who} (claimed)\n  request   ${requestId}`);
    expect(text).toContain('stopped   by bob (claimed)\n  request   another-request');
  });

  it.each(['deploy', 'resume', 'cancel', 'redrive'])(
    'in the log, also where nothing else is kept: %s',
    async (command) => {
      const { ask, logged } = aPlace();
      await ask({ command, ...(command === 'redrive' ? {} : { app: 'web' }), who });
      expect(logged).toContainEqual({
        message: 'a person asks',
        facts: { command, ...(command === 'redrive' ? {} : { app: 'web' }), claimed: who, requestId },
      });
    },
  );

  it('which no payload can choose', async () => {
    const { ask, state } = aPlace();
    const payload = { command: 'hold', app: 'web', reason: 'x', who, requestId: 'made up' };
    expect(await ask(payload)).toMatchObject({ ok: false, error: 'invalid' });
    expect(state()?.hold).toBeUndefined();
  });

  it('also where the payload claims to be Fairway', async () => {
    const { ask } = aPlace();
    await ask({ command: 'hold', app: 'web', reason: 'x', who: 'Fairway' });
    const answered = shownOf(await ask({ command: 'status', app: 'web' }));
    expect(textOf(answered, renderStatuses)).toContain('by Fairway (claimed): x');
  });
});
