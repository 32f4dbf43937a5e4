import type { App } from '../domain/app.ts';
import type { PolicyDocument } from '../infrastructure/permissions.ts';

/** What reading for an audit needs: all of it only reads. */

interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** A statement of the audit's policy, for the operator's policy and for the role of the function `audit`. */
export interface AuditStatement {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Clusters, where a condition limits the actions to them. */
  readonly clusters?: readonly string[];
}

/**
 * @param arn makes the ARN of a resource in the account and region: `arn('ecs', 'cluster/app-prod')`
 * @param iam makes the ARN of a resource of IAM, which has no region
 */
export function auditStatements(
  apps: readonly App[],
  arn: (service: string, resource: string) => string,
  iam: (resource: string) => string,
): readonly AuditStatement[] {
  const clusters = unique(apps.map(({ cluster }) => cluster));
  const withServices = apps.filter(({ services }) => services.length > 0);
  const clustersOfServices = unique(withServices.map(({ cluster }) => cluster));
  const services = withServices.flatMap(({ cluster, services: some }) =>
    some.map(({ name }) => arn('ecs', `service/${cluster}/${name}`)),
  );
  const statements: readonly AuditStatement[] = [
    { sid: 'Services', actions: ['ecs:DescribeServices'], resources: services },
    {
      sid: 'Tasks',
      actions: ['ecs:DescribeTasks'],
      resources: clustersOfServices.map((cluster) => arn('ecs', `task/${cluster}/*`)),
    },
    // Its resource type is the container instance, which Fargate does not have: a condition limits it to the cluster.
    {
      sid: 'ListTasks',
      actions: ['ecs:ListTasks'],
      resources: clustersOfServices.length === 0 ? [] : ['*'],
      clusters: clustersOfServices.map((cluster) => arn('ecs', `cluster/${cluster}`)),
    },
    // Images of sidecars are in other repositories, log groups and roles are those of the revision that runs.
    {
      sid: 'Images',
      actions: [
        'ecr:BatchGetImage',
        'ecr:BatchGetRepositoryScanningConfiguration',
        'ecr:DescribeImages',
        'ecr:DescribeImageScanFindings',
        'ecr:GetLifecyclePolicy',
      ],
      resources: [arn('ecr', 'repository/*')],
    },
    { sid: 'Logs', actions: ['logs:DescribeLogGroups'], resources: [arn('logs', 'log-group:*')] },
    {
      sid: 'Roles',
      actions: ['iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
      resources: [iam('role/*')],
    },
    { sid: 'Policies', actions: ['iam:GetPolicy', 'iam:GetPolicyVersion'], resources: [iam('policy/*')] },
    // None of these supports resource-level permissions (Service Authorization Reference).
    {
      sid: 'Read',
      actions: [
        'application-autoscaling:DescribeScalableTargets',
        'ecs:DescribeTaskDefinition',
        'ecs:ListTaskDefinitions',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
      ],
      resources: clusters.length === 0 ? [] : ['*'],
    },
  ];
  return statements.filter(({ resources }) => resources.length > 0);
}

/** The IAM policy that an operator needs for `fairway audit`. */
export function auditPolicy(apps: readonly App[], { partition, region, account }: Place): PolicyDocument {
  const arn = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const iam = (resource: string) => `arn:${partition}:iam::${account}:${resource}`;
  return {
    Version: '2012-10-17',
    Statement: auditStatements(apps, arn, iam).map(({ actions, resources, clusters }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      ...(clusters === undefined ? {} : { Condition: { ArnLike: { 'ecs:cluster': clusters } } }),
    })),
  };
}

function unique(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
