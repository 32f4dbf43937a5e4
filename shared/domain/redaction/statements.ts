import { isHarmless, looksDrawn } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { type Leaf, readList } from './lists.ts';
import { MASK } from './mask.ts';
import { type Places, placesOf } from './places.ts';

/** What databases and their drivers say of statements: values stand apart from the columns that name them. */

/** Characters before a list of parameters in which its statement stands. */
const STATEMENT = 4_096;
const LONGEST = 4_096;

export function maskStatements(text: string): string {
  return maskBareLists(maskParameters(maskDuplicates(maskKeys(text))));
}

/** PostgreSQL: `Key (user_id, api_token)=(42, …) already exists.`; in other languages it quotes `»(api_token)=(…)«`. */
const KEY = /(?:\bkey |[«»„“"]\s?)\(((?:[^()\n]|\([^()\n]{0,128}\)){1,512})\)=\(/gi;
/** What PostgreSQL goes on with; a value may have brackets, too. */
const AFTER_VALUES = /\)(?= (?:already exists|conflicts with|is (?:not|still|duplicated)))/i;
/** Where the values end at the latest, if PostgreSQL's words were cut off. */
const END_OF_VALUES = /\)(?=[\s.,;"'«»“]|$)|\bkey \(|$/i;

function maskKeys(text: string): string {
  return replacedAfter(text, KEY, ([, columns = ''], rest) => {
    const line = rest.slice(0, LONGEST).split('\n', 1)[0] ?? '';
    const said = line.search(AFTER_VALUES);
    const values = line.slice(0, said < 0 ? line.search(END_OF_VALUES) : said);
    return { length: values.length, instead: maskRow(columns.split(','), values) };
  });
}

/** Each value by its column; where a comma in a value makes more of them than columns, all of them. */
function maskRow(columns: readonly string[], values: string): string {
  const items = columns.length === 1 ? [values] : values.split(', ');
  if (items.length !== columns.length)
    return columns.some((column) => isSecret(column, 'x1')) ? MASK : values;
  return items.map((item, index) => (isSecret(columns[index] ?? '', item) ? MASK : item)).join(', ');
}

/** MySQL: `Duplicate entry '…' for key 'users.api_token'`; SQL Server names the constraint before the value. */
const ENTRY = /(\bduplicate entry ')([^'\n]{1,1024})(?=' for key '([\w.$-]{1,128})')/gi;
const CONSTRAINT =
  /(\bconstraint '([\w.$-]{1,128})'[^\n(]{1,256}duplicate key value is \()([^\n]{1,1024}?)(?=\)(?:\.|\s|$))/gi;
/** What indexes are called besides their columns. */
const OF_INDEX =
  /^(?:uq|uk|ux|ix|idx|pk)_|[_.](?:unique|uniq|uq|uk|ux|idx|index|key|pkey)(?=$|_?\d)|_?\d+$/gi;

function maskDuplicates(text: string): string {
  return text
    .replace(ENTRY, (whole, open: string, value: string, index: string) =>
      isSecret(index.replace(OF_INDEX, ''), value) ? open + MASK : whole,
    )
    .replace(CONSTRAINT, (whole, open: string, index: string, value: string) =>
      isSecret(index.replace(OF_INDEX, ''), value) ? open + MASK : whole,
    );
}

/** `PARAMETERS: ["web", "…"]`, `bind: […]`, `[parameters: ('web', '…')]`, `parameters: $1 = '…', $2 = '42'`. */
const PARAMETERS =
  /\b(?:(?:query|bound|sql)[ _-]?)?(?:parameters|params|bindings|binds|bind|bound)\b["']?\s{0,4}[:=]\s{0,4}(?=[[(]|\$\d{1,4}\s?=)/gi;
/** Whether a statement follows its parameters, as EF Core writes it. */
const STATEMENT_FOLLOWS = /\b(?:insert|update|select|delete|merge)\b/i;

function maskParameters(text: string): string {
  // Where the last statement ended that has its parameters.
  let from = 0;
  return replacedAfter(text, PARAMETERS, ([found], rest, at) => {
    const { leaves, end } = readList(lineOf(rest));
    const width = widthOf(leaves);
    const own = placesOf(text.slice(Math.max(from, at - STATEMENT), at));
    // Of another width, the list may be one of any statement before it.
    const before = own.count === width ? own : placesOf(text.slice(Math.max(0, at - STATEMENT), at));
    if (width >= own.count) from = at + found.length + end;
    const mayFollow = before.count === 0 || leaves.some(({ place }) => place?.startsWith('@'));
    const follows = mayFollow && STATEMENT_FOLLOWS.test(rest.slice(end, end + 256));
    const places = follows ? [before, placesOf(rest.slice(end, end + STATEMENT))] : [before];
    return { length: end, instead: maskLeaves(rest.slice(0, end), leaves, places, isUnknownSecret) };
  });
}

/** How many values a list has, or its longest row. */
function widthOf(leaves: readonly Leaf[]): number {
  const isNested = areRows(leaves);
  return Math.max(0, ...leaves.map(({ path: [first = 0, second = 0] }) => (isNested ? second : first) + 1));
}

function areRows(leaves: readonly Leaf[]): boolean {
  return leaves.length > 0 && leaves.every(({ path }) => path.length > 1);
}

/** Parameters, a statement, or a list that may hold its parameters: Ecto writes `VALUES ($1) ["…"]`. */
const STATEMENT_OR_LIST = new RegExp(
  `(${PARAMETERS.source})|${String.raw`\b(?:insert\s{1,4}into|update|select|delete\s{1,4}from)\s|(?<=\s)(?=\[["'])`}`,
  'gi',
);

function maskBareLists(text: string): string {
  const nothing = { length: 0, instead: '' };
  let statement: number | undefined;
  return replacedAfter(text, STATEMENT_OR_LIST, ([found, parameters], rest, at) => {
    const from = statement;
    if (parameters !== undefined) {
      if (from !== undefined && hasAllOf(text.slice(Math.max(from, at - STATEMENT), at), rest))
        statement = undefined;
      return nothing;
    }
    statement = found === '' ? undefined : (statement ?? at);
    if (found !== '' || from === undefined || at - from > STATEMENT) return nothing;
    const places = placesOf(text.slice(from, at));
    if (places.count === 0) return nothing;
    const { leaves, end } = readList(lineOf(rest));
    return { length: end, instead: maskLeaves(rest.slice(0, end), leaves, [places], () => false) };
  });
}

/** Whether a list has a value for each place of the statement before it. */
function hasAllOf(statement: string, rest: string): boolean {
  return widthOf(readList(lineOf(rest)).leaves) >= placesOf(statement).count;
}

function lineOf(rest: string): string {
  return rest.slice(0, LONGEST).split('\n', 1)[0] ?? '';
}

/** Where the statement is not there, or has other places than the list, a value is masked that looks drawn by lot. */
function isUnknownSecret(value: string): boolean {
  return looksDrawn(value) && !/^[\da-f-]+$/i.test(value);
}

function maskLeaves(
  list: string,
  leaves: readonly Leaf[],
  places: readonly Places[],
  otherwise: (value: string) => boolean,
): string {
  const isNested = areRows(leaves);
  let result = '';
  let done = 0;
  for (const leaf of leaves) {
    const value = list.slice(leaf.start, leaf.end);
    const names = places.flatMap((each) => namesFor(leaf, each, isNested));
    const isMasked = names.length > 0 ? names.some((name) => isSecret(name, value)) : otherwise(value);
    if (!isMasked) continue;
    result += list.slice(done, leaf.start) + MASK;
    done = leaf.end;
  }
  return result + list.slice(done);
}

/** The columns that a value may be of. In lists of lists, each of them is a row, or a value that is a list. */
function namesFor({ path, place }: Leaf, places: Places, isNested: boolean): readonly string[] {
  if (place !== undefined) return [places.byName.get(place) ?? place];
  const [first = 0, second = 0] = path;
  const isRow = isNested && (places.count > 1 || second === 0);
  const indices = isRow ? [second] : [first];
  return indices.flatMap((index) => places.byIndex[index] ?? []);
}

/** Whether a column, also within a function and with a type, is of a secret. */
function isSecret(column: string, value: string): boolean {
  const names = column.replace(/::[\w ]{1,64}/g, '').match(/[A-Za-z_][\w$]{0,127}/g) ?? [];
  return names.some((name) => {
    const kind = kindOfKey(name);
    return kind !== undefined && !isHarmless(value, kind, { quoted: true, prose: false, after: '' });
  });
}

type Found = (
  match: RegExpExecArray,
  rest: string,
  at: number,
) => { readonly length: number; readonly instead: string };

/** Replaces what follows each match of a pattern, as far as `found` says. Looks at no place twice. */
function replacedAfter(text: string, pattern: RegExp, found: Found): string {
  let result = '';
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    const { length, instead } = found(match, text.slice(end, end + LONGEST + 1), match.index);
    result += text.slice(done, end) + instead;
    done = end + length;
    pattern.lastIndex = Math.max(done, end) + (match[0] === '' && length === 0 ? 1 : 0);
  }
  return result + text.slice(done);
}
