import type { App } from '../../shared/domain/app.ts';
import { logPlaces } from '../../shared/domain/logs.ts';
import { objectsAt, textAt } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { describeRevision } from '../../shared/infrastructure/kinds/taskDefinition.ts';
import { batches } from '../../shared/infrastructure/reading.ts';

/** Where the containers of an app's services log, by the revisions of their deployments. */

export interface LogSource {
  readonly container: string;
  readonly group: string;
  /** Streams of all its tasks begin with this: "web/web/". */
  readonly prefix: string;
}

export interface LogSources {
  readonly sources: readonly LogSource[];
  /** Where else containers log, in sentences. */
  readonly elsewhere: readonly string[];
  /** Every container of the revisions, also where another one is wanted. */
  readonly containers: readonly string[];
}

/** DescribeServices takes 10. Source: ECS API reference. */
const MOST_DESCRIBED = 10;

/** @param container only this one */
export async function readLogSources(
  app: App,
  { aws, region, container }: { readonly aws: Aws; readonly region: string; readonly container?: string },
): Promise<LogSources> {
  const revisions = await revisionsOf(app, aws);
  const definitions = await Promise.all(revisions.map((revision) => describeRevision(revision, aws)));
  const places = definitions.flatMap((definition) => logPlaces(definition?.members ?? {}, ''));
  const wanted = places.filter((place) => container === undefined || place.container === container);
  const sources = wanted.flatMap((place): LogSource[] => {
    if ('elsewhere' in place || isElsewhere(place.region, region)) return [];
    return [{ container: place.container, group: place.group, prefix: place.stream }];
  });
  const elsewhere = wanted.flatMap((place) => {
    if ('elsewhere' in place) return [place.elsewhere];
    return isElsewhere(place.region, region)
      ? [`${place.container} logs to ${place.group} in ${place.region}`]
      : [];
  });
  const containers = definitions.flatMap((definition) =>
    objectsAt(definition?.members ?? {}, 'containerDefinitions').map((one) => textAt(one, 'name') ?? ''),
  );
  return {
    sources: distinct(sources),
    elsewhere: [...new Set(elsewhere)],
    containers: [...new Set(containers)],
  };
}

/** Why no line of the wanted container can come. Undefined: one can. */
export function missingContainer(
  app: string,
  wanted: string | undefined,
  { containers }: LogSources,
): string | undefined {
  if (wanted === undefined || containers.includes(wanted)) return undefined;
  const why =
    containers.length === 0 ? 'none of its services exists' : `its revisions have ${containers.join(', ')}`;
  return `${app} has no container ${wanted}: ${why}`;
}

async function revisionsOf({ cluster, services }: App, aws: Aws): Promise<readonly string[]> {
  const names = services.map(({ name }) => name);
  const answers = await Promise.all(
    batches(names, MOST_DESCRIBED).map((batch) =>
      aws('ecs', 'DescribeServices', { cluster, services: batch }),
    ),
  );
  const deployments = answers
    .flatMap((answer) => objectsAt(answer, 'services'))
    .flatMap((service) => [service, ...objectsAt(service, 'deployments')]);
  return [...new Set(deployments.flatMap((one) => textAt(one, 'taskDefinition') ?? []))];
}

function isElsewhere(own: string | undefined, region: string): boolean {
  return own !== undefined && own !== region;
}

function distinct(sources: readonly LogSource[]): readonly LogSource[] {
  const keys = sources.map(({ group, prefix }) => `${group} ${prefix}`);
  return sources.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
