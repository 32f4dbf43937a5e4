import type { App, Service } from '../../shared/domain/app.ts';
import { type Registry, repositoryOf } from '../../shared/domain/registry.ts';
import { chooseContainers } from '../../shared/domain/revision.ts';
import { type Difference, differenceIn, listed } from './difference.ts';
import type { FoundDefinition } from './found.ts';

/** Containers that should take the image, and cannot: a release would be refused. */
export function compareContainers(
  app: App,
  service: Service,
  definition: FoundDefinition,
  registry: Registry | undefined,
): Difference[] {
  const names = definition.containers.map(({ name }) => name);
  const at = `services.${service.name}.containers`;
  const differ = differenceIn(app.name);
  const missing = service.containers.filter((container) => !names.includes(container));
  if (missing.length > 0)
    return missing.map((container) => {
      const what = `${definition.revision} has no container "${container}", it has ${listed(names)}`;
      return differ(at, what, 'correct the name');
    });
  const why = whyImageDoesNotFit(app, service, definition, registry);
  return why === undefined ? [] : [differ(at, why, `name the containers that take it: ${listed(names)}`)];
}

/** Without the repository there is no registry to compare with: then by name only. */
function whyImageDoesNotFit(
  app: App,
  service: Service,
  { containers, revision }: FoundDefinition,
  registry: Registry | undefined,
): string | undefined {
  const { repository } = app.image;
  const home = registry ?? app.image.registry;
  const none = `no container of ${revision} has an image of the repository "${repository}"`;
  if (!home) {
    const isNamed = service.containers.length > 0 || containers.some(({ image }) => isOf(image, repository));
    return isNamed ? undefined : none;
  }
  const containerDefinitions = containers.map(({ name, image }) => ({ name, image }));
  const chosen = chooseContainers({ containerDefinitions }, service.containers, repositoryOf(home, app));
  return 'refused' in chosen ? `${revision} cannot take the image: ${chosen.refused}` : undefined;
}

/** Whether an image reference, `registry/repository:tag` or `@digest`, is of a repository of this name. */
function isOf(image: string, repository: string): boolean {
  const bare = image.split('@')[0]?.replace(/:[^/:]*$/, '') ?? '';
  return bare === repository || bare.replace(/^[^/]*\.[^/]*\//, '') === repository;
}
