import { DescribeRepositoriesCommand, ECRClient, type Repository } from '@aws-sdk/client-ecr';
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  type Service,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { strategyOf } from '../../shared/aws/observations.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { memberOf } from '../../shared/domain/member.ts';
import { registryOf } from '../../shared/domain/registry.ts';
import type { Connection } from '../connection.ts';
import { awsFailure } from '../failure.ts';
import type { Found, FoundDefinition, FoundService } from './found.ts';
import { readTags } from './tags.ts';

const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Reads from AWS whatever the configuration names, in as few calls as the API allows. Changes nothing. */
export async function look(configuration: Configuration, connection: Connection): Promise<Found> {
  const ecs = new ECSClient({ ...connection.settings, requestHandler: timeouts });
  const ecr = new ECRClient({ ...connection.settings, requestHandler: timeouts });
  try {
    const clusters = await readClusters(ecs, unique(configuration.apps.map(({ cluster }) => cluster)));
    const known = configuration.apps.filter(({ cluster }) => memberOf(clusters, cluster) !== undefined);
    const tasks = known.flatMap(({ before, after, tasks }) => [
      ...before,
      ...after,
      ...tasks.filter(({ like }) => like === undefined),
    ]);
    const repositories = await readRepositories(
      ecr,
      unique(configuration.apps.map(({ image }) => image.repository)),
    );
    return {
      clusters,
      tags: await readTags(ecr, repositories.repositories),
      services: await readServices(ecs, known),
      families: await readFamilies(ecs, unique(tasks.map(({ family }) => family))),
      ...repositories,
    };
  } catch (error) {
    throw awsFailure(error, 'read the configuration of your services from AWS', connection.where);
  } finally {
    ecs.destroy();
    ecr.destroy();
  }
}

async function readClusters(ecs: ECSClient, names: readonly string[]): Promise<Record<string, string>> {
  const clusters: Record<string, string> = {};
  // DescribeClusters takes at most 100 names.
  for (const batch of batches(names, 100)) {
    const answer = await ecs.send(new DescribeClustersCommand({ clusters: batch }));
    for (const { clusterName, status } of answer.clusters ?? [])
      if (clusterName !== undefined) clusters[clusterName] = status ?? 'UNKNOWN';
  }
  return clusters;
}

async function readServices(
  ecs: ECSClient,
  apps: Configuration['apps'],
): Promise<Record<string, FoundService>> {
  const services: Record<string, FoundService> = {};
  for (const cluster of unique(apps.map((app) => app.cluster))) {
    const names = apps
      .filter((app) => app.cluster === cluster)
      .flatMap((app) => app.services.map(({ name }) => name));
    // DescribeServices takes at most 10 names.
    for (const batch of batches(names, 10)) {
      const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: batch }));
      for (const service of answer.services ?? []) {
        const definition = await readDefinition(ecs, runningDefinition(service));
        services[`${cluster}/${service.serviceName}`] = foundService(service, definition);
      }
    }
  }
  return services;
}

/** A service in Express Mode has no separate one. */
function runningDefinition({ taskDefinition, deployments = [] }: Service): string | undefined {
  return taskDefinition ?? deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinition;
}

function foundService(service: Service, definition: FoundDefinition | undefined): FoundService {
  return {
    ...(service.serviceArn === undefined ? {} : { arn: service.serviceArn }),
    status: service.status ?? 'UNKNOWN',
    controller: service.deploymentController?.type ?? 'ECS',
    strategy: strategyOf(service),
    ...(definition === undefined ? {} : { definition }),
    volumes: volumeRoles(service),
  };
}

function volumeRoles({ deployments = [] }: Service): Record<string, string> {
  const primary = deployments.find(({ status }) => status === 'PRIMARY');
  const roles = (primary?.volumeConfigurations ?? []).flatMap(({ name, managedEBSVolume }) => {
    const role = managedEBSVolume?.roleArn;
    return name === undefined || role === undefined ? [] : [[name, role] as const];
  });
  return Object.fromEntries(roles);
}

async function readFamilies(
  ecs: ECSClient,
  names: readonly string[],
): Promise<Record<string, FoundDefinition>> {
  const families: Record<string, FoundDefinition> = {};
  for (const name of names) {
    const definition = await readDefinition(ecs, name);
    if (definition !== undefined) families[name] = definition;
  }
  return families;
}

/** Undefined where there is none: DescribeTaskDefinition then throws a ClientException. */
async function readDefinition(
  ecs: ECSClient,
  reference: string | undefined,
): Promise<FoundDefinition | undefined> {
  if (reference === undefined) return undefined;
  try {
    const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: reference }));
    return answer.taskDefinition && foundDefinition(answer.taskDefinition);
  } catch (error) {
    if (error instanceof Error && error.name === 'ClientException') return undefined;
    throw error;
  }
}

function foundDefinition(definition: TaskDefinition): FoundDefinition {
  const family = definition.family ?? '';
  return {
    family,
    revision: `${family}:${definition.revision ?? 0}`,
    containers: (definition.containerDefinitions ?? []).map(({ name, image, logConfiguration }) => {
      const group =
        logConfiguration?.logDriver === 'awslogs' ? logConfiguration.options?.['awslogs-group'] : undefined;
      return { name: name ?? '', image: image ?? '', ...(group === undefined ? {} : { logGroup: group }) };
    }),
    ...(definition.taskRoleArn ? { taskRole: definition.taskRoleArn } : {}),
    ...(definition.executionRoleArn ? { executionRole: definition.executionRoleArn } : {}),
    volumesAtLaunch: (definition.volumes ?? []).flatMap(({ name, configuredAtLaunch }) =>
      configuredAtLaunch && name !== undefined ? [name] : [],
    ),
  };
}

/** One by one: DescribeRepositories fails as a whole where one of the names does not exist. */
async function readRepositories(
  ecr: ECRClient,
  names: readonly string[],
): Promise<Pick<Found, 'repositories' | 'registry'>> {
  const found: Repository[] = [];
  for (const name of names) {
    try {
      const answer = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
      found.push(...(answer.repositories ?? []));
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RepositoryNotFoundException') throw error;
    }
  }
  const repositories = found.flatMap(({ repositoryName }) => repositoryName ?? []);
  const [registry] = found.flatMap(
    ({ repositoryUri }) => registryOf(repositoryUri?.split('/')[0] ?? '') ?? [],
  );
  return { repositories, ...(registry && { registry }) };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function batches(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );
}
