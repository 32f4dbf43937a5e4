import { parse } from 'yaml';
import { configurationText, namesInPackage } from '../../cli/init/files.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { importCluster } from '../../shared/infrastructure/import/import.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { lookAndPlan } from '../../shared/infrastructure/look.ts';
import type { Plan } from '../../shared/infrastructure/plan.ts';
import { infrastructure } from '../../shared/infrastructure/source/schema.ts';
import { anEmptyCloud, type EmptyCloud, PLACE } from './world.ts';

/** Clusters as people make them, without Fairway. */

interface WantedContainer {
  readonly name: string;
  readonly image: string;
  readonly portMappings?: readonly JsonObject[];
  readonly logGroup?: string;
  readonly [member: string]: unknown;
}

interface WantedService {
  /** Default: the name of the service. */
  readonly family?: string;
  readonly containers: readonly WantedContainer[];
  readonly roles?: boolean;
  readonly express?: boolean;
  /** Further members of CreateService. */
  readonly members?: JsonObject;
  readonly volumes?: readonly JsonObject[];
  /** Further members of the task definition. */
  readonly definition?: JsonObject;
}

interface WantedCluster {
  readonly services: Readonly<Record<string, WantedService>>;
  /** Task definitions that no service runs. */
  readonly families?: Readonly<Record<string, Omit<WantedService, 'family' | 'members' | 'express'>>>;
}

const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } };

export async function aCluster({ services, families = {} }: WantedCluster): Promise<EmptyCloud> {
  const cloud = anEmptyCloud();
  await cloud.aws('ecs', 'CreateCluster', { clusterName: 'app-prod' });
  const definitions: Readonly<Record<string, WantedService>> = { ...families, ...byFamily(services) };
  for (const { containers } of Object.values(definitions))
    for (const container of containers) await prepare(container, cloud);
  for (const [family, definition] of Object.entries(definitions).filter(([, { express }]) => !express))
    await cloud.aws('ecs', 'RegisterTaskDefinition', definitionOf(family, definition));
  for (const [name, { family = name, members = {}, express, containers }] of Object.entries(services)) {
    if (express === true) {
      await makeExpress(name, containers[0]?.image ?? '', cloud);
      continue;
    }
    await cloud.aws('ecs', 'CreateService', {
      cluster: 'app-prod',
      serviceName: name,
      taskDefinition: family,
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      ...members,
    });
  }
  return cloud;
}

function byFamily(services: WantedCluster['services']) {
  return Object.fromEntries(
    Object.entries(services).map(([name, wanted]) => [wanted.family ?? name, wanted]),
  );
}

async function prepare({ image, logGroup }: WantedContainer, cloud: EmptyCloud): Promise<void> {
  const [, repositoryName, tag] = /^123456789012\.[^/]+\/([^:@]+):(.+)$/.exec(image) ?? [];
  if (repositoryName !== undefined && tag !== undefined) {
    if (!cloud.registry.repositories.has(repositoryName))
      await cloud.aws('ecr', 'CreateRepository', { repositoryName });
    cloud.push(repositoryName, tag);
  }
  if (logGroup !== undefined) await cloud.aws('logs', 'CreateLogGroup', { logGroupName: logGroup });
}

function definitionOf(
  family: string,
  { containers, roles, volumes, definition }: Omit<WantedService, 'members'>,
): JsonObject {
  const role = 'arn:aws:iam::123456789012:role';
  return JSON.parse(
    JSON.stringify({
      family,
      cpu: '256',
      memory: '512',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      executionRoleArn: roles ? `${role}/team/web-execution` : `${role}/execution`,
      taskRoleArn: roles ? `${role}/web-task` : undefined,
      volumes,
      ...definition,
      containerDefinitions: containers.map(({ logGroup, ...container }) => ({
        ...container,
        ...(logGroup === undefined
          ? {}
          : {
              logConfiguration: {
                logDriver: 'awslogs',
                options: {
                  'awslogs-group': logGroup,
                  'awslogs-region': 'us-east-1',
                  'awslogs-stream-prefix': 'web',
                },
              },
            }),
      })),
    }),
  );
}

/** A service of Express Mode, which ECS makes with its task definition, load balancer and scaling. */
async function makeExpress(serviceName: string, image: string, cloud: EmptyCloud): Promise<void> {
  const role = 'arn:aws:iam::123456789012:role';
  await cloud.aws('ecs', 'CreateExpressGatewayService', {
    cluster: 'app-prod',
    serviceName,
    infrastructureRoleArn: `${role}/infrastructure`,
    executionRoleArn: `${role}/execution`,
    primaryContainer: { image, containerPort: 8080 },
  });
}

/** A whole `fairway.yml`, planned against a cloud. */
export async function plannedFile(text: string, { aws, clock }: EmptyCloud): Promise<Plan> {
  const { apps } = compileConfiguration(text, 'fairway.yml');
  const source = infrastructure.parse(parse(text).infrastructure);
  const untagged: Aws = async (service, operation, input) =>
    service === 'tagging' ? { ResourceTagMappingList: [] } : aws(service, operation, input);
  const wanted = { source, apps, cluster: 'app-prod', place: PLACE, now: clock.now() };
  return lookAndPlan({ ...wanted, liveImages: async () => ({}) }, untagged);
}

/** The file that `fairway import` writes, and what it says. */
export async function imported(cloud: EmptyCloud, { infrastructure = true } = {}) {
  const { value, comments, notes } = await importCluster('app-prod', { infrastructure }, cloud.aws);
  const draft = { environment: 'production', region: 'us-east-1', cluster: 'app-prod', value, comments };
  const text = configurationText(draft, namesInPackage('/', 'fairway.yml'));
  return { text, notes, file: parse(text) };
}

export function imageOf(repository: string, tag = '1.0.0'): string {
  return `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}:${tag}`;
}
