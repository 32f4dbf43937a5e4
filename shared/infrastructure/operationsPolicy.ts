import type { App } from '../domain/app.ts';
import { arnIn, type Place } from './kind.ts';
import { allow, merge, type PolicyDocument } from './permissions.ts';

/** The IAM policies for looking at what runs, and for scaling: for the services of the file only. */

type Operation = 'tasks' | 'logs' | 'scale';

export function operationsPolicy(operation: Operation, apps: readonly App[], place: Place): PolicyDocument {
  const clusters = [...new Set(apps.map(({ cluster }) => cluster))];
  const services = apps.flatMap(({ cluster, services: own }) =>
    own.map(({ name }) => arnIn(place, 'ecs', `service/${cluster}/${name}`)),
  );
  return { Version: '2012-10-17', Statement: merge(STATEMENTS[operation]({ clusters, services, place })) };
}

interface Where {
  readonly clusters: readonly string[];
  readonly services: readonly string[];
  readonly place: Place;
}

const STATEMENTS: Readonly<Record<Operation, (where: Where) => ReturnType<typeof allow>[]>> = {
  tasks: ({ clusters, place }) => [
    // ListTasks has no resource type but the container instance. Source: Service Authorization Reference, Amazon ECS.
    allow(['ecs:ListTasks'], '*', {
      ArnEquals: { 'ecs:cluster': clusters.map((name) => arnIn(place, 'ecs', `cluster/${name}`)) },
    }),
    allow(
      ['ecs:DescribeTasks'],
      clusters.map((name) => arnIn(place, 'ecs', `task/${name}/*`)),
    ),
  ],
  logs: ({ services, place }) => [
    allow(['ecs:DescribeServices'], services),
    allow(['ecs:DescribeTaskDefinition'], '*'),
    // The groups are named in the task definitions.
    allow(['logs:FilterLogEvents'], [arnIn(place, 'logs', 'log-group:*')]),
  ],
  scale: ({ services }) => [
    allow(['ecs:UpdateService'], services),
    allow(
      ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:RegisterScalableTarget'],
      '*',
    ),
  ],
};
