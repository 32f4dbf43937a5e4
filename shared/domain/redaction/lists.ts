/** A value in a list: where it is without its quotes, and its index at each level. */
export interface Leaf {
  readonly start: number;
  readonly end: number;
  readonly path: readonly number[];
  /** Which place of the statement it is for, if the list says so: `$1`, `@p0`. */
  readonly place?: string;
}

/**
 * A bracket, a comma, a text in quotes (to the end if they are not closed), or a word without. `$1 = ` and `@p0=`
 * before a value say which place it is for.
 */
const PIECE =
  /([[({])|([\])}])|(,)|(?:([$@:]\w{1,64})\s?=\s?)?(?:(["'])((?:\\.|(?!\5)[^\\])*)(?:\5|\\?$)|([^\s,[\](){}"'][^,[\](){}"']*))|["']/g;

/** Reads a list of a line's beginning, with lists in it; without a bracket, to the end. */
export function readList(line: string): { readonly leaves: readonly Leaf[]; readonly end: number } {
  const leaves: Leaf[] = [];
  const isOpen = !/^[[({]/.test(line);
  const path: number[] = isOpen ? [0] : [];
  for (const match of line.matchAll(PIECE)) {
    const [whole, opens, closes, comma, place, , quoted, plain] = match;
    const end = match.index + whole.length;
    if (opens !== undefined) path.push(0);
    else if (closes !== undefined) {
      path.pop();
      if (path.length === 0) return { leaves, end };
    } else if (comma !== undefined) path.push((path.pop() ?? 0) + 1);
    else {
      const value = quoted ?? plain?.trimEnd() ?? '';
      const start =
        plain === undefined
          ? match.index + whole.indexOf(quoted ?? '', place?.length ?? 1)
          : end - plain.length;
      if (value !== '')
        leaves.push({ start, end: start + value.length, path: [...path], ...(place && { place }) });
    }
  }
  return { leaves, end: line.length };
}
