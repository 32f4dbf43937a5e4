import { anApp, anImage, aStage, digestOf, MINUTE } from '../builders.ts';

/** 1.1.0 rolls; ann orders another image. */
function ordered(request: { readonly tag?: string; readonly now?: true }, pushed?: string) {
  const stage = aStage(anApp()).adopted().later(MINUTE).prepared('1.1.0').updated();
  if (pushed !== undefined) stage.push(pushed);
  const answer = stage.when({
    type: 'operator',
    request: { command: 'deploy', app: 'web', who: 'ann', ...request },
  });
  return { stage, answer, release: stage.state.release };
}

describe('a deploy that does not wait', () => {
  it('stops the open release, and starts when that has rolled back', () => {
    const { stage, answer, release } = ordered({ tag: '1.2.0', now: true });
    expect(answer.reason).toMatch(
      /^v1 is stopped; its services roll back; 1\.2\.0, .* will be deployed to web/,
    );
    expect(release?.failure).toMatchObject({
      outcome: 'rolledBack',
      cause: { sentence: 'ann deploys 1.2.0 now, instead of v1.' },
    });
    expect(stage.pending('rollBack')).toHaveLength(1);
    const [look] = stage.pending('inspectImage');
    const image = { ...anImage('1.2.0', { pushedAt: stage.now }), digest: digestOf('1.2.0') };
    stage.when({
      type: 'answered',
      key: look?.key ?? '',
      answer: { kind: 'imageInspected', image, storage: 'ACTIVE' },
    });
    const [back] = stage.pending('rollBack');
    stage.answer('rollBack', {
      kind: 'rollingBack',
      revision: back?.effect.revision ?? '',
      deploymentId: back?.effect.expected ?? '',
      completed: true,
    });
    expect(stage.state.release).toMatchObject({ number: 2, image: { tag: '1.2.0' } });
  });

  it('takes the push that waits, without a tag', () => {
    expect(ordered({ now: true }, '1.2.0').release?.failure).toBeDefined();
  });

  it.each([
    ['an image that is being released', { tag: '1.1.0', now: true } as const],
    ['the newest image while nothing newer waits', { now: true } as const],
    ['another image in its turn', { tag: '1.2.0' }],
  ])('does not stop the release for %s', (_, request) => {
    expect(ordered(request).release?.failure).toBeUndefined();
  });

  it('waits for a rollback that is in progress', () => {
    const { stage } = ordered({ tag: '1.2.0', now: true });
    const failure = stage.state.release?.failure;
    stage.when({
      type: 'operator',
      request: { command: 'deploy', app: 'web', tag: '1.3.0', who: 'bob', now: true },
    });
    expect(stage.state.release?.failure).toEqual(failure);
  });
});
