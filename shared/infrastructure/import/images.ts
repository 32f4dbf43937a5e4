import { hostOf, isSameRegistry, REGISTRY_HOST, type Registry, registryOf } from '../../domain/registry.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';

/** Images of containers as task definitions name them. */

export interface EcrImage {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const ECR_IMAGE = new RegExp(`^(${REGISTRY_HOST})/([^:@]+)(?::([^@]+))?(?:@(.+))?$`);

/** Undefined: of another registry. */
export function ecrImageOf(image: unknown): EcrImage | undefined {
  const [, host = '', repository, tag, digest] = ECR_IMAGE.exec(String(image)) ?? [];
  const registry = registryOf(host);
  if (registry === undefined || repository === undefined) return undefined;
  return {
    ...registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

export interface Container {
  readonly name: string;
  readonly image: EcrImage | undefined;
  readonly isEssential: boolean;
  readonly hasPort: boolean;
  readonly logGroup?: string;
}

export function containersOf(definition: JsonObject): readonly Container[] {
  return objectsAt(definition, 'containerDefinitions').map((container) => {
    const logGroup = logGroupOf(container);
    return {
      name: textAt(container, 'name') ?? '',
      image: ecrImageOf(container.image),
      isEssential: container.essential !== false,
      hasPort: objectsAt(container, 'portMappings').length > 0,
      ...(logGroup === undefined ? {} : { logGroup }),
    };
  });
}

/** Containers, whose repositories are named as in `fairway.yml`: those of another registry by their URI. */
export function namedContainers(definition: JsonObject, home: Registry): readonly Container[] {
  return containersOf(definition).map((container) => {
    const { image } = container;
    if (image === undefined || isSameRegistry(image, home)) return container;
    return { ...container, image: { ...image, repository: `${hostOf(image)}/${image.repository}` } };
  });
}

/** "web-app" of "web-app:3" and of an ARN. */
export function familyOf(reference: string): string {
  return reference.replace(/^.*\//, '').replace(/:\d+$/, '');
}

/** The group of `awslogs`. */
function logGroupOf({ logConfiguration }: JsonObject): string | undefined {
  const { logDriver, options }: { logDriver?: unknown; options?: unknown } = Object(logConfiguration);
  const group: unknown = Object(options)['awslogs-group'];
  return logDriver === 'awslogs' && typeof group === 'string' ? group : undefined;
}
