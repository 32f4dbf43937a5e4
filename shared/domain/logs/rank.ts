import { applicationCause } from '../diagnosis/application.ts';
import { CODES, HEADS, WORDS } from './heads.ts';
import type { Level } from './level.ts';
import { type Mark, NOISE, SILENT } from './noise.ts';
import type { Line } from './split.ts';

/** Points of a level. */
const LEVELS: Readonly<Record<Level, number>> = { fatal: 40, error: 25, warning: -25, low: -50 };
/** For words of trouble, for a cause that the table knows, and for a host with its port. */
const HAS = { words: 10, cause: 45, address: 6 };
/** From here on a line says why. */
export const EXPLAINS = 10;
/** Lines further from the end lose points, this many for each `STEP` of them, at most `MOST_LOST`. */
const STEP = 50;
const LOST = 2;
const MOST_LOST = 16;

const ADDRESS = /(?:\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?:\.[\w-]+)+|\blocalhost|`[\w-]+):\d{2,5}\b|\bport \d+/;

/** How much a line says about why its container ended. Takes time in proportion to its length. */
export function pointsOf({ text, level }: Line, depth: number, fromEnd: number): number {
  const noise = pointsIn(NOISE, text);
  if (noise === SILENT) return SILENT;
  const head = pointsIn(HEADS, text);
  const words = WORDS.test(text) || CODES.test(text);
  const cause = (words || head > 0) && applicationCause(text) !== undefined;
  const grave = level === undefined ? 0 : LEVELS[level];
  const lost = Math.min(MOST_LOST, Math.floor(fromEnd / STEP) * LOST);
  const deep = /^\s*(?:Caused by|--->)/.test(text) ? Math.min(depth, 8) : 0;
  const indented = /^\s/.test(text) ? 8 : 0;
  const points = noise + head + grave + deep - lost - indented;
  return points + (words ? HAS.words : 0) + (cause ? HAS.cause : 0) + (ADDRESS.test(text) ? HAS.address : 0);
}

function pointsIn(marks: readonly Mark[], text: string): number {
  return marks.find(({ pattern }) => pattern.test(text))?.points ?? 0;
}
