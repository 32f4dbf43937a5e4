import { createClock } from '../../../local/clock.ts';
import type { Behaviour, EventDraft, JsonObject } from '../../../local/contract.ts';
import { pushImage } from '../../../local/ecr/push.ts';
import { createRegistry } from '../../../local/ecr/registry.ts';
import { createEcs } from '../../../local/ecs/ecs.ts';
import { createIds } from '../../../local/ids.ts';
import { START } from '../../builders.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/web-app`;
const CALL = {
  caller: 'external',
  callerArn: `arn:aws:iam::${ACCOUNT}:user/op`,
  account: ACCOUNT,
  region: REGION,
};

export const definition = {
  family: 'web-app',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
  containerDefinitions: [{ name: 'web', image: `${IMAGE}:1`, essential: true }],
};
const network = { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } };
export const service = {
  cluster: 'prod',
  serviceName: 'web',
  taskDefinition: 'web-app',
  desiredCount: 3,
  launchType: 'FARGATE',
  networkConfiguration: network,
  deploymentConfiguration: {
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
};
export const task = {
  cluster: 'prod',
  taskDefinition: 'web-app',
  launchType: 'FARGATE',
  networkConfiguration: network,
};

/** ECS on a clock driven by hand: cluster `prod`, images web-app:1 and :2, definitions web-app:1 and :2 of them. */
export function aWorld() {
  const clock = createClock(START);
  const events: (EventDraft & { readonly at: number })[] = [];
  const behaviours: Behaviour[] = [];
  const streams: [string, string][] = [];
  const emit = (event: EventDraft) => void events.push({ ...event, at: clock.now() });
  const ids = createIds(1);
  const registry = createRegistry({ clock, emit: () => {}, account: ACCOUNT, region: REGION });
  registry.create('web-app');
  for (const tag of ['1', '2']) pushImage(registry, ids, { repository: 'web-app', tag, content: tag });
  const ecs = createEcs({
    clock,
    ids,
    account: ACCOUNT,
    region: REGION,
    emit,
    images: registry.images,
    behaviours: () => behaviours,
    writeLog: () => {},
    openLog: (group, stream) => void streams.push([group, stream]),
  });
  ecs.createCluster('prod');
  const world = {
    api: ecs.api,
    ecs,
    registry,
    clock,
    events,
    behaviours,
    streams,
    call(operation: string, input: JsonObject): Record<string, ReturnType<typeof JSON.parse>> {
      const run = ecs.api.operations[operation];
      if (!run) throw new Error(`${operation} is not simulated`);
      return JSON.parse(JSON.stringify(run(input, CALL)));
    },
    balancing(operation: string, input: JsonObject): Record<string, ReturnType<typeof JSON.parse>> {
      return JSON.parse(JSON.stringify(ecs.loadBalancing.operations[operation]?.(input, CALL)));
    },
    /** Lets so many seconds pass. */
    after(seconds: number) {
      clock.runUntil(clock.now() + seconds * 1000);
      return world;
    },
    service(name = 'web') {
      return world.call('DescribeServices', { cluster: 'prod', services: [name] }).services[0];
    },
    tasks(status = 'RUNNING') {
      const { taskArns } = world.call('ListTasks', { cluster: 'prod', desiredStatus: status });
      return taskArns.length === 0
        ? []
        : world.call('DescribeTasks', { cluster: 'prod', tasks: taskArns }).tasks;
    },
    update(input: JsonObject) {
      return world.call('UpdateService', { cluster: 'prod', service: 'web', ...input }).service;
    },
    named(eventName: string) {
      return events.filter(({ detail }) => detail.eventName === eventName);
    },
  };
  world.call('RegisterTaskDefinition', definition);
  const [container] = definition.containerDefinitions;
  world.call('RegisterTaskDefinition', {
    ...definition,
    containerDefinitions: [{ ...container, name: 'web', image: `${IMAGE}:2` }],
  });
  return world;
}

/** The service runs web-app:1 and has been steady for a while. */
export function aSteadyWorld() {
  const world = aWorld();
  world.call('CreateService', { ...service, taskDefinition: 'web-app:1' });
  return world.after(300);
}
