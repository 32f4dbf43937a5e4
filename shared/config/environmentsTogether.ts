import { isDeepStrictEqual } from 'node:util';
import type { Finding, Path } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** An environment of a file, with the plain data that applies to it. */
interface Environment {
  readonly name: string;
  readonly value: unknown;
}

/**
 * What two environments of one place must not have both: a service, whose deployments by the other stack each would take
 * for foreign ones, and a resource that they declare differently, which each `apply` would change.
 */
export function conflictsOfEnvironments(environments: readonly Environment[]): readonly Finding[] {
  const known = environments.map((environment) => ({
    ...environment,
    services: servicesOf(environment),
    resources: resourcesOf(environment),
  }));
  return known.flatMap((one, index) =>
    known.slice(0, index).flatMap((other): readonly Finding[] => {
      if (!canBeSamePlace(one, other)) return [];
      const both = [...one.services].filter((service) => other.services.has(service));
      const differ = [...one.resources].filter(([path, declared]) => {
        const theirs = other.resources.get(path);
        return theirs !== undefined && !isDeepStrictEqual(declared, theirs);
      });
      return [
        ...(both.length === 0 ? [] : [shared(one.name, other.name, both)]),
        ...differ.map(([path]) => changedByBoth(one.name, other.name, path)),
      ];
    }),
  );
}

function changedByBoth(one: string, other: string, resource: string): Finding {
  const message = `expected \`${resource}\` as in "${other}", which can be in the same account and region: \`fairway apply\` of each would change it. Set \`account\` or \`region\` of one of them, or declare it under another name`;
  return { path: ['environments', one], at: 'key', message };
}

function shared(one: string, other: string, services: readonly string[]): Finding {
  const more = services.length === 1 ? '' : `, and ${services.length - 1} more`;
  const message = `expected other services than those of "${other}", which can be in the same account and region: both have ${services[0]}${more}. Set \`cluster\`, \`account\` or \`region\` of one of them, or the names of its services`;
  return { path: ['environments', one], at: 'key', message };
}

/** An account or region that is not set is that of the credentials or the shell: it can be any. */
function canBeSamePlace(one: Environment, other: Environment): boolean {
  return ['account', 'region'].every((member) => {
    const [mine, others] = [valueAt(one.value, [member]), valueAt(other.value, [member])];
    return mine === undefined || others === undefined || mine === others;
  });
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
