import type { App, Service } from '../../shared/domain/app.ts';
import { type Registry, repositoryOf } from '../../shared/domain/registry.ts';
import { chooseContainers } from '../../shared/domain/revision.ts';
import type { Difference, FoundDefinition } from './compare.ts';

/** Containers that are to take the image, and cannot: a release would be refused. */
export function compareContainers(
  app: App,
  service: Service,
  definition: FoundDefinition,
  registry: Registry | undefined,
): Difference[] {
  const names = definition.containers.map(({ name }) => name);
  const differ = (what: string, mend: string): Difference => ({
    app: app.name,
    where: `services.${service.name}.containers`,
    what,
    mend,
  });
  const missing = service.containers.filter((container) => !names.includes(container));
  if (missing.length > 0)
    return missing.map((container) =>
      differ(
        `${definition.revision} has no container "${container}", it has ${listed(names)}`,
        'correct the name',
      ),
    );
  const why = whyImageDoesNotFit(app, service, definition, registry);
  return why === undefined ? [] : [differ(why, `name the containers that take it: ${listed(names)}`)];
}

/** Without the repository there is no registry to compare with: then by its name alone. */
function whyImageDoesNotFit(
  app: App,
  service: Service,
  { containers, revision }: FoundDefinition,
  registry: Registry | undefined,
): string | undefined {
  const { repository } = app.image;
  const none = `no container of ${revision} has an image of the repository "${repository}"`;
  if (!registry) {
    const isNamed = service.containers.length > 0 || containers.some(({ image }) => isOf(image, repository));
    return isNamed ? undefined : none;
  }
  const containerDefinitions = containers.map(({ name, image }) => ({ name, image }));
  const chosen = chooseContainers({ containerDefinitions }, service.containers, repositoryOf(registry, app));
  return 'refused' in chosen ? `${revision} cannot take the image: ${chosen.refused}` : undefined;
}

/** Whether an image reference, `registry/repository:tag` or `@digest`, is of a repository of this name. */
function isOf(image: string, repository: string): boolean {
  const bare = image.split('@')[0]?.replace(/:[^/:]*$/, '') ?? '';
  return bare === repository || bare.replace(/^[^/]*\.[^/]*\//, '') === repository;
}

export function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
