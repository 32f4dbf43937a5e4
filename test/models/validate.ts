import type { Member, Shape } from './shapes.ts';

/** Times of the wire are epoch seconds; milliseconds would be the year 5138 and later. */
const LATEST_SECOND = 100_000_000_000;

/**
 * Checks a JSON value of the wire against a shape. Answers what is wrong with it, each with its place; nothing when
 * it fits: unknown members, wrong types, values that are not of the enumeration, required members that are absent,
 * times that are not epoch seconds.
 */
export function faultsOf(value: unknown, shape: Shape, place: string): readonly string[] {
  switch (shape.kind) {
    case 'document':
      return [];
    case 'text':
      if (typeof value !== 'string') return [expected(place, 'text', value)];
      if (shape.values && !shape.values.includes(value))
        return [expected(place, `one of ${shape.values.join(', ')}`, value)];
      return [];
    case 'blob':
      return typeof value === 'string' ? [] : [expected(place, 'text in base64', value)];
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [expected(place, 'a number', value)];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [expected(place, 'true or false', value)];
    case 'timestamp':
      return typeof value === 'number' && value >= 0 && value < LATEST_SECOND
        ? []
        : [expected(place, 'epoch seconds', value)];
    case 'list':
      if (!Array.isArray(value)) return [expected(place, 'a list', value)];
      return value.flatMap((item, index) => faultsOf(item, shape.item(), `${place}[${index}]`));
    case 'map':
      if (!isObject(value)) return [expected(place, 'a map', value)];
      return Object.entries(value).flatMap(([key, item]) => faultsOf(item, shape.value(), `${place}.${key}`));
    case 'structure':
      if (!isObject(value)) return [expected(place, `a structure ${shape.name}`, value)];
      return structureFaults(value, shape, place);
  }
}

function structureFaults(
  value: Readonly<Record<string, unknown>>,
  shape: Shape & { readonly kind: 'structure' },
  place: string,
): readonly string[] {
  const missing = [...shape.members]
    .filter(([name, member]) => member.required && value[name] === undefined)
    .map(([name]) => `${place}.${name}: required by ${shape.name}, and absent`);
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  const present = given.flatMap(([name, item]) =>
    memberFaults(item, shape.members.get(name), `${place}.${name}`, shape.name),
  );
  const several = shape.union && given.length !== 1;
  return [
    ...missing,
    ...present,
    ...(several ? [expected(place, `one member of ${shape.name}`, value)] : []),
  ];
}

function memberFaults(
  item: unknown,
  member: Member | undefined,
  place: string,
  structure: string,
): readonly string[] {
  if (!member) return [`${place}: ${structure} has no such member`];
  return faultsOf(item, member.shape(), place);
}

function expected(place: string, what: string, found: unknown): string {
  const text = JSON.stringify(found) ?? 'nothing';
  return `${place}: expected ${what}, found ${text.length > 80 ? `${text.slice(0, 77)}...` : text}`;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
