import type { EcsEffect } from '../../shared/domain/effects.ts';
import type { Trigger } from '../../shared/domain/release.ts';
import { createPerformEcs } from '../../shared/perform/perform.ts';
import { AwsFault, type Ecs, type Images, type Inspected } from '../../shared/ports.ts';
import { anApp, digestOf, HOME, START } from '../builders.ts';
import { noLogs } from '../fakes.ts';

const denied = new AwsFault(
  'AccessDeniedException',
  'ecr:BatchGetImage: User: arn:aws:sts::123456789012:assumed-role/fairway/sweep is not authorized to perform: ecr:BatchGetImage on resource: web-app',
  false,
);

function refusing(fault: AwsFault) {
  const refuse = () => Promise.reject(fault);
  const ecs = new Proxy({} as Ecs, { get: () => refuse });
  return createPerformEcs({
    ecs,
    home: HOME,
    images: { inspect: refuse, tagged: refuse },
    logs: noLogs,
    now: () => START,
  });
}

const lookUp = (trigger: Trigger): EcsEffect => ({
  kind: 'inspectImage',
  tag: '1.1.0',
  trigger,
  source: 'event',
});

describe('a look-up outside a release', () => {
  it.each<[string, EcsEffect]>([
    ['of a pushed image', lookUp({ kind: 'push' })],
    ['of what runs', { kind: 'adopt', services: ['web-app'] }],
  ])('%s is retried until the missing permission is there', async (_, effect) => {
    expect(await refusing(denied)(anApp(), effect, 9)).toEqual({
      kind: 'retry',
      wait: 60_000,
      why: expect.stringMatching(/not authorized.*Fairway has no permission for ecr:BatchGetImage/),
    });
  });

  it.each([
    [
      'the policy of a repository in another account',
      '210987654321',
      'because no resource-based policy allows the ecr:DescribeImages action',
      /\. Allow ecr:DescribeImages in the policy of the repository team\/web in 210987654321, eu-west-1: `fairway forwarding` shows how\.$/,
    ],
    [
      'the policy of a repository in another account, where AWS does not say which policy denies it',
      '210987654321',
      '',
      /in the policy of the repository team\/web in 210987654321, eu-west-1/,
    ],
    [
      'its role for a repository in another account',
      '210987654321',
      'because no identity-based policy allows the ecr:DescribeImages action',
      /no permission for ecr:DescribeImages: deploy its stack again/,
    ],
    [
      'its role for a repository in its account',
      '123456789012',
      'because no resource-based policy allows the ecr:DescribeImages action',
      /no permission for ecr:DescribeImages: deploy its stack again/,
    ],
  ])('advises to change %s', async (_, account, because, advice) => {
    const words = `ecr:DescribeImages: User: arn:aws:sts::123456789012:assumed-role/fairway/sweep is not authorized to perform: ecr:DescribeImages on resource: arn:aws:ecr:eu-west-1:${account}:repository/team/web ${because}`;
    const fault = new AwsFault('AccessDeniedException', words.trim(), false);
    const answer = await refusing(fault)(anApp(), lookUp({ kind: 'push' }), 0);
    expect(answer).toMatchObject({ kind: 'retry', why: expect.stringMatching(advice) });
  });

  it.each(['UnrecognizedClientException', 'KmsException', 'InvalidSignatureException'])(
    'is retried where AWS answers %s',
    async (code) => {
      const fault = new AwsFault(code, `ecr:DescribeImages: ${code}`, false);
      expect(await refusing(fault)(anApp(), lookUp({ kind: 'push' }), 0)).toMatchObject({ kind: 'retry' });
    },
  );

  it('sees no services where the cluster to adopt does not exist yet', async () => {
    const fault = new AwsFault('ClusterNotFoundException', 'ecs:DescribeServices: Cluster not found.', false);
    const answer = await refusing(fault)(anApp(), { kind: 'adopt', services: ['web-app'] }, 0);
    expect(answer).toEqual({ kind: 'adopted', services: [] });
  });

  it('that a person asked for is answered at once', async () => {
    const answer = await refusing(denied)(anApp(), lookUp({ kind: 'deploy', who: 'operator' }), 0);
    expect(answer).toMatchObject({ kind: 'refused', cause: { kind: 'accessDenied' } });
  });
});

describe('a denial inside a release', () => {
  it('is final at once', async () => {
    const effect: EcsEffect = { kind: 'lookAtServices', services: ['web-app'] };
    expect(await refusing(denied)(anApp(), effect, 0)).toMatchObject({ kind: 'refused' });
  });
});

describe('the look-up of something that is not an image', () => {
  const chart = { digest: digestOf('chart'), notAnImage: 'a chart is not an image' };

  function having(found: Inspected, images: Partial<Images> = {}) {
    const ecs = new Proxy({} as Ecs, { get: () => () => Promise.reject(new Error('not asked')) });
    const all: Images = { inspect: async () => found, tagged: async () => ({ images: [] }), ...images };
    return createPerformEcs({ ecs, home: HOME, images: all, logs: noLogs, now: () => START });
  }

  it('answers what is there, and why it is not released', async () => {
    expect(await having(chart)(anApp(), lookUp({ kind: 'push' }), 0)).toEqual({
      kind: 'imageMissing',
      digest: chart.digest,
      reason: '1.1.0 in web-app cannot run: a chart is not an image',
    });
  });

  it('is left out when the newest image is asked for', async () => {
    const asked: unknown[] = [];
    const perform = having(chart, {
      inspect: async (_, reference) => {
        asked.push(reference);
        return undefined;
      },
      tagged: async (_, next) =>
        next === undefined
          ? {
              images: [
                { tag: '2.0.0', digest: chart.digest, pushedAt: START + 1, notAnImage: chart.notAnImage },
              ],
              next: 'more',
            }
          : { images: [{ tag: '1.1.0', digest: digestOf('1.1.0'), pushedAt: START }] },
    });
    const trigger = { kind: 'deploy', who: 'operator' } as const;
    await perform(anApp(), { kind: 'inspectImage', trigger, source: 'operator' }, 0);
    expect(asked).toEqual([{ tag: '1.1.0' }]);
  });
});
