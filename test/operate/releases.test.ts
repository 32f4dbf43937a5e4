import type { AdoptedService } from '../../shared/domain/answers.ts';
import { operate } from '../../shared/operate/operate.ts';
import { AwsFault, type Ecs } from '../../shared/ports.ts';
import { aFailedStory } from '../announce/stories.ts';
import { anApp, anImage, anObservedService, digestOf, MINUTE, revision, START } from '../builders.ts';
import { anEcs, aPerformer, aReading, aStore, aWorld } from '../fakes.ts';
import { anInstallation, app } from './installation.ts';

const minute = (count: number) => `2026-03-01 10:0${count}:00Z`;

describe('why', () => {
  it('says that what is live is live, and since when', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 is live as v1 since ${minute(1)}`,
      pushes: [{ outcome: 'live', live: { release: 1, from: START + MINUTE } }],
    });
  });

  it('says of what was live when that was, and what replaced it', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    await installation.live('1.2.0');
    await installation.ask({ command: 'rollback', app: 'web', who: 'ann' });
    await installation.completes();
    expect(await installation.why('1.2.0')).toMatchObject({
      sentence: `1.2.0 was live as v2 from ${minute(2)} to ${minute(3)}; replaced by v3 (rollback)`,
      pushes: [{ live: { until: START + 3 * MINUTE, replacedBy: { release: 3, tag: '1.1.0' } } }],
    });
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 is live as v3 since ${minute(3)}`,
    });
  });

  it('finds what replaced an image past releases that failed', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    for (let number = 2; number < 30; number += 1) {
      const failed = aFailedStory({
        release: number,
        releaseId: `f${number}`,
        image: anImage(`0.${number}`),
      });
      await installation.store.recordRelease(failed);
    }
    const item = installation.items.get('web');
    if (item) installation.items.set('web', { ...item, state: { ...item.state, lastNumber: 29 } });
    await installation.live('1.2.0');
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 was live as v1 from ${minute(1)} to ${minute(2)}; replaced by v30 (push)`,
    });
  });

  it('remembers that an image was live whose release failed and was left, until a resume found it', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    const image = anImage('1.2.0');
    await installation.store.recordRelease(aFailedStory({ release: 2, image }));
    const entry = { app: 'web', tag: '1.2.0', digest: image.digest, at: START, release: 2 };
    await installation.store.recordPush({ ...entry, outcome: 'failed', reason: 'It crashed.' }, true);
    const item = installation.items.get('web');
    if (!item) throw new Error('nothing was saved');
    const live = { tag: '1.2.0', digest: image.digest, pushedAt: START, since: START + 90_000, release: 2 };
    const liveHistory = [live, ...item.state.liveHistory];
    installation.items.set('web', { ...item, state: { ...item.state, live, liveHistory, lastNumber: 2 } });
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 was live as v1 from ${minute(1)} to 2026-03-01 10:01:30Z; replaced by v2`,
    });
    await installation.live('1.3.0');
    const span = `was live as v2 from 2026-03-01 10:01:30Z to ${minute(2)}; replaced by v3 (push)`;
    expect(await installation.why('1.2.0')).toMatchObject({
      sentence: `1.2.0 failed as v2: It crashed. Its image ${span}`,
    });
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 was live as v1 from ${minute(1)} to 2026-03-01 10:01:30Z; replaced by v2`,
    });
    expect(await installation.ask({ command: 'releases', app: 'web' })).toMatchObject({
      releases: [{ number: 3 }, { number: 2, state: 'failed', live: { sentence: span } }, { number: 1 }],
    });
  });

  it('calls the image that has run since before Fairway live, whatever the ledger has', async () => {
    const installation = await anInstallation();
    const entry = { app: 'web', tag: '1.0.0', digest: digestOf('1.0.0'), at: START };
    await installation.store.recordPush(
      { ...entry, outcome: 'ignored', reason: 'pushed before Fairway' },
      false,
    );
    expect(await installation.why('1.0.0')).toMatchObject({ sentence: '1.0.0 is live since before Fairway' });
    await installation.live('1.1.0');
    expect(await installation.why('1.0.0')).toMatchObject({
      sentence: `1.0.0 was live from before Fairway to ${minute(1)}; replaced by v1 (push)`,
    });
  });

  it('calls the first image of services that Fairway waited for live, and not from before Fairway', async () => {
    const seen = { service: 'web-app', deploymentId: 'ecs-svc/1', taskDefinition: revision('web-app', 1) };
    const services: AdoptedService[] = [];
    const performs = { adopt: () => ({ kind: 'adopted', services }) as const };
    const installation = await anInstallation({ performs });
    expect(installation.state()?.live).toBeUndefined();
    const entry = { app: 'web', tag: '1.0.0', digest: digestOf('1.0.0'), at: START };
    await installation.store.recordPush({ ...entry, outcome: 'ignored', reason: 'it is live' }, false);
    services.push({ ...seen, digest: digestOf('1.0.0'), tag: '1.0.0' });
    await installation.ticks();
    expect(await installation.why('1.0.0')).toMatchObject({ sentence: `1.0.0 is live since ${minute(1)}` });
    const status = await installation.ask({ command: 'status', app: 'web' });
    expect(status).toMatchObject({ apps: [{ live: { tag: '1.0.0', origin: 'firstImage' } }] });
    await installation.live('1.1.0');
    expect(await installation.why('1.0.0')).toMatchObject({
      sentence: `1.0.0 was live from ${minute(1)} to ${minute(2)}; replaced by v1 (push)`,
    });
  });

  it('says of a live image that no release brought where it is from', async () => {
    const installation = await anInstallation();
    const status = () => installation.ask({ command: 'status', app: 'web' });
    expect(await status()).toMatchObject({ apps: [{ live: { tag: '1.0.0', origin: 'beforeFairway' } }] });
    const item = installation.items.get('web');
    if (!item?.state.live) throw new Error('nothing is live');
    const live = { ...item.state.live, since: START + 1 };
    installation.items.set('web', { ...item, state: { ...item.state, live } });
    expect(await status()).toMatchObject({ apps: [{ live: { origin: 'foundRunning' } }] });
    await installation.live('1.1.0');
    expect(await status()).not.toMatchObject({ apps: [{ live: { origin: expect.anything() } }] });
  });

  it('says both that a release of an image failed and that the image is live', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    const entry = { app: 'web', tag: '1.1.0', digest: digestOf('1.1.0'), at: START, release: 2 };
    await installation.store.recordPush({ ...entry, outcome: 'failed', reason: 'It crashed.' }, true);
    expect(await installation.why('1.1.0')).toMatchObject({
      sentence: `1.1.0 failed as v2: It crashed. Its image is live as v1 since ${minute(1)}`,
    });
  });

  it.each([
    ['rolledBack', '1.1.0 was rolled back as v1: so'],
    ['releasing', '1.1.0 is being released: so'],
    ['stranded', '1.1.0 failed, and the rollback failed too as v1: so'],
    ['superseded', '1.1.0 was superseded as v1: so'],
  ])('has words for the outcome %s', async (outcome, sentence) => {
    const installation = await anInstallation();
    const entry = { app: 'web', tag: '1.1.0', digest: digestOf('1.1.0'), at: START, release: 1 };
    await installation.store.recordPush({ ...entry, outcome, reason: 'so' }, true);
    expect(await installation.why('1.1.0')).toMatchObject({ sentence });
  });

  it('without a tag is about the newest push, not about what was rolled back to since', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    await installation.live('1.2.0');
    await installation.ask({ command: 'rollback', app: 'web', who: 'ann' });
    await installation.completes();
    expect(await installation.why()).toMatchObject({ ok: true, pushes: [{ tag: '1.2.0' }] });
  });

  it('without a tag says that nothing was pushed yet', async () => {
    const installation = await anInstallation();
    const message = 'no push has reached Fairway for web: is it in the repository web-app?';
    expect(await installation.why()).toMatchObject({
      error: 'notFound',
      message: expect.stringContaining(message),
    });
  });
});

describe('releases', () => {
  it('shows which one is live, and of those that were until when', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    await installation.live('1.2.0');
    await installation.push('1.3.0');
    const answer = await installation.ask({ command: 'releases', app: 'web' });
    expect(answer).toMatchObject({
      releases: [
        {
          number: 3,
          state: 'rolling',
          reason: expect.stringMatching(/^web v3 is rolling out in test: 1\.3\.0/),
        },
        { number: 2, state: 'live', live: { sentence: `is live as v2 since ${minute(2)}` } },
        { number: 1, state: 'live', live: { replacedBy: { release: 2, trigger: 'push' } } },
      ],
    });
    expect(answer).not.toHaveProperty('releases.0.live');
    expect(answer).not.toHaveProperty('releases.1.live.until');
  });
});

describe('show', () => {
  it('has everything about a release that people are notified of', async () => {
    const installation = await anInstallation();
    const image = anImage('1.2.0', {
      labels: { revision: 'b81d04f7c2e96a51', source: 'https://git.example/web', author: 'Ann' },
    });
    const tail = {
      lines: [{ at: START, container: 'web', text: 'no PAYMENT_URL' }],
      elsewhere: ['x logs to y'],
    };
    const { failure } = aFailedStory();
    if (!failure) throw new Error('the story has not failed');
    await installation.store.recordRelease(aFailedStory({ image, failure: { ...failure, tail } }));
    expect(await installation.ask({ command: 'show', app: 'web', release: 2 })).toMatchObject({
      sentence: 'web v2 (1.2.0) failed in production, 1.1.0 runs again',
      shown: {
        number: 2,
        state: 'failed',
        trigger: 'image push',
        steps: [{ name: 'db-migrate', state: 'done', line: '✓ db-migrate · 42 s' }, { name: 'roll' }],
        services: ['web-app: rolled back, runs web-app:11 at 3/3 tasks'],
        failure: { cause: 'web-app: Container web exited with code 1.', kind: 'crash' },
        lines: ['no PAYMENT_URL'],
        elsewhere: ['x logs to y'],
        now: 'Everything was rolled back to 1.1.0.',
        toDo: expect.stringContaining('deploy web 1.2.0'),
        commit: { short: 'b81d04f7c', url: 'https://git.example/web/commit/b81d04f7c2e96a51' },
        author: 'Ann',
        previous: { tag: '1.1.0' },
        links: [
          { name: 'web-app deployments', url: expect.stringContaining('https://us-east-1.console') },
          { name: 'web-app:12' },
          { name: 'cluster app-prod' },
        ],
      },
    });
  });

  it('without a number shows the newest release, the open one included', async () => {
    const installation = await anInstallation();
    await installation.live('1.1.0');
    await installation.push('1.2.0');
    expect(await installation.ask({ command: 'show', app: 'web' })).toMatchObject({
      shown: {
        number: 2,
        state: 'rolling',
        steps: [{ name: 'prepare' }, { name: 'roll', state: 'running' }],
      },
    });
    expect(await installation.ask({ command: 'show', app: 'web', release: 1 })).toMatchObject({
      shown: { number: 1, live: { release: 1 } },
    });
  });

  it.each([
    [7, 'web has no v7; the last one is v1: `fairway releases web` lists them'],
    [undefined, 'web has no release yet: push an image, or `fairway deploy web`'],
  ])('says that there is no release %s', async (release, message) => {
    const installation = await anInstallation();
    if (release !== undefined) await installation.live('1.1.0');
    const request = { command: 'show', app: 'web', ...(release === undefined ? {} : { release }) } as const;
    expect(await installation.ask(request)).toEqual({ ok: false, error: 'notFound', message });
  });
});

describe('status', () => {
  const rolling = (): Partial<Ecs> => {
    const old = anObservedService('web-app', { running: 2 }).deployments[0];
    const [fresh] = anObservedService('web-app', {
      primary: 'ecs-svc/11',
      runs: revision('web-app', 11),
      rolloutState: 'IN_PROGRESS',
      running: 1,
    }).deployments;
    const deployments = [fresh, { ...old, status: 'ACTIVE' }] as ReturnType<
      typeof anObservedService
    >['deployments'];
    return { services: async () => [anObservedService('web-app', { overrides: { deployments } })] };
  };

  it('shows what ECS says of each service, as of when it was asked', async () => {
    const installation = await anInstallation({ ecs: rolling() });
    await installation.push('1.1.0');
    expect(await installation.ask({ command: 'status', app: 'web' })).toMatchObject({
      apps: [
        {
          services: ['web-app'],
          asOf: START,
          open: { number: 1, steps: [{ name: 'prepare' }, { name: 'roll', state: 'running' }] },
          running: [
            {
              service: 'web-app',
              desired: 3,
              running: 3,
              revision: 'web-app:11',
              rollout: 'IN_PROGRESS',
              deployments: [
                { revision: 'web-app:11', running: 1 },
                { revision: 'web-app:10', running: 2 },
              ],
            },
          ],
        },
      ],
    });
  });

  it('asks ECS once for the apps of a cluster', async () => {
    const asked: (readonly string[])[] = [];
    const services: Ecs['services'] = async (_, names) => {
      asked.push(names);
      return names.map((name) => anObservedService(name));
    };
    const worker = { name: 'worker', wave: 1, family: 'worker', containers: [] };
    const apps = [app, anApp({ name: 'jobs', services: [worker] })];
    const { world } = aWorld({ apps, store: aStore().store, perform: aPerformer().perform });
    const reading = aReading({ ecs: anEcs({ services }) });
    const answer = await operate(world, { command: 'status' }, reading);
    expect(asked).toEqual([['web-app', 'worker']]);
    expect(answer).toMatchObject({
      apps: [{ running: [{ service: 'web-app' }] }, { running: [{ service: 'worker' }] }],
    });
  });

  it('shows the rest where ECS does not answer, and why it did not', async () => {
    const services = async () => {
      throw new AwsFault('AccessDeniedException', 'ecs:DescribeServices was denied', false);
    };
    const installation = await anInstallation({ ecs: { services } });
    await installation.live('1.1.0');
    const answer = await installation.ask({ command: 'status', app: 'web' });
    expect(answer).toMatchObject({
      apps: [{ live: { tag: '1.1.0' }, unread: 'ecs:DescribeServices was denied' }],
    });
    expect(answer).not.toHaveProperty('apps.0.running');
  });

  it('shows the image of a deployment that Fairway does not know', async () => {
    const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/web-app:9.9.9@${digestOf('9.9.9')}`;
    const taskDefinition = { containerDefinitions: [{ name: 'web', image }] };
    const installation = await anInstallation({
      ecs: {
        services: async () => [
          anObservedService('web-app', { primary: 'ecs-svc/other', runs: revision('web-app', 99) }),
        ],
        taskDefinition: async () => ({ taskDefinition, tags: [] }),
      },
    });
    expect(await installation.ask({ command: 'status', app: 'web' })).toMatchObject({
      apps: [{ running: [{ revision: 'web-app:99', otherImage: { digest: digestOf('9.9.9') } }] }],
    });
  });

  it('shows the last release that failed, with its cause, but none that a person cancelled', async () => {
    const installation = await anInstallation({ ecs: rolling() });
    await installation.store.recordRelease(aFailedStory({ release: 2 }));
    const cause = { kind: 'person', sentence: 'ann canceled v3.', evidence: [], canHeal: false };
    const outcome = { kind: 'rolledBack', reason: 'canceled' } as const;
    await installation.store.recordRelease(aFailedStory({ release: 3, failure: { cause }, outcome }));
    expect(await installation.ask({ command: 'status', app: 'web' })).toMatchObject({
      apps: [
        {
          lastFailure: {
            release: 2,
            cause: 'web-app: Container web exited with code 1.',
            at: START + 2 * MINUTE,
          },
        },
      ],
    });
  });
});
