/** What is read of a template that is plain data, such as the one of a deployed stack. */

export type Members = Readonly<Record<string, unknown>>;

export function resourcesIn(template: unknown): Members {
  return membersOf(membersOf(template).Resources);
}

export function propertiesOf(resource: unknown): Members {
  return membersOf(membersOf(resource).Properties);
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

export function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
