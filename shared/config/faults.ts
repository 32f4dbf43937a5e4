/** A member's place: `['apps', 'web', 'services', 0, 'name']`. */
export type Path = readonly (string | number)[];

/** What is wrong, before it is known where in the file that stands. */
export interface Finding {
  readonly path: Path;
  /** Where to point: at the member's value, or at its name. */
  readonly at: 'value' | 'key';
  /** What was expected, as the end of "expected …", or a whole sentence. */
  readonly message: string;
  /** The nearest valid name. */
  readonly nearest?: string;
}

/** One thing that is wrong with a configuration. Lines and columns count from 1. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  /** "apps.web.services[0].name"; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly nearest?: string;
}

/** Everything that is wrong with one configuration file, in one error. */
export class ConfigurationError extends Error {
  readonly file: string;
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[], options?: ErrorOptions) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    const lines = faults.map((fault) => `  ${describeFault(file, fault)}`);
    super([`failed to read ${file}: ${count}`, ...lines].join('\n'), options);
    this.name = 'ConfigurationError';
    this.file = file;
    this.faults = faults;
  }
}

/** "fairway.yml:12:5 apps.web.channels[0]: expected a channel of this file; did you mean "deploys"?" */
export function describeFault(file: string, fault: Fault): string {
  const path = fault.path === '' ? '' : ` ${fault.path}`;
  const nearest = fault.nearest === undefined ? '' : `; did you mean "${fault.nearest}"?`;
  return `${file}:${fault.line}:${fault.column}${path}: ${fault.message}${nearest}`;
}

/** A path as people write it: `apps.web.services[0].name`, `apps["my app"]`. */
export function formatPath(path: Path): string {
  return path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^[A-Za-z_][\w-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('')
    .replace(/^\./, '');
}

/** The valid name that a mistyped one most likely meant; undefined when none is close. */
export function nearestOf(name: string, valid: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of valid) {
    const distance = distanceBetween(name.toLowerCase(), candidate.toLowerCase());
    if (best === undefined || distance < best.distance) best = { name: candidate, distance };
  }
  if (best === undefined) return undefined;
  return best.distance <= Math.max(1, Math.floor(Math.max(name.length, best.name.length) / 3))
    ? best.name
    : undefined;
}

/** How many letters to add, drop, change, or swap with their neighbour: optimal string alignment. */
function distanceBetween(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
