import type { RetrySummary } from '../../shared/domain/summaries.ts';
import { anImage } from '../builders.ts';
import { anInstallation, app } from './installation.ts';

const DENIED = 'ecr:DescribeImages: not authorized. Allow it.';

/** A push whose image cannot be looked up, after one that went live. */
async function denied() {
  const installation = await anInstallation({
    performs: {
      inspectImage: (effect) =>
        'tag' in effect && effect.tag === '1.7.0'
          ? { kind: 'retry', wait: 60_000, why: DENIED }
          : { kind: 'imageInspected', image: anImage('1.1.0'), storage: 'ACTIVE' },
    },
  });
  await installation.live('1.1.0');
  await installation.push('1.7.0');
  installation.wait();
  installation.wait();
  return installation;
}

describe('a look-up that fails', () => {
  it.each(['1.7.0', undefined])('is what `why` shows of the push: %s', async (tag) => {
    const answer = await (await denied()).why(tag);
    expect(answer).toMatchObject({
      ok: true,
      sentence: `1.7.0 has reached Fairway, which looks up its image in ECR, retrying for 2 min: ${DENIED}`,
    });
  });

  it('hides nothing about earlier images', async () => {
    const answer = await (await denied()).why('1.1.0');
    expect(answer).toMatchObject({ ok: true, sentence: expect.stringContaining('1.1.0') });
    expect(answer).not.toMatchObject({ sentence: expect.stringContaining('looks up') });
  });

  it('is in the status, with its reason and since when', async () => {
    const answer = await (await denied()).ask({ command: 'status', app: 'web' });
    const expected: RetrySummary = {
      what: 'look up the image 1.7.0',
      since: expect.any(Number),
      why: DENIED,
    };
    expect(answer).toMatchObject({ apps: [{ retrying: [expected] }] });
  });
});

describe('a listing that fails', () => {
  it('is in the status, too', async () => {
    const installation = await anInstallation();
    const failure = { since: 1, why: DENIED, passing: false, announced: false };
    await installation.store.saveListings(
      new Map([[app.name, { repository: 'web-app', since: 0, failure }]]),
    );
    expect(await installation.ask({ command: 'status', app: 'web' })).toMatchObject({
      apps: [{ retrying: [{ what: 'list the images of web-app', since: 1, why: DENIED }] }],
    });
  });
});
