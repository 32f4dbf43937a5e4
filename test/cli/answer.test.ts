import { parseAnswer } from '../../cli/answer.ts';
import type { OperatorAnswer } from '../../shared/domain/operator.ts';
import type { RunSummary } from '../../shared/domain/summaries.ts';

/** Every member, so that a new one does not compile until it is here. */
const run: Required<RunSummary> = {
  app: 'web',
  task: 'report',
  id: '4f9c2e1b',
  state: 'succeeded',
  ended: true,
  reason: 'it exited with code 0',
  by: 'ann',
  requestId: 'r-1',
  stoppedBy: { who: 'bob', requestId: 'r-2' },
  askedAt: 1,
  startedAt: 2,
  endedAt: 3,
  exitCode: 0,
  tag: '1.2.0',
  digest: 'sha256:aa',
  revision: 'web-app:7',
  taskArns: ['arn:aws:ecs:us-east-1:123456789012:task/app-prod/abc'],
  earlier: ['Container web exited.'],
  attempts: 2,
  logs: ['/ecs/web-app'],
  notTaken: ['placement of web-app: report runs on Fargate'],
};

describe('an answer of the function', () => {
  it('keeps every member of a run', () => {
    const answer: OperatorAnswer = { ok: true, sentence: '1 run', runs: [run] };
    expect(parseAnswer(JSON.stringify(answer))).toEqual(answer);
  });

  it('is none where it is something else', () => {
    expect(parseAnswer('"hello"')).toBeUndefined();
    expect(parseAnswer('<html>')).toBeUndefined();
  });
});
