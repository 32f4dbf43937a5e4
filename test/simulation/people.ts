import type { JsonObject } from '../../local/contract.ts';
import type { App } from '../../shared/domain/app.ts';
import { asObject } from './objects.ts';
import { CLUSTER } from './plan.ts';
import type { Action, Reconfiguration } from './script.ts';
import { openShiftOf } from './seen.ts';
import { groupsOf, ruleOf } from './strategies.ts';
import type { World } from './world.ts';

/** Does what an action of the plan says. What AWS refuses, as it would a person, is noted and left at that. */
export function act(world: World, action: Action): void {
  const { cloud, history } = world;
  const at = cloud.clock.now();
  const { at: _, ...what } = action;
  history.lines.push({ at, text: `adversary: ${JSON.stringify(what)}` });
  if ('service' in action) world.meet('was meddled with', ownerOf(world, action.service));
  try {
    carryOut(world, action);
  } catch (error) {
    history.lines.push({ at, text: `refused: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function carryOut(world: World, action: Action): void {
  const { cloud, history } = world;
  const at = cloud.clock.now();
  const about = 'service' in action ? { service: action.service } : {};
  const ecs = (operation: string, input: JsonObject) => {
    const output = cloud.call('ecs', operation, input);
    if (!/^(Describe|List)/.test(operation)) history.changes.push({ at, ...about, operation, input, output });
    return output;
  };
  switch (action.kind) {
    case 'push': {
      const emitted = history.emitted.length;
      const digest = action.unheard ? world.unheard(() => cloud.push(action)) : cloud.push(action);
      // ECR emits nothing for an image that it has under this tag: there was no push.
      if (history.emitted.length > emitted) history.pushes.push({ ...action, at, digest });
      return;
    }
    case 'deleteTag':
      cloud.call('ecr', 'BatchDeleteImage', {
        repositoryName: action.repository,
        imageIds: [{ imageTag: action.tag }],
      });
      return;
    case 'operate':
      world.operate(action.request);
      return;
    case 'foreignDeploy': {
      const service = describeService(world, action.service);
      const { taskDefinition } = ecs('DescribeTaskDefinition', {
        taskDefinition: service.taskDefinition ?? '',
      });
      const { family, containerDefinitions, ...rest } = asObject(taskDefinition);
      const other = action.otherImage ? withOtherImage(containerDefinitions) : containerDefinitions;
      const members = [
        'networkMode',
        'requiresCompatibilities',
        'cpu',
        'memory',
        'taskRoleArn',
        'executionRoleArn',
        'runtimePlatform',
      ];
      const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => members.includes(name)));
      const made = ecs('RegisterTaskDefinition', { ...kept, family, containerDefinitions: other });
      const arn = asObject(made.taskDefinition).taskDefinitionArn;
      ecs('UpdateService', { cluster: CLUSTER, service: action.service, taskDefinition: arn });
      return;
    }
    case 'deployPrevious': {
      const taskDefinition = previousRevision(world, action.service);
      ecs('UpdateService', { cluster: CLUSTER, service: action.service, taskDefinition });
      return;
    }
    case 'stopDeployment': {
      const serviceDeploymentArn = newestDeployment(world, action.service);
      ecs('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
      return;
    }
    case 'redeploy':
      ecs('UpdateService', { cluster: CLUSTER, service: action.service, forceNewDeployment: true });
      return;
    case 'alarm':
      world.cloud.setAlarm(action.state);
      return;
    case 'answerHook':
      answerHook(world, action.service, action.continues);
      return;
    case 'continueSeen':
      continueSeen(world, action);
      return;
    case 'resetWeights':
      resetWeights(world, action.service);
      return;
    case 'scale':
      ecs('UpdateService', { cluster: CLUSTER, service: action.service, desiredCount: action.count });
      return;
    case 'stopTask': {
      const { taskArns } = ecs('ListTasks', { cluster: CLUSTER, serviceName: action.service });
      const [first] = Array.isArray(taskArns) ? taskArns : [];
      if (first !== undefined)
        ecs('StopTask', { cluster: CLUSTER, task: first, reason: 'looking into something' });
      return;
    }
    case 'stopOneOf': {
      const { taskArns } = ecs('ListTasks', { cluster: CLUSTER, startedBy: action.startedBy });
      const [first] = Array.isArray(taskArns) ? taskArns : [];
      if (first !== undefined) ecs('StopTask', { cluster: CLUSTER, task: first, reason: 'in the way' });
      return;
    }
    case 'deregister': {
      const { taskDefinitionArns } = ecs('ListTaskDefinitions', {
        familyPrefix: action.family,
        status: 'ACTIVE',
      });
      const [oldest] = Array.isArray(taskDefinitionArns) ? taskDefinitionArns : [];
      if (oldest !== undefined) ecs('DeregisterTaskDefinition', { taskDefinition: oldest });
      return;
    }
    case 'reconfigure':
      world.reconfigure((app) => (app.name === action.app ? reconfigured(app, action.change) : app));
      return;
    case 'restoreTable':
      world.restoreTable(at - action.minutesAgo * 60_000);
      return;
    case 'deleteService':
      ecs('DeleteService', { cluster: CLUSTER, service: action.service, force: true });
      return;
  }
}

/** What still runs of an earlier deployment, or the revision before the one that is PRIMARY. */
function previousRevision(world: World, service: string): string {
  const { deployments } = describeService(world, service);
  const [primary, earlier] = Array.isArray(deployments) ? deployments.map(asObject) : [];
  const running = String(primary?.taskDefinition);
  if (earlier && earlier.taskDefinition !== running) return String(earlier.taskDefinition);
  return running.replace(/\d+$/, (revision) => String(Math.max(1, Number(revision) - 1)));
}

function newestDeployment(world: Pick<World, 'cloud'>, service: string): string {
  const { serviceDeployments } = world.cloud.call('ecs', 'ListServiceDeployments', {
    cluster: CLUSTER,
    service,
  });
  const [newest] = Array.isArray(serviceDeployments) ? serviceDeployments.map(asObject) : [];
  return String(newest?.serviceDeploymentArn);
}

/** Someone answers what waits in ECS itself, if anything does. */
function answerHook({ cloud }: World, service: string, continues: boolean): void {
  const serviceDeploymentArn = newestDeployment({ cloud }, service);
  const { serviceDeployments } = cloud.call('ecs', 'DescribeServiceDeployments', {
    serviceDeploymentArns: [serviceDeploymentArn],
  });
  const [newest] = Array.isArray(serviceDeployments) ? serviceDeployments.map(asObject) : [];
  const hooks = Array.isArray(newest?.lifecycleHookDetails) ? newest.lifecycleHookDetails.map(asObject) : [];
  const [hook] = hooks.filter(({ status }) => status === 'AWAITING_ACTION');
  if (!hook) return;
  const action = continues ? 'CONTINUE' : 'ROLLBACK';
  cloud.call('ecs', 'ContinueServiceDeployment', {
    serviceDeploymentArn,
    hookId: String(hook.hookId),
    action,
  });
}

/** A person reads of a pause, and decides later: by then the deployment may wait at another one. */
function continueSeen(
  world: World,
  { service, after }: { readonly service: string; readonly after: number },
) {
  const [hook] = openShiftOf(world.cloud, service)?.waiting ?? [];
  if (hook === undefined) return;
  const who = 'arn:aws:iam::123456789012:user/operator';
  const request = { command: 'continue', app: ownerOf(world, service), hook, who } as const;
  world.cloud.clock.after(after, () => world.operate(request));
}

/** Infrastructure code writes down what it was written with. */
function resetWeights({ cloud }: World, service: string): void {
  const [TargetGroupArn] = groupsOf(service);
  const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn, Weight: 1 }] } }];
  cloud.call('elasticloadbalancing', 'ModifyRule', { RuleArn: ruleOf(service), Actions });
}

function ownerOf(world: World, service: string): string {
  return world.apps.find(({ services }) => services.some(({ name }) => name === service))?.name ?? '';
}

function reconfigured(app: App, change: Reconfiguration): App {
  switch (change) {
    case 'withoutTasks':
      return { ...app, before: [], after: [], tasks: [] };
    case 'oneWave':
      return { ...app, services: app.services.map((service) => ({ ...service, wave: 1 })) };
    case 'lastServiceLeft':
      return { ...app, services: app.services.slice(-1) };
    case 'shortTimeouts':
      return { ...app, timeouts: { rollout: 120_000, rollBack: 600_000, capacity: 60_000 } };
    case 'latestBase':
      return { ...app, baseRevision: 'latest' };
  }
}

function describeService(world: World, service: string): JsonObject {
  const { services } = world.cloud.call('ecs', 'DescribeServices', { cluster: CLUSTER, services: [service] });
  return asObject(Array.isArray(services) ? services[0] : undefined);
}

/** Whether a service runs what it should in full numbers, and nothing else. */
export function isSteady(world: World, name: string): boolean {
  const { deployments, runningCount, desiredCount, status } = describeService(world, name);
  const [only, other] = Array.isArray(deployments) ? deployments.map(asObject) : [];
  const isWhole = status === 'ACTIVE' && runningCount === desiredCount;
  return isWhole && only?.rolloutState === 'COMPLETED' && other === undefined;
}

/** The image of another repository's making: a digest that ECR does not have under any tag of ours. */
function withOtherImage(containers: unknown): JsonObject[] {
  const list = Array.isArray(containers) ? containers : [];
  return list.map((container: JsonObject) => ({
    ...container,
    image: `${String(container.image).replace(/[:@][^/]*$/, '')}:1.0.0`,
  }));
}
