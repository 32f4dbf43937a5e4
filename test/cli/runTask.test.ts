import { runTask } from '../../cli/commands/run.ts';
import { exitCode, Failure } from '../../cli/failure.ts';
import type { Follower } from '../../cli/follow/follower.ts';
import { followRun } from '../../cli/follow/run.ts';
import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import type { FollowedRun, RunSummary } from '../../shared/domain/summaries.ts';
import { aFollower } from './follower.ts';

const question = { app: 'web', task: 'report', id: 'id-12345', detach: false };

function summary(state: string, more: Partial<RunSummary> = {}): RunSummary {
  return {
    app: 'web',
    task: 'report',
    id: 'id-12345',
    state,
    ended: false,
    reason: 'it exited with code 0',
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
function follows(answers: readonly (OperatorAnswer | Failure)[], more: Partial<Follower> = {}) {
  const other = ({ command }: { command: string }): OperatorAnswer => ({
    ok: true,
    sentence: `${command} it is`,
  });
  return aFollower('follow', answers, other, more);
}

const succeeded = summary('succeeded', { ended: true, endedAt: 9_000, exitCode: 0 });
const failed = summary('failed', {
  ended: true,
  endedAt: 9_000,
  exitCode: 3,
  reason: 'Container web exited.',
});

const unanswered = new Failure(exitCode.unreachable, 'no answer', { unanswered: 'sent' });

describe('fairway run', () => {
  it('shows the lines as the task writes them, and exits with 0 when it did', async () => {
    const { follower, said, asked } = follows([
      seen(summary('starting')),
      seen(summary('running'), ['one', 'two']),
      seen(succeeded, ['three']),
      seen(succeeded),
    ]);
    expect(await runTask(question, follower)).toBe(0);
    expect(said.out).toEqual(['one', 'two', 'three']);
    expect(said.err.at(-1)).toBe('report succeeded after 8 s: it exited with code 0');
    expect(asked[0]).toEqual({ command: 'run', app: 'web', task: 'report', id: 'id-12345' });
    expect(asked[2]).toEqual({ command: 'follow', app: 'web', run: 'id-12345', cursor: 'c' });
  });

  it.each([
    ['its exit code', failed, 3],
    ['1 where it never started', summary('neverStarted', { ended: true, reason: 'no' }), 1],
    ['1 where it was stopped and said 0', summary('stopped', { ended: true, exitCode: 0 }), 1],
    ['143 where it was stopped and said so', summary('timedOut', { ended: true, exitCode: 143 }), 143],
  ])('exits with %s', async (_, run, code) => {
    const { follower } = follows([seen(run)]);
    expect(await runTask(question, follower)).toBe(code);
  });

  it('names the container of each line where several write', async () => {
    const lines = [
      { at: 1, container: 'web', text: 'a' },
      { at: 2, container: 'proxy', text: 'b' },
    ];
    const { follower, said } = follows([seen(summary('running'), [], { lines }), seen(succeeded)]);
    await runTask(question, follower);
    expect(said.out).toEqual(['web | a', 'proxy | b']);
  });

  it('does not wait with --detach', async () => {
    const { follower, said, asked } = follows([]);
    expect(await runTask({ ...question, detach: true }, follower)).toBe(0);
    expect(asked).toHaveLength(1);
    expect(said.out).toEqual(['run it is as id-12345']);
    expect(said.err).toEqual([
      '`fairway follow web id-12345` shows it, `fairway stop web id-12345` stops it',
    ]);
  });

  it('says why it was refused, and exits with 1', async () => {
    const ask = async () => ({ ok: false, error: 'refused', message: 'it runs already' }) as const;
    const { follower, said } = follows([], { ask });
    expect(await runTask(question, follower)).toBe(1);
    expect(said.err).toEqual(['fairway: it runs already']);
  });

  it('asks on Ctrl-C whether to stop it, and then follows it to its end', async () => {
    const stopped = summary('stopped', { ended: true, exitCode: 143 });
    let pressed = 1;
    const { follower, asked } = follows([seen(summary('running')), seen(stopped)], {
      interrupted: () => (pressed-- > 0 ? 'SIGINT' : undefined),
      confirm: async () => true,
    });
    expect(await runTask(question, follower)).toBe(143);
    expect(asked.map(({ command }) => command)).toEqual(['run', 'follow', 'stop', 'follow']);
  });

  it.each([
    ['no', false],
    ['missing, since no one is there', undefined],
  ])('lets it run when the answer is %s, and says how to stop it', async (_, answer) => {
    const { follower, said } = follows([seen(summary('running'))], {
      interrupted: () => 'SIGINT',
      confirm: async () => answer,
    });
    expect(await runTask(question, follower)).toBe(130);
    expect(said.err.at(-1)).toBe(
      'report continues: `fairway follow web id-12345` shows it, `fairway stop web id-12345` stops it',
    );
  });

  it('answers one JSON document with --json', async () => {
    const { follower, said } = follows([seen(failed, ['one']), seen(failed)], { json: true });
    expect(await runTask(question, follower)).toBe(3);
    expect(said.out).toHaveLength(1);
    expect(JSON.parse(said.out[0] ?? '')).toMatchObject({
      ok: false,
      run: { exitCode: 3 },
      lines: [{ text: 'one' }],
    });
  });

  it('continues from the same place when the function does not answer for a while, and reports it once', async () => {
    const { follower, said, asked } = follows([
      seen(summary('running'), ['one']),
      unanswered,
      unanswered,
      seen(succeeded, ['two']),
      seen(succeeded),
    ]);
    expect(await runTask(question, follower)).toBe(0);
    expect(said.out).toEqual(['one', 'two']);
    expect(said.err.filter((text) => text.includes('no answer'))).toEqual(['no answer; retrying']);
    expect(asked[4]).toMatchObject({ command: 'follow', cursor: 'c' });
  });

  it('gives up after about two minutes, and says that the run continues', async () => {
    let slept = 0;
    const { follower } = follows([seen(summary('running')), ...Array(60).fill(unanswered)], {
      sleep: async (milliseconds) => {
        slept += milliseconds;
      },
    });
    await expect(runTask(question, follower)).rejects.toMatchObject({
      exit: exitCode.unreachable,
      message:
        'no answer\nThe run continues: `fairway follow web id-12345` shows it, `fairway stop web id-12345` stops it.',
    });
    expect(slept).toBeGreaterThanOrEqual(115_000);
    expect(slept).toBeLessThanOrEqual(125_000);
  });

  it('gives up at once where a retry cannot help', async () => {
    const denied = new Failure(exitCode.failed, 'AWS denied it');
    const { follower } = follows([seen(summary('running')), denied]);
    await expect(runTask(question, follower)).rejects.toThrow(
      'AWS denied it\nThe run continues: `fairway follow web id-12345` shows it, `fairway stop web id-12345` stops it.',
    );
  });

  it('requests the run again under the same id when no answer arrives', async () => {
    const { follower, asked } = follows([seen(succeeded)]);
    let times = 0;
    const ask: Follower['ask'] = async (request) => {
      times += 1;
      if (times > 1) return follower.ask(request);
      asked.push(request);
      throw unanswered;
    };
    expect(await runTask(question, { ...follower, ask })).toBe(0);
    expect(asked.map((request) => [request.command, 'id' in request && request.id])).toEqual([
      ['run', 'id-12345'],
      ['run', 'id-12345'],
      ['follow', false],
    ]);
  });

  it('does not retry, and doubts nothing, where no connection was made', async () => {
    const refused = new Failure(exitCode.unreachable, 'no one is there', { unanswered: 'unsent' });
    const ask = async () => {
      throw refused;
    };
    await expect(runTask(question, follows([], { ask }).follower)).rejects.toBe(refused);
  });

  it('reports at once, and once, where the lines are that it cannot show', async () => {
    const elsewhere = ['web logs through splunk'];
    const { follower, said } = follows([
      seen(summary('running'), [], { elsewhere }),
      seen(summary('running'), [], { elsewhere }),
      seen(succeeded, [], { elsewhere: [...elsewhere, 'proxy has written nothing'] }),
    ]);
    await runTask(question, follower);
    expect(said.err.slice(2)).toEqual([
      'web logs through splunk',
      'proxy has written nothing',
      'report succeeded after 8 s: it exited with code 0',
    ]);
  });

  it('says how to find out whether it has started when no answer ever arrives', async () => {
    const ask = async () => {
      throw unanswered;
    };
    await expect(runTask(question, follows([], { ask }).follower)).rejects.toThrow(
      'no answer\nreport may have started: `fairway follow web id-12345` shows whether it has.',
    );
  });

  it('does not wait where more lines are available', async () => {
    let slept = 0;
    const { follower } = follows(
      [
        seen(summary('running'), ['one'], { more: true }),
        seen(succeeded, ['two'], { more: true }),
        seen(succeeded),
      ],
      {
        sleep: async () => {
          slept += 1;
        },
      },
    );
    await runTask(question, follower);
    expect(slept).toBe(0);
  });

  it('reports which attempt failed, and why, before the next one', async () => {
    const again = summary('starting', { attempts: 2, earlier: ['Container web exited.'], taskArns: [] });
    const { follower, said } = follows([seen(summary('running')), seen(again), seen(succeeded)]);
    await runTask(question, follower);
    expect(said.err.slice(2, 4)).toEqual([
      'attempt 1 of report failed: Container web exited.',
      'report is starting',
    ]);
  });

  it('names the task of each line from the second one on, even when only one writes', async () => {
    const line = (task: string, text: string) => ({ at: 1, container: 'web', text, task });
    const { follower, said } = follows([
      seen(summary('running'), [], { lines: [line('aaaaaaaa1', 'a')] }),
      seen(summary('running'), [], { lines: [line('bbbbbbbb2', 'b')] }),
      seen(summary('running'), [], { lines: [line('aaaaaaaa1', 'c')] }),
      seen(succeeded),
    ]);
    await runTask(question, follower);
    expect(said.out).toEqual(['a', 'web bbbbbbbb | b', 'web aaaaaaaa | c']);
  });

  it('leaves at once on a second Ctrl-C while the run is being stopped', async () => {
    const { follower, asked } = follows([seen(summary('running')), seen(summary('stopping'))], {
      interrupted: () => 'SIGINT',
      confirm: async () => true,
    });
    expect(await runTask(question, follower)).toBe(130);
    expect(asked.map(({ command }) => command)).toEqual(['run', 'follow', 'stop', 'follow']);
  });

  it('does not wait for late lines of a run that has ended after Ctrl-C', async () => {
    const { follower, said } = follows([seen(failed, ['one'])], { interrupted: () => 'SIGINT' });
    expect(await runTask(question, follower)).toBe(3);
    expect(said.err.at(-1)).toContain('report failed after 8 s');
  });

  it('asks no question on SIGTERM, and says how to continue', async () => {
    const { follower, said } = follows([seen(summary('running'))], {
      interrupted: () => 'SIGTERM',
      confirm: async () => {
        throw new Error('no one is there');
      },
    });
    expect(await runTask(question, follower)).toBe(143);
    expect(said.err.at(-1)).toContain('fairway follow web id-12345');
  });

  it.each([
    [256, 1],
    [3_221_225_786, 58],
    [-1, 255],
  ])('never exits with 0 for exit code %i: a shell keeps eight bits of it', async (code, expected) => {
    const { follower } = follows([seen(summary('failed', { ended: true, exitCode: code }))]);
    expect(await runTask(question, follower)).toBe(expected);
  });
});

describe('fairway follow', () => {
  it('shows a run from its beginning, and continues by its id', async () => {
    const { follower, said, asked } = follows([seen(failed, ['one']), seen(failed)]);
    expect(await followRun({ app: 'web', run: 'report' }, follower)).toBe(3);
    expect(said.out).toEqual(['one']);
    expect(asked).toEqual([
      { command: 'follow', app: 'web', run: 'report' },
      { command: 'follow', app: 'web', run: 'id-12345', cursor: 'c' },
    ]);
  });

  it('gives up at once where the run is not known to exist', async () => {
    const { follower, said } = follows([unanswered]);
    await expect(followRun({ app: 'web', run: 'report' }, follower)).rejects.toBe(unanswered);
    expect(said.err).toEqual([]);
  });
});
