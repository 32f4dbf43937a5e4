/** What a revision is for, as effects name it: "service:web-app", "task:db-migrate". */

interface Use {
  readonly kind: 'service' | 'task';
  readonly name: string;
}

export function forService(name: string): string {
  return `service:${name}`;
}

export function forTask(name: string): string {
  return `task:${name}`;
}

/** Undefined: it is neither. */
export function useOf(what: string): Use | undefined {
  const [kind, name] = what.split(':', 2);
  if (name === undefined || (kind !== 'service' && kind !== 'task')) return undefined;
  return { kind, name };
}

/** Names of the services, or of the tasks, among these. */
export function namesOf(uses: readonly string[], kind: Use['kind']): readonly string[] {
  return uses.flatMap((what) => {
    const use = useOf(what);
    return use?.kind === kind ? [use.name] : [];
  });
}
