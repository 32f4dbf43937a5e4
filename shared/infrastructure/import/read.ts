import { type NamedRepository, type Registry, readRepository } from '../../domain/registry.ts';
import { type JsonObject, listAt, objectsAt, textAt } from '../json.ts';
import type { Actual, Aws, KindName, Resource } from '../kind.ts';
import { DECLARED_ONLY } from '../kinds/service.ts';
import { partsOf } from '../kinds/serviceReading.ts';
import { describeRevision } from '../kinds/taskDefinition.ts';
import { KINDS } from '../kinds.ts';
import { listed, unless } from '../reading.ts';
import { remembering } from '../remembering.ts';
import type { FoundService } from './found.ts';
import { repositoriesOf } from './group.ts';
import { familyOf, namedContainers } from './images.ts';
import { readOneOffs } from './oneOffs.ts';
import { readStarts, type Start } from './starts.ts';

/** What there is in a cluster, and what its services and tasks use. Reading changes nothing. */

export interface Found {
  readonly cluster: string;
  readonly account: string;
  readonly region: string;
  readonly services: readonly FoundService[];
  readonly starts: readonly Start[];
  /** By family: what starts run, and what nothing runs but has an image of an app. */
  readonly definitions: ReadonlyMap<string, Actual>;
  readonly oneOffs: readonly string[];
  /** Families that were not read, since there are too many. */
  readonly unreadFamilies: number;
  /** By repository, where no running image has a tag: tags of its images. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
  readonly read: Reader;
}

/** Reads resources by name, as a plan does. */
export type Reader = (
  kind: KindName,
  names: readonly string[],
  members?: JsonObject,
) => Promise<ReadonlyMap<string, Actual>>;

/** Throws where the cluster does not exist, or AWS refuses. */
export async function readCluster(cluster: string, calls: Aws): Promise<Found> {
  const aws = remembering(calls);
  const read: Reader = (kind, names, members = {}) =>
    KINDS[kind].read(
      names.map((name): Resource => ({ kind, name, members, tags: {}, ignore: [] })),
      aws,
    );
  const described = (await read('cluster', [cluster])).get(cluster);
  if (described === undefined) throw new MissingCluster(cluster);
  const [, , , region = '', account = ''] = described.arn.split(':');
  const names = (await listed('ListServices', { cluster, maxResults: 100 }, 'serviceArns', aws)).map(
    (arn) => `${cluster}/${arn.split('/').pop()}`,
  );
  const [services, starts] = await Promise.all([
    read('service', names.toSorted(), DECLARED_ONLY),
    readStarts(described.arn, aws),
  ]);
  const found = [...services].map(([name, actual]) =>
    serviceOf(partsOf(name).name, actual, { account, region }),
  );
  const started = await definitionsOf(starts, aws);
  const oneOffs = await readOneOffs({ cluster, services: found, started, account, region }, aws);
  const definitions = new Map([...started, ...oneOffs.definitions]);
  return {
    cluster,
    account,
    region,
    services: found,
    starts,
    definitions,
    oneOffs: [...oneOffs.definitions.keys()],
    unreadFamilies: oneOffs.unread,
    tags: await tagsOfUntagged(found, region, aws),
    read,
  };
}

export class MissingCluster extends Error {
  constructor(cluster: string) {
    super(`the cluster ${cluster} does not exist`);
  }
}

function serviceOf(name: string, actual: Actual, home: Registry): FoundService {
  const reference = textAt(actual.members, 'taskDefinition');
  return {
    name,
    actual,
    family: reference === undefined ? undefined : familyOf(reference),
    containers: namedContainers(actual.running ?? {}, home),
  };
}

/** The newest revision of each family that a rule or schedule runs. */
async function definitionsOf(starts: readonly Start[], aws: Aws): Promise<ReadonlyMap<string, Actual>> {
  const families = new Set(
    starts.map(({ parameters }) => familyOf(textAt(parameters, 'TaskDefinitionArn') ?? '')),
  );
  const found = await Promise.all(
    [...families].map(async (family): Promise<readonly [string, Actual][]> => {
      const revision = await describeRevision(family, aws);
      return revision === undefined ? [] : [[family, revision]];
    }),
  );
  return new Map(found.flat());
}

/** One page: the tags of a repository that no running image has a tag of. */
async function tagsOfUntagged(
  services: readonly FoundService[],
  region: string,
  aws: Aws,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const images = services.flatMap(({ containers }) => containers.flatMap(({ image }) => image ?? []));
  const tagged = new Set(images.filter(({ tag }) => tag !== undefined).map(({ repository }) => repository));
  const verdicts = [...repositoriesOf(services).values()].map(({ repository }) => repository);
  const untagged = [...new Set(verdicts)].filter((repository) => !tagged.has(repository));
  return new Map(
    await Promise.all(
      untagged.map(
        async (name): Promise<[string, readonly string[]]> => [
          name,
          await tagsIn(readRepository(name), region, aws),
        ],
      ),
    ),
  );
}

/** The newest first. None where the repository cannot be read: in another region, or without a right of its account. */
async function tagsIn(
  { repository, registry }: NamedRepository,
  region: string,
  aws: Aws,
): Promise<readonly string[]> {
  if (registry !== undefined && registry.region !== region) return [];
  const call = aws('ecr', 'DescribeImages', {
    repositoryName: repository,
    ...(registry === undefined ? {} : { registryId: registry.account }),
    filter: { tagStatus: 'TAGGED' },
    maxResults: 1_000,
  });
  const found = unless('RepositoryNotFoundException', call);
  const answer = await (registry === undefined ? found : unless('AccessDeniedException', found));
  const details = objectsAt(answer ?? {}, 'imageDetails').toSorted(
    (a, b) => Number(b.imagePushedAt ?? 0) - Number(a.imagePushedAt ?? 0),
  );
  return details.flatMap((detail) => listAt(detail, 'imageTags').map(String));
}
