import { type Follower, runTask } from '../../cli/runTask.ts';
import { plain } from '../../cli/style.ts';
import type {
  FollowedRun,
  OperatorAnswer,
  OperatorRequest,
  RunSummary,
} from '../../shared/domain/operator.ts';

const question = { app: 'web', task: 'report', id: 'id-12345', detach: false };

function summary(state: string, more: Partial<RunSummary> = {}): RunSummary {
  return {
    app: 'web',
    task: 'report',
    id: 'id-12345',
    state,
    ended: false,
    reason: 'it ended with exit code 0',
    by: 'op',
    askedAt: 0,
    startedAt: 1_000,
    revision: 'web-app:7',
    taskArns: ['arn:aws:ecs:us-east-1:123456789012:task/app-prod/abc'],
    attempts: 1,
    logs: [],
    ...more,
  };
}

function seen(
  run: RunSummary,
  texts: readonly string[] = [],
  more: Partial<FollowedRun> = {},
): OperatorAnswer {
  const lines = texts.map((text, index) => ({ at: index, container: 'web', text }));
  const complete = run.ended && texts.length === 0;
  return { ok: true, sentence: '', followed: { run, lines, elsewhere: [], cursor: 'c', complete, ...more } };
}

/** Plays answers to `follow` one after the other. */
function aFollower(answers: readonly OperatorAnswer[], more: Partial<Follower> = {}) {
  const left = [...answers];
  const asked: Omit<OperatorRequest, 'who'>[] = [];
  const said = { out: [] as string[], err: [] as string[] };
  const follower: Follower = {
    ask: async (request) => {
      asked.push(request);
      if (request.command !== 'follow') return { ok: true, sentence: `${request.command} it is` };
      const next = left.shift();
      if (!next) throw new Error('asked once too often');
      return next;
    },
    out: (text) => said.out.push(text),
    err: (text) => said.err.push(text),
    sleep: async () => {},
    interrupted: () => false,
    confirm: async () => undefined,
    style: plain,
    json: false,
    ...more,
  };
  return { follower, asked, said };
}

const succeeded = summary('succeeded', { ended: true, endedAt: 9_000, exitCode: 0 });
const failed = summary('failed', {
  ended: true,
  endedAt: 9_000,
  exitCode: 3,
  reason: 'Container web exited.',
});

describe('fairway run', () => {
  it('shows the lines as the task writes them, and ends with 0 when it did', async () => {
    const { follower, said, asked } = aFollower([
      seen(summary('starting')),
      seen(summary('running'), ['one', 'two']),
      seen(succeeded, ['three']),
      seen(succeeded),
    ]);
    expect(await runTask(question, follower)).toBe(0);
    expect(said.out).toEqual(['one', 'two', 'three']);
    expect(said.err.at(-1)).toBe('report succeeded after 8 s: it ended with exit code 0');
    expect(asked[0]).toEqual({ command: 'run', app: 'web', task: 'report', id: 'id-12345' });
    expect(asked[2]).toEqual({ command: 'follow', app: 'web', run: 'id-12345', cursor: 'c' });
  });

  it.each([
    ['its exit code', failed, 3],
    ['1 where it never started', summary('neverStarted', { ended: true, reason: 'no' }), 1],
    ['1 where it was stopped and said 0', summary('stopped', { ended: true, exitCode: 0 }), 1],
    ['143 where it was stopped and said so', summary('timedOut', { ended: true, exitCode: 143 }), 143],
  ])('ends with %s', async (_, run, code) => {
    const { follower } = aFollower([seen(run)]);
    expect(await runTask(question, follower)).toBe(code);
  });

  it('says whose line it is where several containers write', async () => {
    const lines = [
      { at: 1, container: 'web', text: 'a' },
      { at: 2, container: 'proxy', text: 'b' },
    ];
    const { follower, said } = aFollower([seen(summary('running'), [], { lines }), seen(succeeded)]);
    await runTask(question, follower);
    expect(said.out).toEqual(['web | a', 'proxy | b']);
  });

  it('does not wait with --detach', async () => {
    const { follower, said, asked } = aFollower([]);
    expect(await runTask({ ...question, detach: true }, follower)).toBe(0);
    expect(asked).toHaveLength(1);
    expect(said.out[0]).toContain('fairway runs report');
  });

  it('says why it was refused, and ends with 1', async () => {
    const ask = async () => ({ ok: false, error: 'refused', message: 'it runs already' }) as const;
    const { follower, said } = aFollower([], { ask });
    expect(await runTask(question, follower)).toBe(1);
    expect(said.err).toEqual(['fairway: it runs already']);
  });

  it('asks on Ctrl-C whether to stop it, and follows it to its end if so', async () => {
    const stopped = summary('stopped', { ended: true, exitCode: 143 });
    let pressed = 1;
    const { follower, asked } = aFollower([seen(summary('running')), seen(stopped)], {
      interrupted: () => pressed-- > 0,
      confirm: async () => true,
    });
    expect(await runTask(question, follower)).toBe(143);
    expect(asked.map(({ command }) => command)).toEqual(['run', 'follow', 'stop', 'follow']);
  });

  it.each([
    ['no', false],
    ['nothing, since nobody is there', undefined],
  ])('leaves it running when the answer is %s, and says how to stop it', async (_, answer) => {
    const { follower, said } = aFollower([seen(summary('running'))], {
      interrupted: () => true,
      confirm: async () => answer,
    });
    expect(await runTask(question, follower)).toBe(130);
    expect(said.err.at(-1)).toBe('report goes on: `fairway stop web id-12345` stops it');
  });

  it('answers one JSON document with --json', async () => {
    const { follower, said } = aFollower([seen(failed, ['one']), seen(failed)], { json: true });
    expect(await runTask(question, follower)).toBe(3);
    expect(said.out).toHaveLength(1);
    expect(JSON.parse(said.out[0] ?? '')).toMatchObject({
      ok: false,
      run: { exitCode: 3 },
      lines: [{ text: 'one' }],
    });
  });
});
