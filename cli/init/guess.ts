import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { valid } from 'semver';
import type { FoundService } from './account.ts';
import type { DraftApp, DraftService } from './files.ts';

/** Apps guessed from what runs, and what a person should check. */
interface Guess {
  readonly apps: Readonly<Record<string, DraftApp>>;
  readonly notes: readonly string[];
}

interface Candidate {
  readonly repository: string;
  readonly tag: string | undefined;
  readonly service: DraftService;
}

/** Groups services by the ECR repository of their image. */
export function guessApps(found: readonly FoundService[]): Guess {
  const candidates = found.map((each) => candidateOf(each) ?? each.service);
  const known = candidates.filter((each) => typeof each !== 'string');
  const repositories = [...new Set(known.map(({ repository }) => repository))].toSorted();
  const apps = repositories.map((repository) => {
    const own = known.filter((each) => each.repository === repository);
    const tags = guessTags(own.map(({ tag }) => tag));
    const app = { image: { repository, tags }, services: own.map(({ service }) => service) };
    return [nameOf(repository), app] as const;
  });
  const skipped = candidates.filter((each) => typeof each === 'string');
  return {
    apps: Object.fromEntries(apps),
    notes: [
      ...apps.map(([name, { image }]) => `apps.${name}.image.tags is a guess: ${JSON.stringify(image.tags)}`),
      ...skipped.map((service) => `${service} is left out: it has no image of ECR`),
    ],
  };
}

const ECR_IMAGE = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?/;

function candidateOf({ service, definition }: FoundService): Candidate | undefined {
  const containers = definition.containerDefinitions ?? [];
  const [, repository, tag] =
    containers.flatMap(({ image }) => [ECR_IMAGE.exec(image ?? '')]).find(Boolean) ?? [];
  if (repository === undefined) return undefined;
  const own = containers.filter(({ image }) => ECR_IMAGE.exec(image ?? '')?.[1] === repository);
  return { repository, tag, service: serviceOf(service, definition, own) };
}

function serviceOf(
  name: string,
  { family, taskRoleArn, executionRoleArn }: TaskDefinition,
  containers: readonly ContainerDefinition[],
): DraftService {
  const group = containers
    .map(({ logConfiguration }) => logConfiguration?.options?.['awslogs-group'])
    .find(Boolean);
  return {
    name,
    ...(family === undefined || family === name ? {} : { taskDefinition: family }),
    containers: containers.flatMap(({ name: container }) => container ?? []),
    ...(taskRoleArn === undefined ? {} : { taskRole: roleName(taskRoleArn) }),
    ...(executionRoleArn === undefined ? {} : { executionRole: roleName(executionRoleArn) }),
    ...(group === undefined ? {} : { logGroup: group }),
  };
}

/** A role below a path keeps its ARN: its name alone does not say where it is. */
function roleName(arn: string): string {
  const [, path = ''] = arn.split(':role/');
  return path.includes('/') || path === '' ? arn : path;
}

function guessTags(tags: readonly (string | undefined)[]): Readonly<Record<string, string>> {
  const known = tags.filter((tag) => tag !== undefined);
  if (known.length > 0 && known.every((tag) => valid(tag))) return { semver: '>=0.0.0' };
  const [moving] = known.filter((tag) => /^(latest|main|master|stable|production|prod)$/.test(tag));
  return moving === undefined ? { newest: '*' } : { digest: moving };
}

/** The last part of a repository's path, as the name of an app. */
function nameOf(repository: string): string {
  const name = repository.replace(/^.*\//, '').toLowerCase();
  return name.replaceAll(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+/, '') || 'app';
}
