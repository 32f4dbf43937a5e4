import { isAbsolute, relative } from 'node:path';
import { counted } from '../domain/counted.ts';
import { didYouMean } from '../domain/nearest.ts';

/** The path of a member: `['apps', 'web', 'services', 0, 'name']`. */
export type Path = readonly (string | number)[];

/** A fault whose line in the file is not known yet. */
export interface Finding {
  readonly path: Path;
  /** Whether to point at the member's value or at its name. */
  readonly at: 'value' | 'key';
  /** What was expected: "expected …", or a whole sentence. */
  readonly message: string;
  /** The nearest valid name. */
  readonly nearest?: string;
}

/** One mistake in a configuration file. Lines and columns count from 1. */
export interface Fault {
  readonly line: number;
  readonly column: number;
  /** "apps.web.services[0].name"; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly nearest?: string;
}

/** More than a person reads at once: they are fixed from the top. */
const MOST_SHOWN = 100;

/** All mistakes in one configuration file, in one error. */
export class ConfigurationError extends Error {
  readonly file: string;
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[], options?: ErrorOptions) {
    const count = counted(faults.length, 'mistake');
    const lines = faults.slice(0, MOST_SHOWN).map((fault) => `  ${describeFault(file, fault)}`);
    const more = faults.length > MOST_SHOWN ? [`  and ${faults.length - MOST_SHOWN} more`] : [];
    super([`failed to read ${shownFile(file)}: ${count}`, ...lines, ...more].join('\n'), options);
    this.name = 'ConfigurationError';
    this.file = file;
    this.faults = faults;
  }
}

/** "fairway.yml:12:5 apps.web.channels[0]: unknown channel "deploy"; did you mean "deploys"?" */
export function describeFault(file: string, fault: Fault): string {
  const path = fault.path === '' ? '' : ` ${fault.path}`;
  return `${shownFile(file)}:${fault.line}:${fault.column}${path}: ${fault.message}${didYouMean(fault.nearest)}`;
}

/** A file as people write it: relative to the current folder if it is there. */
export function shownFile(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** A path as text: `apps.web.services[0].name`, `apps["my app"]`. */
export function formatPath(path: Path): string {
  return path
    .map((part) => {
      if (typeof part === 'number') return `[${part}]`;
      return /^[A-Za-z_][\w-]*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
