import type { App, Configuration } from '../shared/domain/app.ts';
import { isSame } from '../shared/domain/data.ts';
import type { Registry } from '../shared/domain/registry.ts';
import type { Breadth } from './breadth.ts';
import { announcements } from './channelPermissions.ts';
import { arn, type FunctionName, functionName, type OwnResources, type Template } from './names.ts';
import { passRoles, passVolumeRoles } from './passRoles.ts';
import { clustersOf, ownTasksOf, registriesOf } from './patterns.ts';
import { type Statement, unique, used } from './policies.ts';

/** Permissions of one function only: its log, its access to the table and its queues. */
export function ownPermissions(
  name: FunctionName,
  configuration: Configuration,
  own: OwnResources,
): readonly Statement[] {
  return used([
    ...logs(name, configuration),
    ...table(name, own),
    ...failures(name, own),
    ...operations(name, configuration, own),
  ]);
}

/** Permissions of every function: they all run the same loop, so each of them may take the next step of a release. */
export function sharedPermissions(
  configuration: Configuration,
  own: OwnResources,
  breadth: Breadth,
): readonly Statement[] {
  return used([
    ...images(configuration, breadth),
    ...revisions(configuration, breadth),
    ...services(configuration, breadth),
    ...tasks(configuration, breadth),
    ...announcements(configuration, own),
    readLogs(configuration, breadth),
    readTargets(configuration),
    passRoles(configuration),
    passVolumeRoles(configuration),
  ]);
}

function logs(name: FunctionName, configuration: Configuration): readonly Statement[] {
  return [
    {
      sid: 'Logs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [arn('logs', `log-group:/aws/lambda/${functionName(configuration, name)}:*`)],
    },
  ];
}

/** Only the sweep reads what is due. The sweep and `operate` also read lists. */
function table(name: FunctionName, own: OwnResources): readonly Statement[] {
  return [
    { sid: 'Table', actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [own.table] },
    {
      sid: 'TableQuery',
      actions: ['dynamodb:Query'],
      resources: [
        ...(name === 'operate' || name === 'sweep' ? [own.table] : []),
        ...(name === 'sweep' ? [own.dueIndex] : []),
      ],
    },
  ];
}

/** The sweep announces directly that an app's item cannot be processed. A channel may already need the topic. */
function operations(
  name: FunctionName,
  configuration: Configuration,
  own: OwnResources,
): readonly Statement[] {
  const announced = announcements(configuration, own).flatMap(({ resources }) => resources);
  const needs = name === 'sweep' && !announced.some((resource) => isSame(resource, own.topic));
  return [{ sid: 'Operations', actions: ['sns:Publish'], resources: needs ? [own.topic] : [] }];
}

function images({ apps }: Configuration, breadth: Breadth): readonly Statement[] {
  const resources = registriesOf(apps).flatMap(({ registry, repositories }) => {
    const scopes = breadth.repositories === 'named' ? repositories : ['*'];
    return scopes.map((repository) => repositoryArn(registry, repository));
  });
  return [
    {
      sid: 'Images',
      actions: ['ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'],
      resources: unique(resources),
    },
  ];
}

function repositoryArn(registry: Registry | undefined, repository: string): string {
  const own = arn('ecr', `repository/${repository}`);
  if (registry === undefined) return own;
  return own.replace('${AWS::Region}', registry.region).replace('${AWS::AccountId}', registry.account);
}

function revisions({ apps }: Configuration, breadth: Breadth): readonly Statement[] {
  const names = apps.flatMap(familiesOf);
  return [
    {
      sid: 'Register',
      actions: ['ecs:RegisterTaskDefinition'],
      resources: families(names, breadth.families),
    },
    tagStatement(apps, families(names, breadth.families === 'all' ? 'all' : breadth.revisionTags), breadth),
    // Neither supports resource-level permissions (Service Authorization Reference, Amazon ECS).
    { sid: 'Read', actions: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'], resources: ['*'] },
  ];
}

/** To tag new revisions, and tasks that copy the tags of a service: RunTask sets those, too. */
function tagStatement(apps: readonly App[], revisions: readonly Template[], breadth: Breadth): Statement {
  const tasks = tasksIn(withOwnTasks(apps), breadth);
  const actions = tasks.length === 0 ? 'RegisterTaskDefinition' : ['RegisterTaskDefinition', 'RunTask'];
  return {
    sid: 'TagRevisions',
    actions: ['ecs:TagResource'],
    resources: [...revisions, ...tasks],
    conditions: { StringEquals: { 'ecs:CreateAction': actions } },
  };
}

function withOwnTasks(apps: readonly App[]): readonly App[] {
  return apps.filter((app) => ownTasksOf(app).length > 0);
}

function services({ apps }: Configuration, breadth: Breadth): readonly Statement[] {
  const scope = (type: string, app: App, name: string): string => {
    if (breadth.services === 'named') return arn('ecs', `${type}/${app.cluster}/${name}`);
    return arn('ecs', breadth.services === 'cluster' ? `${type}/${app.cluster}/*` : `${type}/*`);
  };
  const revisionScope = (app: App, name: string): string =>
    breadth.services === 'named' && breadth.serviceRevisions === 'named'
      ? arn('ecs', `service-revision/${app.cluster}/${name}/*`)
      : arn('ecs', breadth.services === 'all' ? 'service-revision/*' : `service-revision/${app.cluster}/*`);
  const each = (of: (app: App, name: string) => string): readonly string[] =>
    unique(apps.flatMap((app) => app.services.map(({ name }) => of(app, name))));
  const own = each((app, name) => scope('service', app, name));
  return [
    {
      sid: 'Services',
      actions: [
        'ecs:ContinueServiceDeployment',
        'ecs:DescribeServiceDeployments',
        'ecs:DescribeServiceRevisions',
        'ecs:DescribeServices',
        'ecs:ListServiceDeployments',
        'ecs:StopServiceDeployment',
        'ecs:UpdateService',
      ],
      resources: own,
    },
    // IAM requires the permission on the service as well (Service Authorization Reference): see `Services`.
    {
      sid: 'ServiceDeployments',
      actions: [
        'ecs:ContinueServiceDeployment',
        'ecs:DescribeServiceDeployments',
        'ecs:StopServiceDeployment',
      ],
      resources: unique(
        breadth.services === 'all'
          ? [arn('ecs', 'service-deployment/*')]
          : apps.flatMap(({ cluster, services: some }) =>
              some.length === 0 ? [] : [arn('ecs', `service-deployment/${cluster}/*`)],
            ),
      ),
    },
    { sid: 'ServiceRevisions', actions: ['ecs:DescribeServiceRevisions'], resources: each(revisionScope) },
  ];
}

function tasks({ apps }: Configuration, breadth: Breadth): readonly Statement[] {
  const withTasks = withOwnTasks(apps);
  return [
    {
      sid: 'RunTasks',
      actions: ['ecs:RunTask'],
      resources: families(
        withTasks.flatMap((app) => ownTasksOf(app).map(({ family }) => family)),
        breadth.taskFamilies,
      ),
      conditions: inClusters(withTasks, breadth),
    },
    { sid: 'StopTasks', actions: ['ecs:StopTask'], resources: tasksIn(withTasks, breadth) },
    { sid: 'SeeTasks', actions: ['ecs:DescribeTasks'], resources: tasksIn(apps, breadth) },
    // Its resource type is the container instance, which Fargate does not have: a condition limits it to the cluster.
    { sid: 'ListTasks', actions: ['ecs:ListTasks'], resources: ['*'], conditions: inClusters(apps, breadth) },
  ];
}

function tasksIn(apps: readonly App[], breadth: Breadth): readonly Template[] {
  const clusters = clustersOf(apps);
  if (clusters.length === 0) return [];
  if (breadth.clusters === 'all') return [arn('ecs', 'task/*')];
  return clusters.map((cluster) => arn('ecs', `task/${cluster}/*`));
}

function inClusters(apps: readonly App[], breadth: Breadth): Readonly<Record<string, Template>> {
  const clusters = breadth.clusters === 'all' ? ['*'] : clustersOf(apps);
  return { ArnLike: { 'ecs:cluster': clusters.map((cluster) => subbed(arn('ecs', `cluster/${cluster}`))) } };
}

/** For the last lines of failed containers and for following a run: only the configured log groups. */
function readLogs({ apps }: Configuration, breadth: Breadth): Statement {
  const groups = apps.flatMap((app) =>
    [...app.services, ...ownTasksOf(app)].flatMap(({ logGroup }) =>
      logGroup === undefined ? [] : [logGroup],
    ),
  );
  return {
    sid: 'ReadLogs',
    actions: ['logs:GetLogEvents'],
    resources: unique(
      groups.map((group) => arn('logs', `log-group:${scopeOf(group, breadth.logGroups)}:log-stream:*`)),
    ),
  };
}

/**
 * For the causes of failed health checks and the check of weights: only where the configuration asks for it. No action supports
 * resource-level permissions (Service Authorization Reference, Elastic Load Balancing V2).
 */
function readTargets({ diagnosis, apps }: Configuration): Statement {
  const isNeeded = diagnosis?.loadBalancers === true && apps.some(({ services: some }) => some.length > 0);
  return {
    sid: 'ReadTargets',
    actions: [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    resources: isNeeded ? ['*'] : [],
  };
}

function scopeOf(group: string, breadth: Breadth['logGroups']): string {
  if (breadth === 'named') return group;
  if (breadth === 'all') return '*';
  const slash = group.lastIndexOf('/');
  return slash === -1 ? group : `${group.slice(0, slash + 1)}*`;
}

/** Lambda sends failed events to the queue with the role of the function that failed; `operate` retries them. */
function failures(name: FunctionName, own: OwnResources): readonly Statement[] {
  const asynchronous = name === 'image-pushed' || name === 'ecs-changed' || name === 'run-task';
  const redrives = name === 'operate' ? [own.undelivered, own.failures] : [];
  return [
    { sid: 'Failures', actions: ['sqs:SendMessage'], resources: asynchronous ? [own.failures] : [] },
    { sid: 'Redrive', actions: ['sqs:DeleteMessage', 'sqs:ReceiveMessage'], resources: redrives },
  ];
}

function families(names: readonly string[], breadth: 'named' | 'all'): readonly Template[] {
  const scopes = breadth === 'named' || names.length === 0 ? names : ['*'];
  return unique(scopes.map((family) => arn('ecs', `task-definition/${family}:*`)));
}

function familiesOf(app: App): readonly string[] {
  return [...app.services, ...ownTasksOf(app)].map(({ family }) => family);
}

function subbed(text: string): Template {
  return { 'Fn::Sub': text };
}
