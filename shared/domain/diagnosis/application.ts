import { CONNECTIONS } from './appConnections.ts';
import { IMAGES } from './appImage.ts';
import { MIGRATIONS } from './appMigrations.ts';
import type { AppRow } from './appRow.ts';
import { SYSTEM } from './appSystem.ts';

/** What applications write when they cannot run, most specific first: the first row that matches a line is taken. */
export const APPLICATION: readonly AppRow[] = [...MIGRATIONS, ...IMAGES, ...CONNECTIONS, ...SYSTEM];

interface AppCause {
  readonly row: AppRow;
  readonly found: RegExpExecArray;
}

/** Undefined: the table has no words for the line. */
export function applicationCause(line: string): AppCause | undefined {
  for (const row of APPLICATION) {
    const found = row.pattern.exec(line);
    if (found) return { row, found };
  }
  return undefined;
}
