import { advice, aftermath, serviceLine, verdict } from '../../shared/announce/aftermath.ts';
import { commitOf, consoleLinks } from '../../shared/announce/links.ts';
import { change, headline, trigger, why } from '../../shared/announce/releaseWords.ts';
import { stepLine } from '../../shared/announce/steps.ts';
import { clean, clip, clipBytes, list } from '../../shared/announce/text.ts';
import { duration } from '../../shared/domain/duration.ts';
import { aService, aStep, aStory, aStoryOf, CRASH, STORIES } from './situations.ts';

const AGAIN = { kind: 'deploy', live: true, who: 'ann' } as const;

describe('headline', () => {
  it.each([
    ['preparing', /^web v12 is being prepared in production: 1\.2\.0 \([0-9a-f]{12}\)$/],
    ['migrating', /^web v12 is migrating in production: 1\.2\.0 \(/],
    ['rolling', /^web v12 is rolling out in production: 1\.2\.0 \(/],
    ['verifying', /^web v12 is being verified in production: 1\.2\.0 \(/],
    ['live', /^web v12 is live in production: 1\.2\.0 \([0-9a-f]{12}\)$/],
    ['rolling back', /^web v12 \(1\.2\.0\) is rolling back in production$/],
    ['failed, rolled back', /^web v12 \(1\.2\.0\) failed in production, 1\.1\.0 runs again$/],
    ['failed before anything changed', /^web v12 \(1\.2\.0\) failed in production, 1\.1\.0 still runs$/],
    ['failed, left to a person', /failed in production, nothing was rolled back: a person must decide$/],
    ['failed, partly rolled back', /failed in production, partly rolled back: a person must decide$/],
    ['rollback failed', /^web v12 \(1\.2\.0\) FAILED in production AND ROLLBACK FAILED: act now$/],
    ['being canceled by a person', /^web v12 \(1\.2\.0\) is being canceled in production$/],
    ['cancelled by a person', /^web v12 \(1\.2\.0\) was canceled in production, 1\.1\.0 runs again$/],
    ['superseded', /^web v12 \(1\.2\.0\) was superseded in production$/],
    ['rolled back by a person', /^web v13 is live in production: rolled back to 1\.1\.0 \(/],
  ])('%s', (name, expected) => {
    expect(headline(aStoryOf(name))).toMatch(expected);
  });

  it('exists for every story here', () => {
    expect(Object.values(STORIES).map(headline)).not.toContain('');
  });
});

describe('what runs after a failure', () => {
  it.each([
    ['live', 'none', undefined],
    ['rolling back', 'goingBack', 'Rolling everything back to 1.1.0 …'],
    ['failed, rolled back', 'back', 'Everything was rolled back to 1.1.0.'],
    ['failed before anything changed', 'untouched', 'No service was changed: 1.1.0 still runs.'],
    ['failed, left to a person', 'left', 'Nothing was rolled back: a person must decide.'],
    [
      'failed, partly rolled back',
      'partly',
      'Rolled back: web-app. Not rolled back: worker. A person must decide.',
    ],
    ['rollback failed', 'stuck', 'ROLLBACK FAILED: web-app. Rolled back: worker.'],
    ['superseded', 'untouched', 'Deployed outside Fairway, left as it is: web-app runs web-app:14.'],
  ])('%s', (name, kind, sentence) => {
    expect(aftermath(aStoryOf(name))).toBe(kind);
    expect(verdict(aStoryOf(name))).toBe(sentence);
  });

  it('does not claim that everything is rolled back where a service was deployed outside Fairway', () => {
    const story = aStory({
      failure: { cause: CRASH },
      services: [aService('unchanged', { runs: 'web-app:14' }), aService('back', { service: 'worker' })],
      outcome: { kind: 'superseded', reason: 'web-app:14 was deployed to web-app outside Fairway.' },
    });
    expect(verdict(story)).toBe(
      'Deployed outside Fairway, left as it is: web-app runs web-app:14. Rolled back: worker.',
    );
    expect(headline(story)).toBe('web v12 (1.2.0) was superseded in production');
  });

  it('does not claim that everything is rolled back while one service is not', () => {
    const story = aStory({
      failure: { cause: CRASH },
      services: [aService('back'), aService('goingBack', { service: 'worker' })],
    });
    expect(verdict(story)).toMatch(/^Rolling everything back/);
  });

  it('says so without a name when nothing ran before', () => {
    const { previous: _, ...first } = aStoryOf('failed, rolled back');
    expect(verdict(first)).toBe('Everything was rolled back.');
    expect(headline(first)).toBe('web v12 (1.2.0) failed in production, everything was rolled back');
  });

  it.each([
    ['live', undefined],
    ['rolling back', undefined],
    ['failed, rolled back', /fairway deploy web 1\.2\.0/],
    ['failed, left to a person', /fairway resume web/],
    ['rollback failed', /^Fix the services that did not roll back/],
    ['superseded', /fairway resume web/],
    ['cancelled by a person', undefined],
  ])('says what to do: %s', (name, expected) => {
    const said = advice(aStoryOf(name));
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(expected);
  });

  it.each([
    [
      aService('back', { runs: 'web-app:10 at 3/3 tasks' }),
      'web-app: rolled back, runs web-app:10 at 3/3 tasks',
    ],
    [aService('pending'), 'web-app: not changed, runs web-app:10'],
    [aService('stuck', { running: 1 }), 'web-app: ROLLBACK FAILED, 1/3 tasks'],
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
    ['that failed', aStep('db-migrate', 'task', 'failed', 3, 75), '✗ db-migrate · 1 min 12 s'],
    ['that was left out', aStep('smoke-test', 'task', 'skipped'), '– smoke-test'],
    ['with tasks', roll, '▶ roll web-app 1/3 · 26 s'],
    ['with tasks that failed', aStep('roll', 'roll', 'failed', 21, 66), '✗ roll web-app · 45 s'],
  ])('%s', (_, step, expected) => {
    expect(stepLine(step, aStory())).toBe(expected);
  });

  it('counts the tasks that roll back', () => {
    const story = aStoryOf('rolling back');
    expect(stepLine(aStep('an earlier name', 'putBack', 'running', 66), story)).toBe(
      '▶ roll back web-app 2/3 · 14 s',
    );
  });

  it.each([
    ['names only those that are rolled back', [aService('back', { running: 0 })], 'web-app'],
    [
      'counts those that are rolling back beside those that are done',
      [aService('goingBack', { running: 1 }), aService('back', { service: 'worker', running: 0 })],
      'web-app 1/3, worker',
    ],
    [
      'sums many up',
      Array.from({ length: 7 }, (_, at) => aService(at < 4 ? 'back' : 'goingBack', { running: 0 })),
      '4 of 7 services',
    ],
  ])(
    '%s: the count of a service that is rolled back would be that of the failed deployment',
    (_, services, expected) => {
      const story = aStory({ services, failure: { cause: CRASH } });
      expect(stepLine(aStep('an earlier name', 'putBack', 'done', 66, 80), story)).toBe(
        `✓ roll back ${expected} · 14 s`,
      );
    },
  );

  it('does not call a step failed that a person ended', () => {
    const story = aStoryOf('being canceled by a person');
    expect(story.steps.map((step) => stepLine(step, story)).join()).not.toContain('✗');
    expect(stepLine(aStep('roll', 'roll', 'failed', 21, 66), story)).toBe('– roll web-app · 45 s');
  });

  it('shows waves that wait', () => {
    const services = [aService('live'), aService('pending', { service: 'worker' })];
    expect(stepLine(roll, aStory({ services }))).toBe('▶ roll web-app 3/3, 1 waiting · 26 s');
  });

  it('sums many services up', () => {
    const services = Array.from({ length: 12 }, (_, index) =>
      aService('rolling', { service: `s${index}`, running: 2 }),
    );
    expect(stepLine(roll, aStory({ services }))).toBe('▶ roll 12 services, 24/36 tasks · 26 s');
  });

  it('says that there was nothing to roll out', () => {
    const step = aStep('roll', 'roll', 'done', 3, 3);
    expect(stepLine(step, aStory({ services: [aService('unchanged')] }))).toBe(
      '✓ roll: nothing to do, it runs everywhere · 0 s',
    );
  });
});

describe('a rollback by a person that failed', () => {
  it('says that the image from before the rollback runs again, and what to do', () => {
    const cause = { ...CRASH, sentence: 'It was killed.' };
    const story = aStoryOf('rolled back by a person');
    const failed = {
      ...story,
      services: [aService('back', { from: 'web-app:11', to: 'web-app:12' })],
      failure: { service: 'web-app', cause },
      outcome: { kind: 'failed', reason: 'It was killed.' },
    } as const;
    expect(verdict(failed)).toBe('1.2.0, which ran before this rollback, runs again.');
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
    expect(trigger(aStory({ trigger: AGAIN }))).toBe('deployed again with changed settings by ann (claimed)');
    expect(trigger(aStory({ trigger: { ...AGAIN, restart: true } }))).toBe('restarted by ann (claimed)');
    expect(why(aStoryOf('cancelled by a person'))).toBe('ann@example.com (Admin) canceled v12.');
    expect(clean('arn:aws:iam::123456789012:user/team/bob deployed')).toBe('bob deployed');
  });

  it('says that the live image was restarted, and names it once', () => {
    const image = aStory().image;
    const story = aStory({ image, previous: image, trigger: { ...AGAIN, restart: true } });
    expect(change(story)).toMatch(/^1\.2\.0 \([0-9a-f]{12}\)$/);
    const outcome = { kind: 'live', reason: '' } as const;
    expect(headline({ ...story, outcome })).toContain('is live in production: restarted with 1.2.0 (');
  });

  it.each([
    [{ restart: true } as const, 'Fix the cause, then: fairway restart web'],
    [{}, 'Fix the settings in fairway.yml, then apply them again'],
  ])('advises no new image where the live one failed with %j', (how, expected) => {
    expect(advice({ ...aStoryOf('failed, rolled back'), trigger: { ...AGAIN, ...how } })).toBe(expected);
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
    [0, '0 s'],
    [850, '850 ms'],
    [42_400, '42 s'],
    [59_700, '1 min'],
    [72_000, '1 min 12 s'],
    [3_780_000, '1 h 3 min'],
    [-5, '0 s'],
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
