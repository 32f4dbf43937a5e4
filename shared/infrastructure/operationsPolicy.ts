import type { App } from '../domain/app.ts';
import { APP_TAG, STACK_TAG } from '../domain/revisionTags.ts';
import { arnIn, type Place } from './kind.ts';
import { allow, merge, type PolicyDocument } from './permissions.ts';
import { prunedFamilies } from './pruning/revisions.ts';

/** The IAM policies for looking at what runs, for scaling and for pruning: as far as IAM allows, for the services of the file only. */

type Operation = 'tasks' | 'exec' | 'logs' | 'scale' | 'prune-revisions';

export function operationsPolicy(operation: Operation, apps: readonly App[], place: Place): PolicyDocument {
  const clusters = [...new Set(apps.map(({ cluster }) => cluster))];
  const services = apps.flatMap(({ cluster, services: own }) =>
    own.map(({ name }) => arnIn(place, 'ecs', `service/${cluster}/${name}`)),
  );
  return {
    Version: '2012-10-17',
    Statement: merge(STATEMENTS[operation]({ apps, clusters, services, place })),
  };
}

interface Where {
  readonly apps: readonly App[];
  readonly clusters: readonly string[];
  readonly services: readonly string[];
  readonly place: Place;
}

const readsTasks = ({ clusters, place }: Where) => [
  // ListTasks has no resource type but the container instance. Source: Service Authorization Reference, Amazon ECS.
  allow(['ecs:ListTasks'], '*', {
    ArnEquals: { 'ecs:cluster': clusters.map((name) => arnIn(place, 'ecs', `cluster/${name}`)) },
  }),
  allow(
    ['ecs:DescribeTasks'],
    clusters.map((name) => arnIn(place, 'ecs', `task/${name}/*`)),
  ),
];

/**
 * A revision can be used in any cluster, by any rule or schedule. DeregisterTaskDefinition has no resource type and no
 * condition key. Source: Service Authorization Reference, Amazon ECS.
 */
const PRUNES = [
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:DescribeTasks',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
  'events:DescribeRule',
  'events:ListEventBuses',
  'events:ListRuleNamesByTarget',
  'events:ListTargetsByRule',
  'scheduler:GetSchedule',
  'scheduler:ListSchedules',
];

/** Only what a release of the app by this stack registered, in the families of the app. */
function deletesRevisions({ apps, place }: Where) {
  return apps.map((app) =>
    allow(
      ['ecs:DeleteTaskDefinitions'],
      prunedFamilies(app).map((family) => arnIn(place, 'ecs', `task-definition/${family}:*`)),
      {
        StringEquals: {
          [`aws:ResourceTag/${APP_TAG}`]: app.name,
          [`aws:ResourceTag/${STACK_TAG}`]: place.installation,
        },
      },
    ),
  );
}

/** Checked on the service and on its deployment or revision. Source: Service Authorization Reference, Amazon ECS. */
function readsDeployments({ services }: Where) {
  const belowAs = (type: string) => services.map((arn) => `${arn.replace(':service/', `:${type}/`)}/*`);
  return [
    allow(
      ['ecs:DescribeServiceDeployments', 'ecs:DescribeServiceRevisions', 'ecs:ListServiceDeployments'],
      services,
    ),
    allow(['ecs:DescribeServiceDeployments'], belowAs('service-deployment')),
    allow(['ecs:DescribeServiceRevisions'], belowAs('service-revision')),
  ];
}

const STATEMENTS: Readonly<Record<Operation, (where: Where) => ReturnType<typeof allow>[]>> = {
  tasks: readsTasks,
  // The task is chosen; the printed command itself needs ecs:ExecuteCommand.
  exec: readsTasks,
  logs: ({ services, place }) => [
    allow(['ecs:DescribeServices'], services),
    allow(['ecs:DescribeTaskDefinition'], '*'),
    // The groups are named in the task definitions.
    allow(['logs:FilterLogEvents'], [arnIn(place, 'logs', 'log-group:*')]),
  ],
  'prune-revisions': (where) => [
    allow(PRUNES, '*'),
    ...deletesRevisions(where),
    ...readsDeployments(where),
    allow(
      ['lambda:InvokeFunction'],
      [`${arnIn(where.place, 'lambda', `function:${where.place.installation}-operate`)}:read`],
    ),
  ],
  scale: ({ services }) => [
    allow(['ecs:UpdateService'], services),
    allow(
      ['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:RegisterScalableTarget'],
      '*',
    ),
  ],
};
