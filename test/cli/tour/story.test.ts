import { connectionFor } from '../../../cli/connection.ts';
import { plain } from '../../../cli/style.ts';
import { controlAt } from '../../../cli/tour/control.ts';
import { textsOf } from '../../../cli/tour/messages.ts';
import { screenOn } from '../../../cli/tour/screen.ts';
import { type Stage, showRelease } from '../../../cli/tour/story.ts';
import { loadConfiguration } from '../../../shared/config/load.ts';
import { type Answered, fakeCloud, type Received } from '../fake-cloud.ts';

const arn = (kind: string, name: string) => `arn:aws:ecs:us-east-1:123456789012:${kind}/${name}`;
const start = Date.parse('2026-01-01T12:00:00Z');

/** A cloud that is one step further at each look: first before the push, then rolling, then live. */
function scripted() {
  let looks = 0;
  let pushed = false;
  const now = () => start + looks * 10_000;
  const revision = () => (pushed && looks > 2 ? 2 : 1);
  const answer = ({ path, target, body }: Received): Answered | undefined => {
    const json = (value: unknown): Answered => ({ body: JSON.stringify(value) });
    if (path === '/_local/clock') return json({ now: new Date(now()).toISOString(), speed: 20, idle: false });
    if (path === '/_local/push') {
      pushed = JSON.parse(body).repository === 'web-app';
      return json({ digest: 'sha256:4f9c2e1b7a3d5f60' });
    }
    if (path === '/_local/messages')
      return json(
        pushed
          ? [
              {
                at: new Date(now()).toISOString(),
                kind: 'slack',
                channel: 'C1',
                update: true,
                payload: { blocks: [{ text: { text: 'v1 live' } }] },
              },
            ]
          : [],
      );
    if (path.startsWith('/_local/calls'))
      return json([
        {
          at: new Date(start + 15_000).toISOString(),
          caller: 'fairway-production-image-pushed',
          service: 'ecs',
          operation: 'UpdateService',
          status: 200,
        },
      ]);
    if (path.includes('/invocations')) return json({ ok: true, sentence: '', releases: releases() });
    if (target.endsWith('.DescribeServices')) {
      looks += 1;
      return json({ services: [service()] });
    }
    if (target.endsWith('.ListTasks'))
      return json({ taskArns: body.includes('RUNNING') ? [arn('task', 'app-prod/a')] : [] });
    if (target.endsWith('.DescribeTasks')) return json({ tasks: [task()] });
    return undefined;
  };
  const service = () => ({
    serviceName: 'web-app',
    desiredCount: 1,
    deployments: [
      {
        status: 'PRIMARY',
        taskDefinition: arn('task-definition', `web-app:${revision()}`),
        rolloutState: looks > 3 || !pushed ? 'COMPLETED' : 'IN_PROGRESS',
      },
    ],
  });
  const task = () => ({
    taskArn: arn('task', 'app-prod/a'),
    group: 'service:web-app',
    taskDefinitionArn: arn('task-definition', `web-app:${revision()}`),
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    healthStatus: 'HEALTHY',
    createdAt: start / 1_000,
    containers: [{ name: 'web' }],
  });
  const releases = () =>
    looks > 3
      ? [
          {
            app: 'web',
            number: 1,
            id: 'x',
            tag: '1.1.0',
            digest: 'sha256:4f',
            state: 'live',
            reason: 'fine',
            by: 'push',
            startedAt: start,
            endedAt: start + 40_000,
          },
        ]
      : [];
  return answer;
}

async function play(signal: AbortSignal) {
  const cloud = await fakeCloud(scripted());
  const written: string[] = [];
  const [app] = loadConfiguration(`${import.meta.dirname}/../../../fairway.yml`).apps;
  if (app === undefined) throw new Error('the example has no app');
  const stage: Stage = {
    app,
    control: controlAt(cloud.url, signal),
    connection: await connectionFor(
      { json: false, local: cloud.url },
      { installation: () => ({ stack: 'fairway-production' }), env: {} },
    ),
    screen: screenOn({ write: (text) => written.push(text) }, false, plain),
    style: plain,
    card: ({ payload }) => textsOf(payload).join(),
    signal,
  };
  try {
    return {
      shown: await showRelease({ tag: '1.1.0', platforms: [], labels: {}, content: 'x' }, stage),
      text: written.join(''),
    };
  } finally {
    await cloud.stop();
  }
}

describe('showRelease', () => {
  it('follows a push until Fairway says how it ended, and shows the card', async () => {
    const { shown, text } = await play(AbortSignal.timeout(20_000));
    expect(shown).toMatchObject({ simulated: 40_000, messages: 'v1 live' });
    expect(shown.chapter).toMatchObject({
      base: 'web-app:1',
      target: 'web-app:2',
      outcome: { state: 'live' },
    });
    expect(shown.calls.map(({ operation }) => operation)).toEqual(['UpdateService']);
    expect(text).toContain('✓ web-app:1.1.0 pushed');
    expect(text).toContain('v1 live  fine');
    expect(text).toContain('\nv1 live\n');
  });

  it('ends at once when it is interrupted', async () => {
    await expect(play(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});
