import { randomUUID } from 'node:crypto';
import type { OperatorRequest } from '../../shared/domain/operator.ts';
import type { IndependentRun } from '../../shared/domain/run.ts';
import { operate } from '../../shared/operate/operate.ts';
import type { LogPage, Logs } from '../../shared/ports.ts';
import { anApp, aScheduledTask, revision, START } from '../builders.ts';
import { aPerformer, aReading, aStore, aWorld, noLogs } from '../fakes.ts';

const WEB = anApp({ tasks: [aScheduledTask('report'), aScheduledTask('other')] });
const EMPTY: LogPage = { lines: [], elsewhere: [], silent: [], cursor: 'c', more: false, dry: true };

function aRun(more: Partial<IndependentRun> = {}): IndependentRun {
  return {
    id: randomUUID(),
    task: 'report',
    owner: { kind: 'schedule', at: START },
    askedAt: START,
    state: 'ended',
    outcome: 'failed',
    reason: 'Container web exited.',
    container: 'web',
    count: 1,
    revision: revision('web-app', 10),
    attempt: 1,
    earlier: [],
    tasks: [{ taskArn: 'task/1', stopped: true, exitCode: 3 }],
    startedAt: START,
    attemptedAt: START + 1_000,
    endedAt: START + 60_000,
    deadline: START,
    lookedAt: START,
    ...more,
  };
}

/** A history of runs, read `at` milliseconds after `START`. */
async function withRuns(runs: readonly IndependentRun[], { at = 3_600_000, page = EMPTY } = {}) {
  const { store } = aStore();
  for (const run of runs) await store.recordRun('web', run);
  const { world } = aWorld({ apps: [WEB], store, perform: aPerformer().perform, at: () => at });
  const read: (readonly string[])[] = [];
  const logs: Logs = {
    ...noLogs,
    since: async (_, taskArns) => {
      read.push(taskArns);
      return page;
    },
  };
  const ask = (request: OperatorRequest) => operate(world, request, aReading({ logs }));
  return { ask, read };
}

const follow = (run: string) => ({ command: 'follow', app: 'web', run }) as const;

describe('following a run', () => {
  it.each(['its id', 'the beginning of its id', 'its task'])('finds it by %s', async (by) => {
    const run = aRun();
    const name = { 'its id': run.id, 'the beginning of its id': run.id.slice(0, 8) }[by] ?? 'report';
    const { ask } = await withRuns([run, aRun({ task: 'other' })]);
    expect(await ask(follow(name))).toMatchObject({ ok: true, followed: { run: { id: run.id } } });
  });

  it('says that there are several, or none, by that name', async () => {
    const two = ['4f9c2e1b-1', '4f9c2e1b-2'].map((id) => aRun({ id }));
    const { ask } = await withRuns(two);
    expect(await ask(follow('4f9c2e1b'))).toMatchObject({
      ok: false,
      message: expect.stringMatching(
        /"4f9c2e1b" matches several runs \(4f9c2e1b-\d, 4f9c2e1b-\d, …\): type more of the id/,
      ),
    });
    expect(await ask(follow('4f9c2e1b-2'))).toMatchObject({ ok: true });
    expect(await ask(follow('0000'))).toMatchObject({ ok: false, error: 'notFound' });
    expect(await ask(follow('4'))).toMatchObject({ ok: false, error: 'notFound' });
  });

  it.each([
    ['a moment after its end, since its last lines may be late', 64_999, {}, false],
    ['once they would have come', 65_000, {}, true],
    ['while a stream has not been read to its end', 90_000, { dry: false }, false],
  ])('is complete: %s', async (_, at, more, complete) => {
    const run = aRun();
    const { ask } = await withRuns([run], { at, page: { ...EMPTY, ...more } });
    expect(await ask(follow(run.id))).toMatchObject({ followed: { complete } });
  });

  it('reads what the attempts before the last one wrote, too', async () => {
    const earlier = [1, 2].map((attempt) => ({
      endedAt: START,
      why: `Attempt ${attempt} broke.`,
      ran: true,
      retried: true,
      taskArns: [`task/${attempt}`],
    }));
    const run = aRun({ attempt: 3, earlier, tasks: [{ taskArn: 'task/3', stopped: true }] });
    const { ask, read } = await withRuns([run]);
    expect(await ask(follow(run.id))).toMatchObject({
      followed: { run: { attempts: 3, earlier: ['Attempt 1 broke.', 'Attempt 2 broke.'] } },
    });
    expect(read).toEqual([['task/3', 'task/2', 'task/1']]);
  });

  it('names the task of a line only where several run at a time, and silent containers only at the end', async () => {
    const page: LogPage = {
      ...EMPTY,
      lines: [{ at: 1, container: 'web', text: 'a', task: '1' }],
      elsewhere: ['proxy logs elsewhere'],
      silent: ['x has written nothing'],
    };
    const tasks = ['task/1', 'task/2'].map((taskArn) => ({ taskArn, stopped: true }));
    const [one, pair] = [aRun(), aRun({ tasks })];
    const { ask } = await withRuns([one, pair], { page });
    expect(await ask(follow(one.id))).toMatchObject({
      followed: {
        lines: [{ at: 1, container: 'web', text: 'a' }],
        elsewhere: ['proxy logs elsewhere', 'x has written nothing'],
      },
    });
    expect(JSON.stringify(await ask(follow(one.id)))).not.toContain('"task":"1"');
    expect(await ask(follow(pair.id))).toMatchObject({ followed: { lines: [{ task: '1' }] } });
  });
});

describe('listing runs', () => {
  it('answers one by the beginning of its id', async () => {
    const run = aRun();
    const { ask } = await withRuns([run, aRun()]);
    const answer = await ask({ command: 'runs', task: run.id.slice(0, 8) });
    expect(answer).toMatchObject({ ok: true, runs: [{ id: run.id }] });
  });

  it.each([
    ['nope', ''],
    ['reprot', '; did you mean "report"?'],
    ['4f9c2e1c', '; did you mean "4f9c2e1b"?'],
  ])('says that there is neither a task nor a run of that name: %s', async (task, hint) => {
    const { ask } = await withRuns([aRun({ id: '4f9c2e1b-0000' })]);
    expect(await ask({ command: 'runs', task })).toMatchObject({
      message: `there is no task or run "${task}": fairway.yml has report, other${hint}`,
    });
    expect(await ask(follow(task))).toMatchObject({
      message: `there is no run ${task} of web: \`fairway runs --app web\` lists them${hint}`,
    });
  });

  it('names the nearest app', async () => {
    const { ask } = await withRuns([]);
    expect(await ask({ command: 'runs', app: 'wbe' })).toMatchObject({
      message: 'there is no app "wbe": fairway.yml has web; did you mean "web"?',
    });
  });
});
