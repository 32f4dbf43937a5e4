import { advice, aftermath, serviceLine, verdict } from '../../shared/announce/aftermath.ts';
import { commitOf, consoleLinks } from '../../shared/announce/links.ts';
import { clean, clip, clipBytes, list } from '../../shared/announce/text.ts';
import { change, duration, headline, stepLine, trigger, why } from '../../shared/announce/words.ts';
import { aService, aStep, aStory, aStoryOf, CRASH, STORIES } from './situations.ts';

describe('headline', () => {
  it.each([
    ['preparing', /^web v12 is being prepared in production: 1\.2\.0 \([0-9a-f]{12}\)$/],
    ['migrating', /^web v12 is migrating in production: 1\.2\.0 \(/],
    ['rolling', /^web v12 is rolling out in production: 1\.2\.0 \(/],
    ['verifying', /^web v12 is being verified in production: 1\.2\.0 \(/],
    ['live', /^web v12 is live in production: 1\.2\.0 \([0-9a-f]{12}\)$/],
    ['going back', /^web v12 \(1\.2\.0\) is going back in production$/],
    ['failed, put back', /^web v12 \(1\.2\.0\) failed in production, 1\.1\.0 runs again$/],
    ['failed before anything changed', /^web v12 \(1\.2\.0\) failed in production, 1\.1\.0 still runs$/],
    ['failed, left to a person', /failed in production, nothing was put back: a person decides$/],
    ['failed, partly put back', /failed in production, partly put back: a person decides$/],
    ['stranded', /^web v12 \(1\.2\.0\) FAILED in production AND COULD NOT BE PUT BACK: look at once$/],
    ['being canceled by a person', /^web v12 \(1\.2\.0\) is being canceled in production$/],
    ['cancelled by a person', /^web v12 \(1\.2\.0\) was canceled in production, 1\.1\.0 runs again$/],
    ['superseded', /^web v12 \(1\.2\.0\) was superseded in production$/],
    ['rolled back by a person', /^web v13 is live in production: rolled back to 1\.1\.0 \(/],
  ])('%s', (name, expected) => {
    expect(headline(aStoryOf(name))).toMatch(expected);
  });

  it('exists for every story told here', () => {
    expect(Object.values(STORIES).map(headline)).not.toContain('');
  });
});

describe('whether things were put back', () => {
  it.each([
    ['live', 'none', undefined],
    ['going back', 'goingBack', 'Putting everything back to 1.1.0 …'],
    ['failed, put back', 'back', 'Everything was put back to 1.1.0.'],
    ['failed before anything changed', 'untouched', 'No service was changed: 1.1.0 still runs.'],
    ['failed, left to a person', 'left', 'Nothing was put back: a person decides.'],
    ['failed, partly put back', 'partly', 'Put back: web-app. Left as it is: worker. A person decides.'],
    ['stranded', 'stuck', 'NOT put back: web-app. Put back: worker. Look at once.'],
    ['superseded', 'untouched', 'Deployed outside Fairway, and left as it is: web-app runs web-app:14.'],
  ])('%s', (name, kind, sentence) => {
    expect(aftermath(aStoryOf(name))).toBe(kind);
    expect(verdict(aStoryOf(name))).toBe(sentence);
  });

  it('does not claim that everything is back where a service was deployed outside Fairway', () => {
    const story = aStory({
      failure: { cause: CRASH },
      services: [aService('unchanged', { runs: 'web-app:14' }), aService('back', { service: 'worker' })],
      outcome: { kind: 'superseded', reason: 'web-app:14 was deployed to web-app outside Fairway.' },
    });
    expect(verdict(story)).toBe(
      'Deployed outside Fairway, and left as it is: web-app runs web-app:14. Rolled back: worker.',
    );
    expect(headline(story)).toBe('web v12 (1.2.0) was superseded in production');
  });

  it('does not claim that everything is back while one service is not', () => {
    const story = aStory({
      failure: { cause: CRASH },
      services: [aService('back'), aService('goingBack', { service: 'worker' })],
    });
    expect(verdict(story)).toMatch(/^Putting everything back/);
  });

  it('says so without a name when nothing ran before', () => {
    const { previous: _, ...first } = aStoryOf('failed, put back');
    expect(verdict(first)).toBe('Everything was put back.');
    expect(headline(first)).toBe('web v12 (1.2.0) failed in production, everything was put back');
  });

  it.each([
    ['live', undefined],
    ['going back', undefined],
    ['failed, put back', /fairway deploy web 1\.2\.0/],
    ['failed, left to a person', /fairway resume web/],
    ['stranded', /^Mend what is not put back in ECS/],
    ['superseded', /fairway resume web/],
    ['cancelled by a person', undefined],
  ])('advises on what is to do: %s', (name, expected) => {
    const said = advice(aStoryOf(name));
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(expected);
  });

  it.each([
    [
      aService('back', { runs: 'web-app:10 at 3/3 tasks' }),
      'web-app: put back, runs web-app:10 at 3/3 tasks',
    ],
    [aService('pending'), 'web-app: not touched, runs web-app:10'],
    [aService('stuck', { running: 1 }), 'web-app: NOT put back, 1/3 tasks'],
  ])('names what a service runs', (service, expected) => {
    expect(serviceLine(service)).toBe(expected);
  });
});

describe('a step', () => {
  const roll = aStep('roll', 'roll', 'running', 21);
  it.each([
    ['that waits', aStep('db-migrate', 'task', 'pending'), '☐ db-migrate'],
    ['that runs, with the time so far', aStep('db-migrate', 'task', 'running', 21), '▶ db-migrate · 26 s'],
    ['that is done', aStep('db-migrate', 'task', 'done', 3, 21), '✓ db-migrate · 18 s'],
    ['that failed', aStep('db-migrate', 'task', 'failed', 3, 75), '✗ db-migrate · 1 m 12 s'],
    ['that was left out', aStep('smoke-test', 'task', 'skipped'), '– smoke-test'],
    ['with tasks', roll, '▶ roll web-app 1/3 · 26 s'],
    ['with tasks that failed', aStep('roll', 'roll', 'failed', 21, 66), '✗ roll web-app · 45 s'],
  ])('%s', (_, step, expected) => {
    expect(stepLine(step, aStory())).toBe(expected);
  });

  it('counts the tasks that go back', () => {
    const story = aStoryOf('going back');
    expect(stepLine(aStep('put back', 'putBack', 'running', 66), story)).toBe(
      '▶ put back web-app 2/3 · 14 s',
    );
  });

  it.each([
    ['names only those that are back', [aService('back', { running: 0 })], 'web-app'],
    [
      'counts those on their way beside those that are back',
      [aService('goingBack', { running: 1 }), aService('back', { service: 'worker', running: 0 })],
      'web-app 1/3, worker',
    ],
    [
      'adds many up',
      Array.from({ length: 7 }, (_, at) => aService(at < 4 ? 'back' : 'goingBack', { running: 0 })),
      '4 of 7 services',
    ],
  ])('%s: the count of a service that is back is that of what failed', (_, services, expected) => {
    const story = aStory({ services, failure: { cause: CRASH } });
    expect(stepLine(aStep('put back', 'putBack', 'done', 66, 80), story)).toBe(
      `✓ put back ${expected} · 14 s`,
    );
  });

  it('does not call failed what a person has ended', () => {
    const story = aStoryOf('being canceled by a person');
    expect(story.steps.map((step) => stepLine(step, story)).join()).not.toContain('✗');
    expect(stepLine(aStep('roll', 'roll', 'failed', 21, 66), story)).toBe('– roll web-app · 45 s');
  });

  it('tells of waves that wait', () => {
    const services = [aService('live'), aService('pending', { service: 'worker' })];
    expect(stepLine(roll, aStory({ services }))).toBe('▶ roll web-app 3/3, 1 waiting · 26 s');
  });

  it('adds many services up', () => {
    const services = Array.from({ length: 12 }, (_, index) =>
      aService('rolling', { service: `s${index}`, running: 2 }),
    );
    expect(stepLine(roll, aStory({ services }))).toBe('▶ roll 12 services, 24/36 tasks · 26 s');
  });

  it('says that nothing was to be rolled', () => {
    const step = aStep('roll', 'roll', 'done', 3, 3);
    expect(stepLine(step, aStory({ services: [aService('unchanged')] }))).toBe(
      '✓ roll: nothing to do, it runs everywhere · 0 ms',
    );
  });
});

describe('a rollback by a person that failed', () => {
  it('says that the image it took away runs again, and what to do', () => {
    const cause = { ...CRASH, sentence: 'It was killed.' };
    const story = aStoryOf('rolled back by a person');
    const failed = {
      ...story,
      services: [aService('back', { from: 'web-app:11', to: 'web-app:12' })],
      failure: { service: 'web-app', cause },
      outcome: { kind: 'failed', reason: 'It was killed.' },
    } as const;
    expect(verdict(failed)).toBe('1.2.0, the image that was rolled back from, runs again.');
    expect(advice(failed)).toMatch(/^Roll back further: fairway rollback web/);
  });
});

describe('who and what', () => {
  it('names both images by tag and digest, since a tag may move', () => {
    expect(change(aStory())).toMatch(/^1\.1\.0 \([0-9a-f]{12}\) → 1\.2\.0 \([0-9a-f]{12}\)$/);
  });

  it('names people, not ARNs', () => {
    expect(trigger(aStoryOf('rolled back by a person'))).toBe(
      'rolled back to v11 by ann@example.com (Admin) (claimed)',
    );
    const despiteHold = { reason: 'fixes incident 42', placedAt: 0 };
    expect(trigger(aStory({ trigger: { kind: 'deploy', who: 'ann', despiteHold } }))).toBe(
      'deployed by ann (claimed) despite the hold: fixes incident 42',
    );
    expect(why(aStoryOf('cancelled by a person'))).toBe('ann@example.com (Admin) cancelled v12.');
    expect(clean('arn:aws:iam::123456789012:user/team/bob deployed')).toBe('bob deployed');
  });

  it('names the service where the sentence does not', () => {
    const cause = { ...CRASH, sentence: 'It was killed.' };
    expect(why(aStory({ failure: { service: 'worker', cause } }))).toBe('worker: It was killed.');
    expect(why(aStory({ failure: { service: 'web-app', cause: CRASH } }))).toBe(CRASH.sentence);
  });

  const revision = '4be1f0cb7cb0e1a1c9d1b5b7a3f2e6d8c9b0a1f2';
  it.each([
    ['https://github.com/a/b', `https://github.com/a/b/commit/${revision}`],
    ['https://github.com/a/b.git/', `https://github.com/a/b/commit/${revision}`],
    ['git@github.com:a/b.git', `https://github.com/a/b/commit/${revision}`],
    ['https://gitlab.example.com/a/b', `https://gitlab.example.com/a/b/-/commit/${revision}`],
    ['https://bitbucket.org/a/b', `https://bitbucket.org/a/b/commits/${revision}`],
    ['https://ci:hunter2@github.com/a/b', `https://github.com/a/b/commit/${revision}`],
    ['javascript:alert(1)', undefined],
    ['https://github.com', undefined],
    ['not an address', undefined],
  ])('links the commit in %s', (source, url) => {
    expect(commitOf({ revision, source })).toEqual({
      short: '4be1f0cb7',
      ...(url === undefined ? {} : { url }),
    });
  });

  it('shows a revision that is no hash without a link', () => {
    expect(commitOf({ revision: 'v1.2 <b>', source: 'https://github.com/a/b' })).toEqual({
      short: 'v1.2 <b>',
    });
    expect(commitOf({})).toBeUndefined();
  });

  it.each([
    ['eu-central-1', 'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/app-prod'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/app-prod'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/app-prod'],
  ])('links the console of %s', (region, cluster) => {
    expect(consoleLinks(aStory({ region }))).toEqual([
      { name: 'web-app deployments', url: `${cluster}/services/web-app/deployments?region=${region}` },
      {
        name: 'web-app:11',
        url: `${cluster.replace('clusters/app-prod', 'task-definitions/web-app/11/containers')}?region=${region}`,
      },
      { name: 'cluster app-prod', url: `${cluster}/services?region=${region}` },
    ]);
  });

  it('links the service that failed first, and not fifty others', () => {
    const services = Array.from({ length: 50 }, (_, index) => aService('back', { service: `s${index}` }));
    const links = consoleLinks(aStory({ services, failure: { service: 's40', cause: CRASH } }));
    expect(links).toHaveLength(5);
    expect(links[0]?.name).toBe('s40 deployments');
  });
});

describe('text from elsewhere', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [42_400, '42 s'],
    [59_700, '1 m 0 s'],
    [72_000, '1 m 12 s'],
    [3_780_000, '1 h 3 m'],
    [-5, '0 ms'],
  ])('%d ms reads %s', (milliseconds, expected) => {
    expect(duration(milliseconds)).toBe(expected);
  });

  it('is cut between characters', () => {
    expect(clip('ab🚢cd', 4)).toBe('ab…');
    expect(clip('abcd', 4)).toBe('abcd');
    const cut = clipBytes('é🚢'.repeat(100), 50);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(50);
    expect(cut).not.toContain('\ufffd');
  });

  it('cannot command a terminal or turn the reading direction', () => {
    expect(clean('a\u001b[31mb\u202ec\u0007')).toBe('abc');
  });

  it('lists a few of many', () => {
    expect(list(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
  });
});
