import type { Task } from '../../shared/domain/app.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { unknownStart } from '../../shared/perform/refusals.ts';
import { anApp, aScheduledTask, aStage, digestOf, MINUTE, revision, START } from '../builders.ts';
import { failing, NIGHT, stageOf } from './runStage.ts';

describe('decide, when a schedule calls', () => {
  it('runs the task on the digest that is live, and announces no success', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    expect(stage.pending('prepareRun')[0]?.effect.image).toEqual({ tag: '1.0.0', digest: digestOf('1.0.0') });
    stage.prepared();
    expect(stage.pending('startRun')[0]?.effect).toMatchObject({
      revision: revision('web-app', 10),
      attempt: 1,
    });
    stage.starts('task/1');
    stage.stops('task/1');
    expect(stage.newest()).toMatchObject({
      outcome: 'succeeded',
      exitCode: 0,
      revision: revision('web-app', 10),
    });
    expect(stage.pending('announceRun')).toEqual([]);
    expect(stage.pending('readLines')).toEqual([]);
    stage.answer('recordRun', { kind: 'done' });
    expect(stage.state.runs).toEqual([]);
  });

  it('runs once, however often one call is delivered, also after the run has ended', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    expect(stage.calls(NIGHT).changed).toBe(false);
    stage.stops('task/1');
    stage.answer('recordRun', { kind: 'done' });
    expect(stage.calls(NIGHT).reason).toContain('was seen already');
    expect(stage.state.runs).toEqual([]);
  });

  it('says that there is nothing to run on while nothing is live', () => {
    const stage = aStage(anApp({ tasks: [aScheduledTask('report')] }));
    stage.when({ type: 'scheduled', task: 'report', at: NIGHT });
    expect(stage.state.runs[0]?.state).toBe('queued');
    stage.answer('adopt', { kind: 'adopted', services: [] });
    expect(stage.state.runs[0]).toMatchObject({ outcome: 'neverStarted' });
    expect(stage.state.runs[0]?.reason).toContain('nothing of web is live yet');
    expect(stage.pending('announceRun')).toHaveLength(1);
  });

  it('is not held up by a hold, a release in progress or a failed one', () => {
    const stage = stageOf();
    stage.when({ type: 'operator', request: { command: 'hold', app: 'web', reason: 'freeze', who: 'op' } });
    stage.push('1.1.0');
    stage.calls(NIGHT);
    expect(stage.pending('prepareRun')).toHaveLength(1);
  });

  it('does not run for a call that is older than all that are remembered', () => {
    const stage = stageOf();
    for (let call = 1; call <= 20; call += 1) stage.calls(NIGHT + call * MINUTE);
    expect(stage.calls(NIGHT + MINUTE).reason).toContain('was seen already');
    expect(stage.calls(NIGHT)).toMatchObject({ changed: false, reason: expect.stringContaining('too late') });
  });

  it('does not run for a call of a task that has no schedule any more', () => {
    const stage = aStage(anApp({ tasks: [] })).adopted();
    const { changed, reason } = stage.when({ type: 'scheduled', task: 'report', at: NIGHT });
    expect({ changed, reason }).toEqual({
      changed: false,
      reason: 'report has no schedule in fairway.yml',
    });
  });

  it('prepares a task that is pinned to a tag without the image that is live', () => {
    const stage = stageOf({ pinned: 'stable' });
    stage.calls(NIGHT);
    expect(stage.pending('prepareRun')[0]?.effect).not.toHaveProperty('image');
  });

  it.each([
    ['a success', { success: ['ops'] }, {}, ['ops']],
    ['a failure', { failure: ['ops'] }, failing('crash', 1), ['ops']],
    ['a success without a channel', {}, {}, []],
    ['a failure without a channel', {}, failing('crash', 1), []],
  ])('notifies the configured channels of %s', (_, notify, observed, channels) => {
    const stage = stageOf({ notify: { success: [], failure: [], missed: [], ...notify } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', observed);
    expect(stage.pending('announceRun').map(({ effect }) => effect.channel)).toEqual(channels);
  });
});

describe('decide, when runs overlap', () => {
  it('skips the later one, and says so', () => {
    const stage = stageOf({ overlap: 'skip' });
    stage.calls(NIGHT);
    stage.calls(NIGHT + MINUTE);
    expect(stage.outcomes()).toEqual(['preparing', 'skipped']);
    expect(stage.newest().reason).toContain('another run of report is in progress');
    expect(stage.pending('announceRun')).toHaveLength(1);
  });

  it('queues the later ones and runs them one after the other, in their order', () => {
    const stage = stageOf({ overlap: 'queue' });
    for (const minute of [0, 1, 2]) stage.calls(NIGHT + minute * MINUTE);
    expect(stage.outcomes()).toEqual(['preparing', 'queued', 'queued']);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1');
    expect(stage.outcomes()).toEqual(['succeeded', 'preparing', 'queued']);
  });

  it('announces the first run that another one blocked, and records them all', () => {
    const stage = stageOf({ overlap: 'skip' });
    stage.calls(NIGHT);
    for (let minute = 1; minute <= 5; minute += 1) stage.calls(NIGHT + minute * MINUTE);
    expect(stage.pending('announceRun')).toHaveLength(1);
    expect(stage.pending('recordRun')).toHaveLength(5);

    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1');
    stage.calls(NIGHT + 6 * MINUTE);
    stage.calls(NIGHT + 7 * MINUTE);
    expect(stage.pending('announceRun')).toHaveLength(2);
  });

  it('lets ten wait and skips the next', () => {
    const stage = stageOf({ overlap: 'queue' });
    for (let minute = 0; minute < 12; minute += 1) stage.calls(NIGHT + minute * MINUTE);
    const outcomes = stage.state.runs.map((run) => run.outcome ?? run.state);
    expect(outcomes.filter((outcome) => outcome === 'queued')).toHaveLength(10);
    expect(stage.newest()).toMatchObject({ outcome: 'skipped', reason: '10 runs of report wait already' });
  });

  it('replaces the earlier one: it is stopped first, then the new one begins', () => {
    const stage = stageOf({ overlap: 'replace' });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.calls(NIGHT + MINUTE);
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/1');
    expect(stage.outcomes()).toEqual(['stopping', 'queued']);
    stage.answer('stopTask', { kind: 'done' });
    stage.stops('task/1', failing('terminated', 143));
    expect(stage.outcomes()).toEqual(['replaced', 'preparing']);
  });

  it('stops a replaced run that was just being started as soon as it has started', () => {
    const stage = stageOf({ overlap: 'replace' });
    stage.calls(NIGHT);
    stage.prepared();
    const next = { type: 'scheduled', task: 'report', at: NIGHT + MINUTE } as const;
    stage.when(next, { contended: true });
    expect(stage.outcomes()).toEqual(['starting', 'queued']);
    stage.starts('task/1');
    expect(stage.outcomes()).toEqual(['stopping', 'queued']);
    expect(stage.pending('stopTask')).toHaveLength(1);
  });

  it('replaces a run at once whose start no function can have sent', () => {
    const stage = stageOf({ overlap: 'replace' });
    stage.calls(NIGHT);
    stage.prepared();
    stage.calls(NIGHT + MINUTE);
    expect(stage.outcomes()).toEqual(['replaced', 'preparing']);
    expect(stage.pending('startRun')).toEqual([]);
  });

  it('counts the runs that one has kept from running', () => {
    const stage = stageOf();
    for (let call = 0; call < 4; call += 1) stage.calls(NIGHT + call * MINUTE);
    expect(stage.state.runs[0]).toMatchObject({ state: 'preparing', skips: 3 });
  });

  it('never starts a run whose task was removed from fairway.yml while it waited', () => {
    const stage = stageOf({ overlap: 'queue' });
    stage.calls(NIGHT);
    stage.calls(NIGHT + MINUTE);
    stage.prepared();
    stage.starts('task/1');
    stage.configured(anApp({ tasks: [] }));
    stage.stops('task/1');
    expect(stage.outcomes()).toEqual(['succeeded', 'neverStarted']);
    expect(stage.newest().reason).toContain('removed from fairway.yml');
  });
});

describe('decide, when a run is stopped that waits for another attempt', () => {
  const waiting = (backoff: number, overlap: Task['overlap'] = 'skip') => {
    const stage = stageOf({ overlap, retries: { times: 1, backoff, exitCodes: 'any' } });
    stage.calls(NIGHT);
    stage.prepared();
    stage.starts('task/1');
    stage.stops('task/1', failing('crash', 1));
    return stage;
  };
  const stop = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;

  it('never starts it', () => {
    const stage = waiting(30_000);
    stage.when({ type: 'operator', request: stop });
    expect(stage.newest()).toMatchObject({ outcome: 'stopped', reason: 'op stopped it' });
    expect(stage.pending('startRun')).toEqual([]);
  });

  it('does not say that it cannot be started while it only waits for its time', () => {
    const stage = waiting(20 * MINUTE);
    stage.later(16 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp')).toEqual([]);
    stage.later(20 * MINUTE).when({ type: 'tick' });
    expect(stage.pending('announceApp')[0]?.effect.sentence).toContain('trying for 16 min to start report');
  });

  it('lets the next run begin at once when that takes its place', () => {
    const stage = waiting(30_000, 'replace');
    stage.calls(NIGHT + MINUTE);
    expect(stage.outcomes()).toEqual(['replaced', 'preparing']);
  });

  it('waits for what comes of it where another function may be starting it this moment', () => {
    for (const [backoff, expected] of [
      [30_000, 'starting'],
      [300_000, 'stopped'],
    ] as const) {
      const stage = waiting(backoff);
      stage.when({ type: 'operator', request: stop }, { contended: true });
      expect(stage.outcomes()).toEqual([expected]);
    }
  });
});

describe('decide, when a schedule did not call', () => {
  const missed = (stage: ReturnType<typeof stageOf>, ...times: number[]) =>
    stage.when({ type: 'scheduleChecked', task: 'report', missed: times });

  it('announces it once, and ignores a later call', () => {
    const stage = stageOf();
    missed(stage);
    missed(stage, NIGHT);
    expect(stage.newest()).toMatchObject({ outcome: 'missed', owner: { at: NIGHT } });
    expect(stage.newest().reason).toBe(
      'it was due at 2026-03-01 11:00 UTC, and its schedule cron(0 3 * * ? *) never called: `fairway run web report` makes up for it',
    );
    expect(stage.pending('announceRun')).toHaveLength(1);
    expect(missed(stage, NIGHT).changed).toBe(false);
    expect(stage.calls(NIGHT).changed).toBe(false);
  });

  it('announces many together', () => {
    const stage = stageOf();
    missed(stage);
    missed(stage, NIGHT, NIGHT + MINUTE, NIGHT + 2 * MINUTE);
    expect(stage.state.runs).toHaveLength(1);
    expect(stage.newest().reason).toContain('was due 3 times from');
  });

  it('is silent while runs are still missed, and announces again after a day or once it has called', () => {
    const stage = stageOf();
    missed(stage);
    missed(stage, NIGHT);
    stage.answer('announceRun', { kind: 'announced' });
    missed(stage, NIGHT + MINUTE);
    expect(stage.newest()).toMatchObject({ outcome: 'missed' });
    expect(stage.pending('announceRun')).toEqual([]);
    stage.calls(NIGHT + 2 * MINUTE);
    missed(stage, NIGHT + 3 * MINUTE);
    expect(stage.pending('announceRun')).toHaveLength(1);
    stage.answer('announceRun', { kind: 'announced' });
    stage.later(25 * 60 * MINUTE);
    missed(stage, NIGHT + 4 * MINUTE);
    expect(stage.pending('announceRun')).toHaveLength(1);
  });

  it('knows the calls of a schedule that has changed, and expects nothing of the new one before', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.later(MINUTE);
    stage.configure({ schedule: { expression: 'cron(0 4 * * ? *)', timeZone: 'UTC', jitter: 0 } });
    expect(stage.calls(NIGHT).reason).toContain('was seen already');
    missed(stage, START);
    expect(stage.state.runs).toHaveLength(1);
    expect(stage.state.schedules.report).toMatchObject({ since: stage.now, seen: [NIGHT] });
  });

  it('forgets a schedule that is gone', () => {
    const stage = stageOf();
    missed(stage);
    stage.when({ type: 'scheduleChecked', task: 'gone', missed: [] });
    expect(Object.keys(stage.state.schedules)).toEqual(['report']);
  });
});

describe('decide, when a person runs a task', () => {
  const stopping = {
    type: 'operator',
    request: { command: 'stop', app: 'web', run: 'report', who: 'op' },
  } as const;
  function stageWithoutLive(overrides: Partial<Task> = {}) {
    const stage = aStage(anApp({ tasks: [aScheduledTask('report', overrides)] }));
    stage.when({ type: 'tick' });
    stage.answer('adopt', { kind: 'adopted', services: [] });
    return stage;
  }
  const run = (id = 'id-1', words?: string[]) =>
    ({
      type: 'operator',
      request: { command: 'run', app: 'web', task: 'report', id, who: 'op', ...(words && { words }) },
    }) as const;

  it('runs it under the id that was asked with, once', () => {
    const stage = stageOf();
    stage.when(run('id-1', ['npm', 'run', 'other']));
    stage.when(run('id-1'));
    expect(stage.state.runs).toHaveLength(1);
    stage.prepared();
    expect(stage.pending('startRun')[0]?.effect.command).toEqual(['npm', 'run', 'other']);
    stage.starts('task/1');
    stage.stops('task/1');
    expect(stage.newest().command).toBeUndefined();
  });

  it('refuses while another runs, and names it', () => {
    const stage = stageOf();
    stage.when(run('id-1'));
    const second = stage.when(run('id-2'));
    expect(second).toMatchObject({ refused: true });
    expect(second.reason).toContain('fairway stop web id-1');
  });

  it('refuses a command that ECS would not take, before anything is asked of it', () => {
    const stage = stageOf({ environment: { REPORT: 'nightly' } });
    const answer = stage.when(run('id-1', ['x'.repeat(8_100)]));
    expect(answer).toMatchObject({ refused: true });
    expect(answer.reason).toContain('take 8206 characters as JSON, and ECS takes 8192');
    expect(stage.state.runs).toEqual([]);
    expect(stage.when(run('id-1', ['x'.repeat(8_086)])).refused).toBeUndefined();
  });

  it('refuses what would not even wait, since ten do', () => {
    const stage = stageOf({ overlap: 'queue' });
    for (let index = 0; index <= 10; index += 1)
      expect(stage.when(run(`id-${index}`)).refused).toBeUndefined();
    expect(stage.when(run('id-11'))).toMatchObject({
      refused: true,
      reason: '10 runs of report wait already',
    });
    expect(stage.state.runs).toHaveLength(11);
  });

  it('refuses commands that are too long together for the item of the app', () => {
    const tasks = ['a', 'b', 'c', 'd', 'e'].map((name) => aScheduledTask(name, { overlap: 'queue' }));
    const stage = aStage(anApp({ tasks })).adopted();
    const refusals: (string | undefined)[] = [];
    for (const task of ['a', 'b', 'c', 'd', 'e'])
      for (let index = 0; index < 10; index += 1) {
        const words = ['x'.repeat(8_000)];
        const asked = { command: 'run', app: 'web', task, id: `${task}-${index}`, who: 'op', words } as const;
        const { refused, reason } = stage.when({ type: 'operator', request: asked });
        if (refused) refusals.push(reason);
      }
    expect(JSON.stringify(stage.state).length).toBeLessThan(100_000);
    expect(new Set(refusals)).toEqual(
      new Set(['the commands of the open runs of web use all the space: try again when some have ended']),
    );
    const request = { command: 'run', app: 'web', task: 'e', id: 'id-plain', who: 'op' } as const;
    expect(stage.when({ type: 'operator', request }).refused).toBeUndefined();
  });

  it('judges by the container that is configured when it begins', () => {
    const stage = stageOf({ overlap: 'queue' });
    stage.when(run('id-1'));
    stage.when(run('id-2'));
    stage.prepared();
    stage.starts('task/1');
    stage.configure({ container: 'worker', count: 2 });
    stage.stops('task/1');
    stage.prepared();
    expect(stage.newest()).toMatchObject({ container: 'worker', count: 2 });
    expect(stage.pending('startRun')[0]?.effect).toMatchObject({ container: 'worker', count: 2 });
  });

  it('refuses a task that is not configured', () => {
    const answer = stageOf().when({
      type: 'operator',
      request: { command: 'run', app: 'web', task: 'reprot', id: 'id-1', who: 'op' },
    });
    expect(answer).toMatchObject({
      refused: true,
      reason: 'there is no task "reprot" in web: fairway.yml has report; did you mean "report"?',
    });
  });

  it('stops it when asked, by task or by the beginning of its id', () => {
    for (const name of ['report', 'id-1']) {
      const stage = stageOf();
      stage.when(run());
      stage.prepared();
      stage.starts('task/1');
      stage.when({ type: 'operator', request: { command: 'stop', app: 'web', run: name, who: 'op' } });
      stage.stops('task/1', failing('terminated', 143));
      expect(stage.newest()).toMatchObject({ outcome: 'stopped', reason: 'op stopped it' });
    }
  });

  it('has stopped it where AWS refuses what was to be stopped', () => {
    const cause: Cause = { kind: 'notFound', sentence: 'AWS refused it.', evidence: [], canHeal: false };
    for (const effect of ['prepareRun', 'startRun'] as const) {
      const stage = stageOf();
      stage.calls(NIGHT);
      if (effect === 'startRun') stage.prepared();
      const request = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;
      stage.when({ type: 'operator', request }, { contended: true });
      stage.answer(effect, { kind: 'refused', cause });
      expect(stage.newest()).toMatchObject({ outcome: 'stopped', reason: 'op stopped it', cause });
    }
  });

  it.each([
    ['another function may be sending RunTask', true, 0],
    ['the answer of RunTask was lost', false, 1],
  ])('has its tasks looked for, not started (again), where %s', (_, contended, lost) => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    if (lost > 0) stage.answer('startRun', { kind: 'retry', wait: 60_000, why: 'lost' });
    const request = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;
    stage.when({ type: 'operator', request }, { contended });
    const [start] = stage.pending('startRun');
    expect(start?.effect.find).toMatchObject({ since: stage.now, maybeSent: true, sentBefore: lost > 0 });
    expect(start?.notBefore).toBeUndefined();
    stage.starts('task/1');
    stage.stops('task/1', failing('terminated', 143));
    expect(stage.newest()).toMatchObject({ outcome: 'stopped', reason: 'op stopped it' });
  });

  it('keeps searching if a refusal says nothing about an earlier call', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    stage.answer('startRun', { kind: 'retry', wait: 1_000, why: 'lost' });
    const request = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;
    stage.when({ type: 'operator', request }, { contended: true });
    const cause: Cause = { kind: 'accessDenied', sentence: 'Denied.', evidence: [], canHeal: false };
    stage.answer('startRun', { kind: 'refused', cause });
    expect(stage.pending('startRun')[0]?.effect.find).toMatchObject({ sentBefore: true });
  });

  it('stops a task that shows up after its run has ended as unknown', () => {
    const stage = stageOf();
    stage.when(run());
    stage.prepared();
    const request = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;
    stage.when({ type: 'operator', request }, { contended: true });
    stage.answer('startRun', unknownStart('report'));
    stage.when({ type: 'taskRuns', taskArn: 'task/late', startedBy: 'fairway/id-1' });
    expect(stage.pending('stopTask')[0]?.effect.taskArn).toBe('task/late');
    expect(stage.pending('announceApp').at(-1)?.effect.sentence).toContain('its run has ended');
  });

  it('says that it may run where what was to be stopped may have been started', () => {
    const stage = stageOf();
    stage.calls(NIGHT);
    stage.prepared();
    const request = { command: 'stop', app: 'web', run: 'report', who: 'op' } as const;
    stage.when({ type: 'operator', request }, { contended: true });
    stage.answer('startRun', unknownStart('report'));
    expect(stage.newest()).toMatchObject({
      outcome: 'stopped',
      reason:
        'op stopped it; it may still run: Whether report was started is unknown: ECS has not answered for 45 minutes.',
    });
  });

  it('stops the one that is not being stopped already, when named by its task', () => {
    const stage = stageOf({ overlap: 'replace' });
    stage.when(run('id-1'));
    stage.prepared();
    stage.starts('task/1');
    stage.when(run('id-2'));
    stage.when({ type: 'operator', request: { command: 'stop', app: 'web', run: 'report', who: 'op' } });
    expect(stage.outcomes()).toEqual(['stopping', 'stopped']);
  });

  it.each([
    ['reprot', '; did you mean "report"?'],
    ['4f9c2e1c', '; did you mean "4f9c2e1b"?'],
    ['4f9', ''],
    ['backup', ''],
  ])('does not stop the run in progress for another name: %s', (name, hint) => {
    const stage = stageOf();
    stage.when(run('4f9c2e1b-0000'));
    stage.prepared();
    stage.starts('task/1');
    const answer = stage.when({
      type: 'operator',
      request: { command: 'stop', app: 'web', run: name, who: 'op' },
    });
    expect(answer).toMatchObject({
      refused: true,
      reason: `no run ${name} of web is in progress: open runs are report 4f9c2e1b-0000${hint}`,
    });
  });

  it('says which runs there are when it is to stop one that is not', () => {
    const answer = stageOf().when({
      type: 'operator',
      request: { command: 'stop', app: 'web', run: 'x', who: 'op' },
    });
    expect(answer).toMatchObject({ refused: true, reason: expect.stringContaining('open runs are none') });
  });

  it('runs once what is asked for twice, also where a second run would wait', () => {
    const stage = stageOf({ overlap: 'queue' });
    stage.when(run('id-1'));
    expect(stage.when(run('id-1'))).toMatchObject({ reason: 'report was requested already' });
    expect(stage.state.runs).toHaveLength(1);
  });

  it('refuses while nothing is live, but not what is pinned to a tag', () => {
    const stage = stageWithoutLive();
    expect(stage.when(run())).toMatchObject({
      refused: true,
      reason: expect.stringContaining('nothing of web is live yet'),
    });
    const pinned = stageWithoutLive({ pinned: 'stable' });
    expect(pinned.when(run()).refused).not.toBe(true);
    expect(pinned.pending('prepareRun')).toHaveLength(1);
  });

  it('refuses to stop one of several that the name fits, and lists them', () => {
    const stage = stageOf({ overlap: 'queue' });
    stage.when(run('id-1'));
    stage.when(run('id-2'));
    expect(stage.when(stopping)).toMatchObject({
      refused: true,
      reason: expect.stringContaining('matches several runs: choose one of id-1, id-2'),
    });
    expect(stage.outcomes()).toEqual(['preparing', 'queued']);
  });

  it('is stopped by who asked first', () => {
    const stage = stageOf();
    stage.when(run());
    stage.prepared();
    stage.starts('task/1');
    stage.when(stopping);
    expect(stage.when({ ...stopping, request: { ...stopping.request, who: 'another' } }).reason).toBe(
      'report is being stopped already',
    );
    stage.stops('task/1', failing('stoppedByPerson', 143));
    expect(stage.newest()).toMatchObject({ outcome: 'stopped', reason: 'op stopped it' });
  });
});
