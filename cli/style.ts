/** Text with a meaning; colored only on a terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  accent(text: string): string;
}

const same = (text: string) => text;

export const plain: Style = { bold: same, dim: same, good: same, bad: same, warn: same, accent: same };

const ansi = (open: number, close: number) => (text: string) =>
  text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;

export const coloured: Style = {
  bold: ansi(1, 22),
  dim: ansi(2, 22),
  good: ansi(32, 39),
  bad: ansi(31, 39),
  warn: ansi(33, 39),
  accent: ansi(36, 39),
};

/** Colors on a terminal, unless NO_COLOR is set and not empty (no-color.org) or the terminal is dumb. */
export function styleFor(isTTY: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  if (!isTTY || env.NO_COLOR || env.TERM === 'dumb') return plain;
  return coloured;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is meant
const escapes = /\u001b\[[0-9;]*m/g;

export function withoutColour(text: string): string {
  return text.replace(escapes, '');
}

/** Columns that a text takes on a terminal, for the characters used here. */
export function width(text: string): number {
  return [...withoutColour(text)].length;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Cuts to a number of columns; a text that is cut ends in "…" and loses its colors. */
export function cut(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const short = [...withoutColour(text)].slice(0, Math.max(0, columns - 1)).join('');
  return `${short}…`;
}

/** Rows under a heading; columns are as wide as their widest cell, except the last. */
export function table(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string[] {
  const widths = heading.map((title, column) =>
    Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : pad(cell, widths[column] ?? 0)))
      .join('  ');
  return [style.dim(line(heading)), ...rows.map((row) => line(row))].map((text) => text.trimEnd());
}

/** "3 min ago", "just now". Times are epoch milliseconds; a time slightly after `now` counts as now, since clocks differ. */
export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < 5_000) return 'just now';
  const seconds = Math.round(passed / 1000);
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** `m:ss`, for a running clock. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
