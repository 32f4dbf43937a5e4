/** How grave a logger takes a line to be. */
export type Level = 'fatal' | 'error' | 'warning' | 'low';

const NAMES: Readonly<Record<string, Level>> = {
  fatal: 'fatal',
  panic: 'fatal',
  dpanic: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
  error: 'error',
  err: 'error',
  fail: 'error',
  severe: 'error',
  warn: 'warning',
  warning: 'warning',
  notice: 'low',
  info: 'low',
  information: 'low',
  inf: 'low',
  log: 'low',
  debug: 'low',
  dbug: 'low',
  trace: 'low',
  verbose: 'low',
};

const NAMED = Object.keys(NAMES).join('|');
/** Characters of a line's begin in which its level stands. */
const PREFIX = 90;
/** In capitals anywhere in the prefix; in brackets, between tabs or bars; or as the first word before a colon. */
const IN_CAPITALS = new RegExp(`(?<![\\w.:/-])(${NAMED.toUpperCase()})(?![\\w.-]|::)`);
const ENCLOSED = new RegExp(`[[<|\\t(] ?(${NAMED}) ?[\\]>|\\t):]`, 'i');
const FIRST = new RegExp(`^\\W{0,3}(${NAMED})(?: \\[[^\\]]*\\])?: `, 'i');

/** The level that a plain line names in its prefix. */
export function levelIn(text: string): Level | undefined {
  const prefix = text.slice(0, PREFIX);
  const name = (FIRST.exec(prefix) ?? ENCLOSED.exec(prefix) ?? IN_CAPITALS.exec(prefix))?.[1];
  return name === undefined ? undefined : NAMES[name.toLowerCase()];
}

/** From this number on a line is this grave. */
const STEPS: Readonly<Record<'syslog' | 'pino' | 'monolog', readonly (readonly [from: number, Level])[]>> = {
  syslog: [
    [5, 'low'],
    [4, 'warning'],
    [3, 'error'],
    [0, 'fatal'],
  ],
  pino: [
    [60, 'fatal'],
    [50, 'error'],
    [40, 'warning'],
    [0, 'low'],
  ],
  monolog: [
    [500, 'fatal'],
    [400, 'error'],
    [300, 'warning'],
    [0, 'low'],
  ],
};

/** The level of a structured line: by its name or its number (pino and Bunyan 10 to 60, Monolog 100 to 600, syslog 0 to 7). */
export function levelNamed(name: string): Level | undefined {
  const number = Number(name);
  if (Number.isNaN(number)) return NAMES[name.toLowerCase()];
  const scale = number < 8 ? 'syslog' : number < 100 ? 'pino' : 'monolog';
  return STEPS[scale].find(([from]) => number >= from)?.[1];
}
