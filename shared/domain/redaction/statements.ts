import { isHarmless, looksDrawn } from './harmless.ts';
import { kindOfKey } from './keys.ts';
import { MASK } from './mask.ts';

/** What databases and their drivers say of statements: values stand apart from the columns that name them. */

/** Characters before a list of parameters in which its statement stands. */
const STATEMENT = 4_096;
const LONGEST = 4_096;

export function maskStatements(text: string): string {
  return maskParameters(maskDuplicates(maskKeys(text)));
}

/** PostgreSQL: `Key (user_id, api_token)=(42, …) already exists.` */
const KEY = /\bkey \(((?:[^()\n]|\([^()\n]{0,128}\)){1,512})\)=\(/gi;
/** What PostgreSQL goes on with; a value may have brackets, too. */
const AFTER_VALUES = /\)(?= (?:already exists|conflicts with|is (?:not|still|duplicated)))/i;
/** Where the values end at the latest, if PostgreSQL's words were cut off. */
const END_OF_VALUES = /\)(?=[\s.,;"']|$)|\bkey \(|$/i;

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
  /\b(?:(?:query|bound|sql)[ _-]?)?(?:parameters|params|bindings|binds|bind|bound)\b["']?\s{0,4}[:=]\s{0,4}(?=[[(]|\$\d)/gi;
/** A text in quotes, with its backslashes, or a word without; `$1 = ` before it says which parameter it is. */
const ITEM =
  /(?:\$(\d{1,4}) = )?(?:(["'])((?:\\.|(?!\2)[^\\\n]){0,4096})\2|([^\s,[\]()"'][^,[\]()"'\n]{0,512}))/g;

function maskParameters(text: string): string {
  return replacedAfter(text, PARAMETERS, (_, rest, at) => {
    const line = rest.slice(0, LONGEST).split('\n', 1)[0] ?? '';
    const list = line.startsWith('$')
      ? line
      : (/^[[(][^\n]*?[\])](?=[\])]|\s|$|[.;,}])/.exec(line)?.[0] ?? line);
    const names = namesOf(text.slice(Math.max(0, at - STATEMENT), at));
    let index = 0;
    const instead = list.replace(
      ITEM,
      (item, number?: string, quote?: string, quoted?: string, plain?: string) => {
        const value = quoted ?? plain ?? '';
        index = number === undefined ? index + 1 : Number(number);
        if (!isSecretParameter(names, index - 1, value)) return item;
        const open = number === undefined ? '' : `$${number} = `;
        return `${open}${quote ?? ''}${MASK}${quote ?? ''}`;
      },
    );
    return { length: list.length, instead };
  });
}

/** Where the statement is not there, or has other places than the list, a value is masked that looks drawn by lot. */
function isSecretParameter(names: readonly string[], index: number, value: string): boolean {
  const name = names[index];
  if (name !== undefined) return isSecret(name, value);
  return looksDrawn(value) && !/^[\da-f-]+$/i.test(value);
}

const INSERT =
  /\binsert\s{1,4}into\s{1,4}[\w."`[\]]{1,128}\s{0,4}\(([^()]{1,2048})\)\s{0,40}values\s{0,4}\(([^()]{1,2048})\)/i;
const PLACE = /^(?:\$(\d{1,4})|\?|%s|:\w{1,64}|@\w{1,64})$/;
const COMPARED =
  /([\w."`[\]]{1,128})\s{0,4}(?:=|<>|!=|\blike\b|\bin\s{0,4}\()\s{0,4}(?:\$(\d{1,4})|\?|%s|:\w{1,64}|@\w{1,64})/gi;

/** The columns that the places of a statement stand for, in their order. */
function namesOf(statement: string): readonly string[] {
  const names: string[] = [];
  const add = (name: string, number: string | undefined) => {
    names[number === undefined ? names.length : Math.max(0, Number(number) - 1)] = name;
  };
  const [, columns = '', values = ''] = INSERT.exec(statement) ?? [];
  const places = values.split(',').map((value) => PLACE.exec(value.trim()));
  const named = columns.split(',');
  for (const [index, place] of places.entries()) if (place) add(named[index] ?? '', place[1]);
  for (const [, name = '', number] of statement.matchAll(COMPARED)) add(name, number);
  return names;
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
    pattern.lastIndex = Math.max(done, end);
  }
  return result + text.slice(done);
}
