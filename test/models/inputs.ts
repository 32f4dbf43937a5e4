import type { ServiceApi } from '../../local/contract.ts';
import { modelOf } from './services.ts';
import type { Shape } from './shapes.ts';

/** The types of what the simulated operations take, as `local/front/shapes.json` has them. */
interface InputShapes {
  /** `service.Operation` → the name of a structure. */
  readonly operations: Readonly<Record<string, string>>;
  /** `service.Operation` → method and path, of services that speak by paths: all that they have. */
  readonly routes: Readonly<Record<string, string>>;
  /** `service.Structure` → members that it cannot be without. */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** `service.Structure` → types of its members. */
  readonly structures: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Reads them from the models. Structures are named as there; lists are `[type]`, maps `{"*": type}`. */
export function inputShapesOf(apis: readonly ServiceApi[]): InputShapes {
  const operations = new Map<string, string>();
  const routes = new Map<string, string>();
  const required = new Map<string, readonly string[]>();
  const structures = new Map<string, Readonly<Record<string, unknown>>>();

  function typeOf(shape: Shape, service: string): unknown {
    switch (shape.kind) {
      case 'list':
        return [typeOf(shape.item(), service)];
      case 'map':
        return { '*': typeOf(shape.value(), service) };
      case 'structure': {
        const name = `${service}.${shape.name}`;
        if (structures.has(name)) return name;
        structures.set(name, {});
        const needed = [...shape.members].filter(([, { required: must }]) => must).map(([member]) => member);
        if (needed.length > 0) required.set(name, needed);
        const members = [...shape.members].map(([member, { shape: of }]) => [member, typeOf(of(), service)]);
        structures.set(name, Object.fromEntries(members));
        return name;
      }
      default:
        return shape.kind;
    }
  }

  for (const { service, operations: simulated } of apis) {
    const model = modelOf(service);
    for (const [name, route] of model.routes) routes.set(`${service}.${name}`, route);
    if (typeof model.protocol !== 'string') continue;
    for (const operation of Object.keys(simulated)) {
      operations.set(`${service}.${operation}`, String(typeOf(model.operation(operation).input, service)));
    }
  }
  return {
    operations: sorted(operations),
    routes: sorted(routes),
    required: sorted(required),
    structures: sorted(structures),
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** As JSON with one line for each entry. */
export function writtenShapes(shapes: InputShapes): string {
  const lines = (entries: object) =>
    Object.entries(entries)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  const parts = Object.entries(shapes).map(([name, entries]) => `  "${name}": {\n${lines(entries)}\n  }`);
  return `{\n${parts.join(',\n')}\n}\n`;
}
