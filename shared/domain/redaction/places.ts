/** What the places of a statement stand for: the columns that their values are of. */
export interface Places {
  readonly count: number;
  readonly byIndex: readonly (string | undefined)[];
  /** By `$1`, `@p0`, `:name`. */
  readonly byName: ReadonlyMap<string, string>;
}

const INSERT =
  /\binsert\s{1,4}into\s{1,4}[\w."`[\]]{1,128}\s{0,4}\(([^()]{1,2048})\)[^()]{0,128}\bvalues\s{0,4}(?=\()/i;
const COMPARED =
  /([\w."`[\]]{1,128})\s{0,4}(?:=|<>|!=|\blike\b|\bin\s{0,4}\()\s{0,4}(?:\w{1,64}\(\s{0,4})?(\$\d{1,4}|\?|%s|:\w{1,64}|@\w{1,64})/gi;
/** A place, a text, a type, or what separates values. */
const PIECE = /'[^'\n]{0,1024}'|::\w{1,64}|(\$\d{1,4}|\?|%s|:\w{1,64}|@\w{1,64})|[(),]|[^\s]/g;

export function placesOf(statement: string): Places {
  const byIndex: (string | undefined)[] = [];
  const byName = new Map<string, string>();
  const add = (name: string, place: string) => {
    const [, number] = /^\$(\d+)$/.exec(place) ?? [];
    byIndex[number === undefined ? byIndex.length : Math.max(0, Number(number) - 1)] = name;
    byName.set(place, name);
  };
  const insert = INSERT.exec(statement);
  const values = insert ? statement.slice(insert.index + insert[0].length) : '';
  for (const [column, place] of placesOfRows(values)) add(insert?.[1]?.split(',')[column] ?? '', place);
  for (const [, name = '', place = ''] of statement.matchAll(COMPARED)) add(name, place);
  return { count: byIndex.length, byIndex, byName };
}

/** The places in `($1, crypt($2, …)), ($3, …)`, each with the column it is in. */
function placesOfRows(values: string): readonly (readonly [column: number, place: string])[] {
  const found: (readonly [number, string])[] = [];
  let depth = 0;
  let column = 0;
  for (const [piece, place] of values.matchAll(PIECE)) {
    if (place !== undefined) found.push([column, place]);
    else if (piece === '(') depth += 1;
    else if (piece === ')') depth -= 1;
    else if (piece === ',') column = depth === 0 ? 0 : column + (depth === 1 ? 1 : 0);
    else if (depth === 0) break;
  }
  return found;
}
