import type { Answer } from '../../shared/domain/answers.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { anApp, anObservedService, aScheduledTask, aStage, digestOf, MINUTE, revision } from '../builders.ts';
import { failing, NIGHT, stageOf } from './runStage.ts';
import { aCause, aSeenApp } from './seenApp.ts';

describe('the item, in the worst of times', () => {
  it('stays under 100 KB with fifty services that all fail, each in every way', () => {
    const services = Array.from({ length: 50 }, (_, index) => ({
      name: `a-service-with-a-long-name-${index}`,
      wave: 1,
      family: `a-family-with-a-long-name-${index}`,
      containers: [],
    }));
    const play = aSeenApp(anApp({ services }));
    const { stage } = play;
    const words = 'x'.repeat(2_000);
    const long = {
      ...aCause('crash'),
      sentence: words,
      evidence: [words, words, words, words],
      advice: words,
      container: 'web',
      exitCode: 1,
    };
    let largest = 0;
    const measure = () => {
      largest = Math.max(largest, JSON.stringify(stage.state).length);
    };
    const look = () => {
      for (const { key, effect } of stage.pending('lookAtStopped')) {
        const seen = effect.tasks.map((task, index) => ({
          task,
          at: stage.now,
          revision: `arn:aws:ecs:us-east-1:123456789012:task-definition/a-family-with-a-long-name:${index}`,
          cause: { ...long, kind: index % 2 === 0 ? 'crash' : 'killed' },
        }));
        stage.when({ type: 'answered', key, answer: { kind: 'stoppedSeen', tasks: seen } });
        measure();
      }
      for (const { key } of stage.pending('readLines')) {
        const lines = [{ at: stage.now, container: 'web', text: `Error: ${words}` }];
        stage.when({ type: 'answered', key, answer: { kind: 'linesRead', tail: { lines, elsewhere: [] } } });
        measure();
      }
      for (const { key, effect } of stage.pending('lookAtTrouble')) {
        const observed = anObservedService(effect.service, {
          running: 0,
          rolloutState: 'FAILED',
          primary: 'ecs-svc/9',
        });
        stage.when({ type: 'answered', key, answer: { kind: 'troubleSeen', observed, cause: long } });
        measure();
      }
    };
    for (let round = 0; round < 8; round += 1) {
      for (const { name: service } of services) {
        for (let each = 0; each < (round === 7 ? 13 : 1); each += 1) play.stop(undefined, { service });
        stage.when({ type: 'serviceAction', service, action: 'placement', words });
        stage.when({ type: 'serviceAction', service, action: 'startImpaired', words });
        stage.when({ type: 'deploymentEnded', service, deploymentId: 'ecs-svc/9', failed: true });
      }
      measure();
      look();
      stage.later(4 * MINUTE);
    }
    expect(largest).toBeLessThan(100_000);
  });
});

describe('the item, when runs overlap', () => {
  it('keeps the item of an app of fifty tasks small, also while no channel can be reached', () => {
    const tasks = Array.from({ length: 50 }, (_, index) =>
      aScheduledTask(`a-task-with-a-rather-long-name-${index}`, { overlap: index % 2 ? 'queue' : 'skip' }),
    );
    const stage = aStage(anApp({ tasks })).adopted();
    const answerAll = (kind: 'prepareRun' | 'startRun' | 'recordRun', of: (index: number) => Answer) => {
      for (const [index, { key }] of stage.pending(kind).entries())
        stage.when({ type: 'answered', key, answer: of(index) });
    };
    for (let minute = 0; minute < 8; minute += 1) {
      for (const { name } of tasks)
        stage.when({ type: 'scheduled', task: name, at: NIGHT + minute * MINUTE });
      answerAll('prepareRun', () => ({
        kind: 'runPrepared',
        image: { tag: '1.0.0', digest: digestOf('1.0.0') },
        revision: revision('web-app', 10),
        network: { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'], assignPublicIp: false },
        capacity: { launchType: 'FARGATE' },
      }));
      answerAll('startRun', (index) => ({ kind: 'runStarted', taskArns: [`task/${minute}-${index}`] }));
      answerAll('recordRun', () => ({ kind: 'done' }));
    }
    const outcomes = stage.state.runs.map((run) => run.outcome ?? run.state);
    expect(outcomes.filter((outcome) => outcome === 'queued')).toHaveLength(50);
    const untold = outcomes.filter((outcome) => outcome === 'skipped').length;
    expect(stage.pending('announceRun')).toHaveLength(untold);
    expect([untold > 50, untold <= 60]).toEqual([true, true]);
    // A full memory of what was seen, of twenty times each, takes eight kilobytes more.
    expect(JSON.stringify(stage.state).length).toBeLessThan(92_000);
  });

  it.each([
    [1, 0],
    [10, 0],
    [10, 10],
  ])(
    'keeps it small while runs of %d tasks with %d retries fail and no channel can be reached',
    (count, times) => {
      const stage = stageOf({ count, retries: { times, backoff: 1_000, exitCodes: 'any' } });
      const words = 'x'.repeat(1_000);
      const observed = failing('crash', 1);
      const cause = { ...observed.cause, evidence: [words, words, words, words, words] } as Cause;
      let largest = 0;
      for (let round = 0; round < (times > 0 ? 9 : 40); round += 1) {
        stage.later(MINUTE);
        stage.calls(stage.now);
        stage.prepared();
        for (let attempt = 0; attempt <= times; attempt += 1) {
          stage.later(30 * MINUTE);
          const id = (index: number) => `${round}-${attempt}-${index}`.padStart(32, '0');
          const arns = Array.from(
            { length: count },
            (_, index) => `arn:aws:ecs:us-east-1:123456789012:task/app-prod/${id(index)}`,
          );
          stage.starts(...arns);
          for (const arn of arns) stage.stops(arn, { ...observed, cause });
          largest = Math.max(largest, JSON.stringify(stage.state).length);
        }
        for (const { key } of stage.pending('recordRun'))
          stage.when({ type: 'answered', key, answer: { kind: 'done' } });
      }
      expect(stage.pending('announceRun').length).toBeGreaterThan(4);
      expect(largest).toBeLessThan(100_000);
    },
  );
});
