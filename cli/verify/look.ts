import { DescribeImagesCommand, DescribeRepositoriesCommand, type Repository } from '@aws-sdk/client-ecr';
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
import { type NamedRepository, registryOf, repositoryKey } from '../../shared/domain/registry.ts';
import type { Connection } from '../connection.ts';
import { awsFailure } from '../failure.ts';
import type { Found, FoundDefinition, FoundService } from './found.ts';
import { createRegistries, named, type Registries } from './registries.ts';
import { readTags } from './tags.ts';

const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Reads from AWS whatever the configuration names, in as few calls as the API allows. Changes nothing. */
export async function look(configuration: Configuration, connection: Connection): Promise<Found> {
  const ecs = new ECSClient({ ...connection.settings, requestHandler: timeouts });
  const ecr = createRegistries(connection);
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
      configuration.apps.map(({ image }) => image),
    );
    return {
      clusters,
      tags: await readTags(ecr, configuration, repositories.repositories),
      services: await readServices(ecs, known),
      families: await readFamilies(ecs, unique(tasks.map(({ family }) => family))),
      ...repositories,
    };
  } catch (error) {
    throw awsFailure(error, 'read the configuration of your services from AWS', connection.where);
  } finally {
    ecs.destroy();
    ecr.close();
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
  ecr: Registries,
  images: readonly NamedRepository[],
): Promise<Pick<Found, 'repositories' | 'registry' | 'unreadable'>> {
  const found: Repository[] = [];
  const repositories: string[] = [];
  const unreadable: Record<string, string> = {};
  for (const [key, image] of new Map(images.map((image) => [repositoryKey(image), image]))) {
    try {
      if (image.registry === undefined) found.push(...(await describeOwn(ecr, image)));
      else await ecr.of(image).send(new DescribeImagesCommand({ ...named(image), maxResults: 1 }));
      repositories.push(key);
    } catch (error) {
      const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
      if (name === 'RepositoryNotFoundException') continue;
      if (image.registry === undefined) throw error;
      unreadable[key] = message === '' ? name : `${name}: ${message}`;
    }
  }
  const [registry] = found.flatMap(
    ({ repositoryUri }) => registryOf(repositoryUri?.split('/')[0] ?? '') ?? [],
  );
  return { repositories, unreadable, ...(registry && { registry }) };
}

async function describeOwn(ecr: Registries, image: NamedRepository): Promise<readonly Repository[]> {
  const input = { repositoryNames: [image.repository] };
  return (await ecr.of(image).send(new DescribeRepositoriesCommand(input))).repositories ?? [];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function batches(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  );
}
