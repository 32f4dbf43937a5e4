import { isDeepStrictEqual } from 'node:util';
import type { Finding, Path } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** An environment of a file, with the plain data that applies to it. */
interface Environment {
  readonly name: string;
  readonly value: unknown;
}

/** What two environments must not have both, where they are in the same place, or can be. */
interface Conflicts {
  /** Both set the same account and region. */
  readonly faults: readonly Finding[];
  /** An account or region is not set: it is that of the credentials or the shell. */
  readonly warnings: readonly Conflict[];
}

interface Conflict extends Finding {
  readonly environments: readonly string[];
}

interface Known extends Environment {
  readonly services: ReadonlySet<string>;
  readonly resources: ReadonlyMap<string, unknown>;
}

/**
 * Services that two environments of one place both have: each stack would treat the other's deployments as made outside
 * Fairway. And resources that they declare differently.
 */
export function conflictsOfEnvironments(environments: readonly Environment[]): Conflicts {
  const known = environments.map((environment) => ({
    ...environment,
    services: servicesOf(environment),
    resources: resourcesOf(environment),
  }));
  const pairs = known.flatMap((one, index) => known.slice(0, index).map((other) => ({ one, other })));
  const of = (wanted: Place['is']) =>
    pairs.flatMap(({ one, other }) => {
      const place = placeOf(one, other);
      return place.is === wanted ? conflictsOf(one, other, place) : [];
    });
  return { faults: of('same'), warnings: of('unknown') };
}

function conflictsOf(one: Known, other: Known, place: Place): readonly Conflict[] {
  const services = [...one.services].filter((service) => other.services.has(service));
  const resources = [...one.resources].flatMap(([path, declared]) => {
    const theirs = other.resources.get(path);
    return theirs === undefined || isDeepStrictEqual(declared, theirs) ? [] : [`\`${path}\``];
  });
  const where = `"${other.name}" and "${one.name}" ${place.is === 'same' ? 'are' : 'can be'} in the same account and region`;
  const set =
    place.is === 'unknown' ? `Write \`${place.unset}\` in both` : 'Set `account` or `region` of one';
  const ofServices = `${where}, and both have ${firstOf(services)}. ${set}, or use another \`cluster\` or other names of services in one`;
  const ofResources = `${where} and declare ${firstOf(resources)} differently: each \`fairway apply\` would undo the other's. ${set}, or declare it under another name in one`;
  const messages = [
    ...(services.length === 0 ? [] : [ofServices]),
    ...(resources.length === 0 ? [] : [ofResources]),
  ];
  return messages.map((message) => ({
    path: ['environments', one.name],
    at: 'key',
    message,
    environments: [other.name, one.name],
  }));
}

function firstOf([first, ...more]: readonly string[]): string {
  return more.length === 0 ? `${first}` : `${first}, and ${more.length} more`;
}

/** Whether two environments are in the same account and region. */
type Place = { readonly is: 'same' | 'other' } | { readonly is: 'unknown'; readonly unset: string };

function placeOf(one: Environment, other: Environment): Place {
  const members = ['account', 'region'].map((member) => ({
    member,
    values: [valueAt(one.value, [member]), valueAt(other.value, [member])],
  }));
  if (
    members.some(
      ({ values: [mine, others] }) => mine !== undefined && others !== undefined && mine !== others,
    )
  )
    return { is: 'other' };
  const unset = members.find(({ values }) => values.includes(undefined));
  return unset === undefined ? { is: 'same' } : { is: 'unknown', unset: unset.member };
}

/** Released or declared, each as it is written in a message. Values of the wrong shape are skipped. */
function servicesOf({ value }: Environment): ReadonlySet<string> {
  const usual = valueAt(value, ['defaults', 'cluster']);
  const released = namesAt(value, ['apps']).flatMap((app) => {
    const list: Path = ['apps', app, 'services'];
    const cluster = valueAt(value, ['apps', app, 'cluster']) ?? usual;
    return indexesOf(value, list).flatMap((index) =>
      describe(valueAt(value, [...list, index, 'name']), cluster),
    );
  });
  const services: Path = ['infrastructure', 'services'];
  const declared = namesAt(value, services).flatMap((key) =>
    describe(
      valueAt(value, [...services, key, 'name']) ?? key,
      valueAt(value, [...services, key, 'cluster']) ?? usual,
    ),
  );
  return new Set([...released, ...declared]);
}

/** Declared resources but for services, as "infrastructure.repositories.web". */
function resourcesOf({ value }: Environment): ReadonlyMap<string, unknown> {
  const kinds = namesAt(value, ['infrastructure']).filter((kind) => kind !== 'services');
  return new Map(
    kinds.flatMap((kind) =>
      namesAt(value, ['infrastructure', kind]).map(
        (name) => [`infrastructure.${kind}.${name}`, valueAt(value, ['infrastructure', kind, name])] as const,
      ),
    ),
  );
}

function describe(name: unknown, cluster: unknown): readonly string[] {
  const isKnown = typeof name === 'string' && typeof cluster === 'string';
  return isKnown ? [`the service "${name}" in the cluster "${cluster}"`] : [];
}

function namesAt(value: unknown, path: Path): readonly string[] {
  const found = valueAt(value, path);
  return isObject(found) ? Object.keys(found) : [];
}
