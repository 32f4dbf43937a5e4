import type { App } from '../domain/app.ts';
import { repositoryKey } from '../domain/registry.ts';
import type { Place, Resource } from './kind.ts';
import { clusterOf } from './source/cluster.ts';
import { logGroupOf } from './source/logGroup.ts';
import { repositoryOf } from './source/repository.ts';
import type { InfrastructureSource } from './source/schema.ts';
import { scalingOf, serviceOf } from './source/service.ts';
import { definitionOf, logGroupsOf } from './source/taskDefinition.ts';

/** What `declared` needs to know besides the file. */
export interface Surroundings {
  readonly place: Place;
  readonly apps: readonly App[];
  /** The cluster of `defaults`. */
  readonly cluster?: string;
}

/** The declared resources, in AWS's own members. Pure. References are still in their place. */
export function declared(source: InfrastructureSource, surroundings: Surroundings): readonly Resource[] {
  const { clusters = {}, repositories = {}, logGroups = {}, taskDefinitions = {}, services = {} } = source;
  const images = surroundings.apps.map(({ image }) => image);
  const deployed = new Set(images.flatMap((image) => (image.registry ? [] : [image.repository])));
  const foreign = new Set(images.flatMap((image) => (image.registry ? [repositoryKey(image)] : [])));
  const known = { deployed, foreign, all: new Set([...Object.keys(repositories), ...deployed]) };
  const groups = Object.entries(logGroups).map(([name, group]) => logGroupOf(name, group));
  const definitions = Object.entries(taskDefinitions);
  const managed = Object.entries(services).filter(([, service]) => service.express !== true);
  const implied = definitions.flatMap(([family, definition]) => logGroupsOf(family, definition));
  return [
    ...groups,
    ...implied.filter(isFirst).filter(({ name }) => !groups.some((group) => group.name === name)),
    ...Object.entries(repositories).map(([name, repository]) => repositoryOf(name, repository)),
    ...Object.entries(clusters).map(([name, cluster]) => clusterOf(name, cluster)),
    ...definitions.map(([family, definition]) => definitionOf(family, definition, surroundings.place, known)),
    ...managed.map(([key, service]) => serviceOf(key, service, surroundings.cluster)),
    ...managed.flatMap(([key, service]) => scalingOf(key, service, surroundings.cluster)),
  ];
}

function isFirst({ name }: Resource, index: number, all: readonly Resource[]): boolean {
  return all.findIndex((other) => other.name === name) === index;
}
