import { createClock } from '../../local/clock.ts';
import type { Behaviour, JsonObject } from '../../local/contract.ts';
import { pushImage } from '../../local/ecr/push.ts';
import { createRegistry } from '../../local/ecr/registry.ts';
import { createEcs } from '../../local/ecs/ecs.ts';
import { createBus } from '../../local/events/bus.ts';
import type { EventEnvelope } from '../../local/events/busState.ts';
import { scheduledEvent } from '../../local/events/envelope.ts';
import { createIds } from '../../local/ids.ts';
import { START } from '../builders.ts';
import { loadBalancers, pauseAt, shifting } from '../local/ecs/shifting.ts';
import { definition, service, task } from '../local/ecs/world.ts';
import { loadEventSchemas } from './events.ts';

const PLACE = { account: '123456789012', region: 'us-east-1' };
const schemas = loadEventSchemas();

/** ECS and ECR whose events are kept as targets would get them. */
function aWorld() {
  const clock = createClock(START);
  const ids = createIds(1);
  const events: EventEnvelope[] = [];
  const behaviours: Behaviour[] = [];
  const bus = createBus({
    clock,
    ids,
    ...PLACE,
    rules: [],
    deliver: () => {},
    onDeadLetter: () => {},
    interfere: (event) => {
      events.push(JSON.parse(JSON.stringify(event)));
      return undefined;
    },
  });
  const registry = createRegistry({ clock, emit: bus.emit, ...PLACE });
  const ecs = createEcs({
    clock,
    ids,
    ...PLACE,
    emit: bus.emit,
    images: registry.images,
    behaviours: () => behaviours,
    writeLog: () => {},
  });
  registry.create('web-app');
  for (const tag of ['1', '2']) pushImage(registry, ids, { repository: 'web-app', tag, content: tag });
  ecs.createCluster('prod');
  const world = {
    registry,
    ids,
    events,
    behaviours,
    call(operation: string, input: JsonObject) {
      const call = { caller: 'external', callerArn: 'arn:aws:iam::123456789012:user/op', ...PLACE };
      const answer: ReturnType<typeof JSON.parse> = ecs.api.operations[operation]?.(input, call);
      return answer;
    },
    after(minutes: number) {
      clock.runUntil(clock.now() + minutes * 60_000);
      return world;
    },
    kinds: () =>
      new Set(
        events.map((event) => `${event['detail-type']} ${String(event.detail.eventName ?? '')}`.trim()),
      ),
    faults: () => [...new Set(events.flatMap((event) => schemas.faultsOf(event)))],
  };
  for (const tag of ['1', '2', 'none']) {
    const image = `${PLACE.account}.dkr.ecr.us-east-1.amazonaws.com/web-app:${tag}`;
    const containerDefinitions = [
      { name: 'web', image, essential: true, healthCheck: { command: ['CMD', 'true'] } },
    ];
    world.call('RegisterTaskDefinition', { ...definition, containerDefinitions });
  }
  return world;
}

describe("what the local cloud emits fits EventBridge's schema registry", () => {
  test('a service that is deployed, fails, rolls back and is scaled', () => {
    const world = aWorld();
    world.call('CreateService', { ...service, taskDefinition: 'web-app:1' });
    world.after(10);
    world.behaviours.push({
      image: 'web-app:2',
      exit: { after: '1s', code: 1, reason: 'OutOfMemoryError: no' },
    });
    world.call('UpdateService', { cluster: 'prod', service: 'web', taskDefinition: 'web-app:2' });
    world.after(120);
    world.call('UpdateService', { cluster: 'prod', service: 'web', desiredCount: 1 });
    world.after(60 * 7);
    expect(world.faults()).toEqual([]);
    expect([...world.kinds()].sort()).toEqual([
      'ECR Image Action',
      'ECS Deployment State Change SERVICE_DEPLOYMENT_COMPLETED',
      'ECS Deployment State Change SERVICE_DEPLOYMENT_FAILED',
      'ECS Deployment State Change SERVICE_DEPLOYMENT_IN_PROGRESS',
      'ECS Service Action SERVICE_STEADY_STATE',
      'ECS Task State Change',
    ]);
  });

  test('tasks that end, fail to start, are interrupted, and cannot be pulled', () => {
    const world = aWorld();
    const overrides = {
      containerOverrides: [
        { name: 'web', command: ['x'], cpu: 10, memory: 20, environment: [{ name: 'A', value: 'b' }] },
      ],
    };
    world.call('RunTask', { ...task, overrides, taskDefinition: 'web-app:1', startedBy: 'somebody' });
    world.after(5);
    world.behaviours.push({
      failToStart: { stopCode: 'TaskFailedToStart', reason: 'ResourceInitializationError: no' },
    });
    world.call('RunTask', { ...task, taskDefinition: 'web-app:1' });
    world.after(5);
    world.behaviours.push({ interruptAfter: '30s' });
    world.call('RunTask', {
      ...task,
      taskDefinition: 'web-app:1',
      launchType: undefined,
      capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
    });
    world.after(10);
    world.call('RunTask', { ...task, taskDefinition: 'web-app:3' });
    world.after(60);
    expect(world.faults()).toEqual([]);
    const stopped = world.events.filter(({ detail }) => detail.lastStatus === 'STOPPED');
    expect(new Set(stopped.map(({ detail }) => detail.stopCode)).size).toBeGreaterThan(2);
  });

  test('a deployment that shifts traffic, and pauses for a person', () => {
    const world = aWorld();
    const deploymentConfiguration = shifting('CANARY', pauseAt('POST_SCALE_UP'));
    world.call('CreateService', {
      ...service,
      taskDefinition: 'web-app:1',
      loadBalancers,
      deploymentConfiguration,
    });
    world.after(90);
    expect(world.faults()).toEqual([]);
    expect([...world.kinds()]).toContain('ECS Hook State Change HOOK_TIMED_OUT');
  });

  test('a service whose tasks cannot be started', () => {
    const world = aWorld();
    const { deploymentConfiguration: _, ...plain } = service;
    world.call('CreateService', { ...plain, taskDefinition: 'web-app:3' });
    world.after(240);
    expect(world.faults()).toEqual([]);
    expect(world.kinds()).toContain('ECS Service Action SERVICE_TASK_START_IMPAIRED');
  });

  test('a service whose tasks cannot be placed', () => {
    const world = aWorld();
    world.behaviours.push({ unplaced: 'RESOURCE:FARGATE' });
    const { deploymentConfiguration: _, ...plain } = service;
    world.call('CreateService', { ...plain, taskDefinition: 'web-app:1' });
    world.after(150);
    expect(world.faults()).toEqual([]);
    expect(world.kinds()).toContain('ECS Service Action SERVICE_TASK_PLACEMENT_FAILURE');
  });

  test('images pushed with several platforms, and deleted', () => {
    const world = aWorld();
    pushImage(world.registry, world.ids, {
      repository: 'web-app',
      tag: 'multi',
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    pushImage(world.registry, world.ids, { repository: 'web-app' });
    world.registry.remove('web-app', { tag: 'multi' });
    expect(world.faults()).toEqual([]);
    expect(world.events.map(({ detail }) => detail['action-type'])).toContain('DELETE');
  });

  test('a schedule fires', () => {
    const event = scheduledEvent(
      { id: 'a', ...PLACE, now: START },
      'arn:aws:events:us-east-1:123456789012:rule/a',
    );
    expect(schemas.faultsOf(event)).toEqual([]);
  });

  test('an event that does not fit is found out', () => {
    const [event] = aWorld().events;
    expect(schemas.faultsOf({ ...event, time: 1 })).toEqual(['event.time: expected text, found 1']);
    expect(schemas.faultsOf({ ...event, detail: { ...event?.detail, result: undefined, more: 1 } })).toEqual([
      'aws.ecr ECR Image Action.result: required by ECRImageAction, and absent',
      'aws.ecr ECR Image Action.more: ECRImageAction has no such member',
    ]);
  });
});
