import { diffLines } from './diff.ts';

/** A file that is to have this text. */
export interface Wanted {
  readonly name: string;
  /** As it is now; undefined: it does not exist. */
  readonly before: string | undefined;
  readonly after: string;
  /** Whether an existing file is only added to, and not replaced. */
  readonly adds: boolean;
}

interface Plan {
  /** The files to write. */
  readonly writes: readonly Wanted[];
  /** Existing files that would be replaced. Then nothing must be written. */
  readonly conflicts: readonly Wanted[];
}

/** What has to be written. An existing file with other content is never replaced. Line endings are no content. */
export function planOf(files: readonly Wanted[]): Plan {
  const changed = files.filter(({ before, after }) => before === undefined || lines(before) !== lines(after));
  const conflicts = changed.filter(({ before, adds }) => before !== undefined && !adds);
  return { writes: conflicts.length > 0 ? [] : changed, conflicts };
}

/** "fairway.yml: new", or the name with the lines that change. */
export function describeChange({ name, before, after }: Wanted): string {
  if (before === undefined) return `${name}: new`;
  return [`${name}:`, ...diffLines(lines(before), lines(after)).map((line) => `  ${line}`)].join('\n');
}

/** Git and editors on Windows write CRLF. */
function lines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
