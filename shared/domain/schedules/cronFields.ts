/** The fields of a cron expression as EventBridge documents them, and as croner reads them. */

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  /** Forms beside numbers, ranges and steps. */
  readonly also?: RegExp;
  /** Whether it takes steps such as 0/15. */
  readonly steps: boolean;
  readonly expected: string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Source: EventBridge Scheduler User Guide, "Schedule types", cron-based schedules. */
const FIELDS: readonly Field[] = [
  { name: 'minutes', least: 0, most: 59, steps: true, expected: '0-59 with , - * /' },
  { name: 'hours', least: 0, most: 23, steps: true, expected: '0-23 with , - * /' },
  {
    name: 'day of month',
    least: 1,
    most: 31,
    also: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/i,
    steps: true,
    expected: '1-31 with , - * ? / L W',
  },
  { name: 'month', least: 1, most: 12, names: MONTHS, steps: true, expected: '1-12 or JAN-DEC with , - * /' },
  {
    name: 'day of week',
    least: 1,
    most: 7,
    names: WEEKDAYS,
    also: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/i,
    steps: false,
    expected: '1-7 or SUN-SAT, 1 being Sunday, with , - * ? L #',
  },
  { name: 'year', least: 1970, most: 2199, steps: true, expected: '1970-2199 with , - * /' },
];

/** What is wrong with the fields between the parentheses, in words; undefined: EventBridge takes them. */
export function faultOfCron(body: string): string | undefined {
  const values = body.trim().split(/\s+/);
  if (values.length !== FIELDS.length) return 'expected six fields';
  if (body !== values.join(' ')) return 'expected single spaces between its fields and none around them';
  if ((values[2] === '?') === (values[4] === '?'))
    return 'exactly one of day-of-month and day-of-week must be ?';
  const wrong = FIELDS.findIndex((field, index) => !isTaken(field, values[index] ?? ''));
  const field = FIELDS[wrong];
  if (!field) return undefined;
  const value = values[wrong] ?? '';
  const backwards = value.split(',').find((item) => isBackwards(field, item));
  const hint = backwards === undefined ? '' : `; the range ${backwards} goes backwards: split it at the end`;
  return `the ${field.name} "${value}" is not taken, expected ${field.expected}${hint}`;
}

function isTaken(field: Field, value: string): boolean {
  const items = value.split(',');
  // "If you use a # you can define only one expression in the field", says the guide.
  if (items.length > 1 && items.some((item) => item === '?' || item.includes('#'))) return false;
  return items.every((item) => field.also?.test(item) === true || isSpan(field, item));
}

function isSpan(field: Field, item: string): boolean {
  const [span = '', step, ...more] = item.split('/');
  if (more.length > 0 || (step !== undefined && !field.steps)) return false;
  // More than the field has would be no step at all.
  if (step !== undefined && !isWithin(step, 1, field.most - field.least + 1)) return false;
  if (span === '*') return true;
  const [from = '', to = from, ...beyond] = span.split('-');
  const [first, last] = [numberOf(field, from), numberOf(field, to)];
  if (beyond.length > 0 || first === undefined || last === undefined) return false;
  return first >= field.least && last <= field.most && first <= last;
}

function isBackwards(field: Field, item: string): boolean {
  const [first, last] = (item.split('/')[0] ?? '').split('-').map((end) => numberOf(field, end));
  return first !== undefined && last !== undefined && first > last;
}

function isWithin(text: string, least: number, most: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most;
}

function numberOf({ names = [], least }: Field, text: string): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = names.indexOf(text.toUpperCase());
  return index === -1 ? undefined : index + least;
}

/** The same in croner's words, with seconds; for what `faultOfCron` has nothing against. */
export function cronerPattern(body: string): string {
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = body.split(' ');
  return [
    '0',
    stepped(minutes, 59),
    stepped(hours, 23),
    days === '?' ? '*' : stepped(days, 31),
    stepped(months, 12),
    weekdays === '?' ? '*' : weekdayField(weekdays),
    stepped(years, 2199),
  ].join(' ');
}

/** EventBridge's `5/10` (from 5 on, every 10) is croner's `5-59/10`. */
function stepped(field: string, maximum: number): string {
  return field
    .split(',')
    .map((part) => part.replace(/^(\w+)\/(\d+)$/, `$1-${maximum}/$2`))
    .join(',');
}

/** EventBridge counts weekdays from 1 = Sunday, croner from 0; `L` alone is Saturday. */
function weekdayField(field: string): string {
  return field
    .split(',')
    .map((part) => {
      if (part.toUpperCase() === 'L') return '6';
      const [range = '', ...rest] = part.split(/(?=#)/);
      return range.replace(/\d/g, (day) => String(Number(day) - 1)) + rest.join('');
    })
    .join(',');
}
