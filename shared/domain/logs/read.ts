import type { Chosen } from './choose.ts';
import type { Line } from './split.ts';

/** What one container wrote at the end, oldest event first. */
export interface Written {
  readonly container: string;
  readonly events: readonly { readonly at: number; readonly text: string }[];
}

/** A line of an event as it was written. */
export interface Row {
  readonly event: number;
  readonly row: number;
  readonly text: string;
}

/** A log that was split and ranked. */
export interface Read extends Written {
  readonly rows: readonly Row[];
  readonly lines: readonly Line[];
  readonly chosen: Chosen | undefined;
}
