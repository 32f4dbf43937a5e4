import type { Finding, Path } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { isObject, valueAt } from './shape.ts';

/** An environment of a file, with the plain data that applies to it. */
interface Environment {
  readonly name: string;
  readonly value: unknown;
}

/** Two stacks would release to one service, and each would take the other's deployments for foreign ones. */
export function servicesOfTwoEnvironments(environments: readonly Environment[]): readonly Finding[] {
  const known = environments.map((environment) => ({ ...environment, services: servicesOf(environment) }));
  return known.flatMap((one, index) =>
    known.slice(0, index).flatMap((other): readonly Finding[] => {
      if (!canBeSamePlace(one, other)) return [];
      const both = [...one.services].filter((service) => other.services.has(service));
      return both.length === 0 ? [] : [shared(one.name, other.name, both)];
    }),
  );
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

function describe(name: unknown, cluster: unknown): readonly string[] {
  const isKnown = typeof name === 'string' && typeof cluster === 'string';
  return isKnown ? [`the service "${name}" in the cluster "${cluster}"`] : [];
}

function namesAt(value: unknown, path: Path): readonly string[] {
  const found = valueAt(value, path);
  return isObject(found) ? Object.keys(found) : [];
}
