import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { servingGroups } from '../../local/ecs/weights.ts';
import { fromItem, schemaOf } from '../../shared/aws/storedState.ts';
import type { App } from '../../shared/domain/app.ts';
import type { AppState } from '../../shared/domain/state.ts';
import type { Cloud } from './cloud.ts';
import { asObject } from './objects.ts';
import { CLUSTER } from './plan.ts';
import { ruleOf } from './strategies.ts';

export interface Seen {
  readonly status: string;
  readonly primary: {
    readonly id: string;
    readonly taskDefinition: string;
    readonly rolloutState: string;
    readonly running: number;
  };
  /** Digests that running tasks have of the app's image. */
  readonly digests: ReadonlySet<string>;
}

/** The state in an item of the table, whatever its form. */
export function stateIn({ state, schema }: Readonly<Record<string, AttributeValue>>): AppState {
  return fromItem(state?.S ?? '{}', schemaOf('an item', schema?.N));
}

/** A service as it is in ECS. */
export function seenService(cloud: Cloud, app: App, name: string): Seen | undefined {
  const { services } = cloud.call('ecs', 'DescribeServices', { cluster: CLUSTER, services: [name] });
  const service = asObject(Array.isArray(services) ? services[0] : undefined);
  const deployments = Array.isArray(service.deployments) ? service.deployments.map(asObject) : [];
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  if (!primary) return undefined;
  const { taskArns } = cloud.call('ecs', 'ListTasks', { cluster: CLUSTER, serviceName: name });
  const arns = Array.isArray(taskArns) ? taskArns : [];
  const { tasks } =
    arns.length > 0 ? cloud.call('ecs', 'DescribeTasks', { cluster: CLUSTER, tasks: arns }) : { tasks: [] };
  const running = (Array.isArray(tasks) ? tasks.map(asObject) : []).filter(
    (task) => task.desiredStatus === 'RUNNING',
  );
  const containers = running.flatMap((task) =>
    Array.isArray(task.containers) ? task.containers.map(asObject) : [],
  );
  const ofApp = containers.filter(({ image }) => String(image).includes(`/${app.image.repository}`));
  return {
    status: String(service.status),
    primary: {
      id: String(primary.id),
      taskDefinition: String(primary.taskDefinition),
      rolloutState: String(primary.rolloutState),
      running: Number(primary.runningCount),
    },
    digests: new Set(
      ofApp.flatMap(({ imageDigest }) => (typeof imageDigest === 'string' ? [imageDigest] : [])),
    ),
  };
}

/** What the services of an app are at one moment, by name. */
export type Truth = ReadonlyMap<string, Seen>;

export function truthOf(cloud: Cloud, app: App): Truth {
  return new Map(
    app.services.flatMap(({ name }): [string, Seen][] => {
      const seen = seenService(cloud, app, name);
      return seen ? [[name, seen]] : [];
    }),
  );
}

/** A deployment that shifts traffic and is in progress. */
export interface OpenShift {
  readonly strategy: string;
  readonly stage: string;
  readonly status: string;
  /** Task definition of its target revision. */
  readonly target: string;
  /** Pauses that wait for a person. */
  readonly waiting: readonly string[];
}

/** What ECS does with the traffic of a service at this moment, by its own record. */
export function openShiftOf(cloud: Pick<Cloud, 'call'>, service: string): OpenShift | undefined {
  const { serviceDeployments: listed } = cloud.call('ecs', 'ListServiceDeployments', {
    cluster: CLUSTER,
    service,
    maxResults: 1,
  });
  const [newest] = listOf(listed);
  const arn = newest?.serviceDeploymentArn;
  if (typeof arn !== 'string' || newest?.finishedAt !== undefined) return undefined;
  const { serviceDeployments } = cloud.call('ecs', 'DescribeServiceDeployments', {
    serviceDeploymentArns: [arn],
  });
  const { serviceRevisions } = cloud.call('ecs', 'DescribeServiceRevisions', {
    serviceRevisionArns: [String(newest?.targetServiceRevisionArn)],
  });
  const [open] = listOf(serviceDeployments);
  const hooks = listOf(open?.lifecycleHookDetails);
  return {
    strategy: String(asObject(open?.deploymentConfiguration).strategy),
    stage: String(open?.lifecycleStage ?? 'none'),
    status: String(open?.status),
    target: String(listOf(serviceRevisions)[0]?.taskDefinition),
    waiting: hooks.filter(({ status }) => status === 'AWAITING_ACTION').map(({ hookId }) => String(hookId)),
  };
}

/** Service deployments of a service, newest first, each with the revision of its target. */
export function deploymentsIn(cloud: Pick<Cloud, 'call'>, service: string) {
  const { serviceDeployments } = cloud.call('ecs', 'ListServiceDeployments', {
    cluster: CLUSTER,
    service,
    maxResults: 100,
  });
  return listOf(serviceDeployments).map(({ status, finishedAt, targetServiceRevisionArn }) => {
    const { serviceRevisions } = cloud.call('ecs', 'DescribeServiceRevisions', {
      serviceRevisionArns: [String(targetServiceRevisionArn)],
    });
    const [revision] = listOf(serviceRevisions);
    return {
      status: String(status),
      finishedAt: Number(finishedAt) * 1_000,
      target: String(revision?.taskDefinition),
      resolved: asObject(revision?.resolvedConfiguration),
    };
  });
}

/** Where the load balancer sends users, and where the last good revision serves from; its own weights, not ECS's word. */
export function trafficOf(cloud: Pick<Cloud, 'call'>, service: string) {
  const { Rules } = cloud.call('elasticloadbalancing', 'DescribeRules', { RuleArns: [ruleOf(service)] });
  const serving = servingGroups({ actions: listOf(listOf(Rules)[0]?.Actions) });
  const deployments = deploymentsIn(cloud, service);
  const last = deployments.find(({ status }) => status === 'SUCCESSFUL');
  const wanted = listOf(last?.resolved.loadBalancers)[0]?.targetGroupArn;
  // What has ended otherwise was given up without a way back: nothing says then which group is right.
  const isSettled = AT_REST.includes(deployments[0]?.status ?? '');
  return { serving, wanted, isSettled, isRight: serving.length === 1 && serving[0] === wanted };
}

const AT_REST: readonly string[] = ['SUCCESSFUL', 'ROLLBACK_SUCCESSFUL'];

function listOf(value: unknown) {
  return Array.isArray(value) ? value.map(asObject) : [];
}
