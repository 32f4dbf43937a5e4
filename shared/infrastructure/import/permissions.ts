import { type PolicyDocument, policyOf } from '../permissions.ts';

/** What an operator needs for `fairway import --infrastructure`: reads, of everything, since it finds what is there. */
const READS: readonly string[] = [
  'application-autoscaling:DescribeScalableTargets',
  'application-autoscaling:DescribeScalingPolicies',
  'application-autoscaling:DescribeScheduledActions',
  'ecr:DescribeImages',
  'ecr:DescribeRepositories',
  'ecr:GetLifecyclePolicy',
  'ecr:GetRepositoryPolicy',
  'ecr:ListTagsForResource',
  'ecs:DescribeClusters',
  'ecs:DescribeServiceRevisions',
  'ecs:DescribeServices',
  'ecs:DescribeTaskDefinition',
  'ecs:ListClusters',
  'ecs:ListServices',
  'ecs:ListTaskDefinitionFamilies',
  'ecs:ListTaskDefinitions',
  'events:DescribeRule',
  'events:ListEventBuses',
  'events:ListRuleNamesByTarget',
  'events:ListTargetsByRule',
  'logs:DescribeLogGroups',
  'logs:ListTagsForResource',
  'scheduler:GetSchedule',
  'scheduler:ListSchedules',
];

export function policyForImport(): PolicyDocument {
  return policyOf([{ Effect: 'Allow', Action: READS, Resource: '*' }]);
}
