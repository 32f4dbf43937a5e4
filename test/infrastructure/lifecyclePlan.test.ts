import { renderPlan } from '../../cli/infrastructure/print.ts';
import { plain } from '../../cli/style.ts';
import { EXAMPLE } from './example.ts';
import { applied, aRunningExample, type EmptyCloud, planned } from './world.ts';

/** The service runs 1.0.0; four later images were pushed and are not live. */
let cloud: EmptyCloud;
beforeEach(async () => {
  cloud = await aRunningExample(EXAMPLE);
  for (const tag of ['1.1.0', '1.2.0', '1.3.0', '1.4.0']) {
    cloud.clock.runUntil(cloud.clock.now() + 60_000);
    cloud.push('web-app', tag);
  }
});

function keeping(count: number, tagStatus = 'any'): string {
  return EXAMPLE.replace('tagStatus: untagged', `tagStatus: ${tagStatus}`).replace(
    'countNumber: 50',
    `countNumber: ${count}`,
  );
}

async function shown(yaml: string, live = {}): Promise<string> {
  return renderPlan(await planned(yaml, cloud, async () => live), plain);
}

describe('a lifecycle policy', () => {
  test('is not set where it would expire what a service runs', async () => {
    const plan = await shown(keeping(4));
    expect(plan).toContain('not done: the lifecycle policy is not set: rule 1 would expire 1.0.0 (');
    expect(plan).toContain('what the service app-prod/web-app runs. Keep more images, or select others');
    await applied(keeping(4), cloud);
    expect(cloud.changes().filter((call) => call === 'ecr:PutLifecyclePolicy')).toHaveLength(1);
  });

  test('is set where it keeps it, and says for how long', async () => {
    const plan = await shown(keeping(8));
    expect(plan).not.toContain('not done');
    expect(plan).toContain(
      'unless other images go live, the first image in use is removed in about 4 pushes',
    );
    await applied(keeping(8), cloud);
    expect(cloud.changes().filter((call) => call === 'ecr:PutLifecyclePolicy')).toHaveLength(2);
  });

  test('is not set where it would expire what an app rolls back to', async () => {
    const [before = ''] = [...(cloud.registry.repositories.get('web-app')?.images.keys() ?? [])].slice(1, 2);
    const { aws } = cloud;
    await aws('ecs', 'UpdateService', { cluster: 'app-prod', service: 'web-app', desiredCount: 0 });
    const plan = await shown(keeping(2), { live: 'sha256:other', before });
    expect(plan).toContain('would expire 1.1.0 (');
    expect(plan).toContain('what web rolls back to');
  });

  test('is checked against running tasks, also where their service is not declared', async () => {
    const { services: _, ...others } = { services: '', yaml: keeping(4).split('services:')[0] ?? '' };
    expect(await shown(others.yaml)).toContain('what a task of service:web-app uses');
  });

  test('is set where it keeps the index of the image that runs', async () => {
    const child = cloud.pushIndex('web-app', '2.0.0');
    cloud.clock.runUntil(cloud.clock.now() + 48 * 3_600_000);
    const policy = keeping(1, 'untagged').replace('imageCountMoreThan', 'sinceImagePushed, countUnit: days');
    expect(await shown(policy, { live: child })).not.toContain('not done');
    cloud.registry.remove('web-app', { tag: '2.0.0' });
    expect(await shown(policy, { live: child })).toContain('rule 1 would expire');
  });

  test('that Fairway does not understand is set, with a note', async () => {
    const plan = await shown(keeping(8, 'some'));
    expect(plan).toContain('cannot be checked: rule 1: tagStatus is none of tagged, untagged, any');
    expect(plan).not.toContain('not done');
  });
});
