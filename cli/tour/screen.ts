import { cut, type Style } from '../style.ts';
import type { Output } from '../surroundings.ts';
import type { Line } from './frame.ts';

/** Where the tour writes. */
export interface Screen {
  /** A line that stays. */
  say(text: string): void;
  /** The live picture: redrawn in place on a terminal, elsewhere only the lines that changed. */
  draw(heading: string, lines: readonly Line[]): void;
  /** Keeps the picture: the next one starts below it. */
  keep(): void;
}

/** @param moving whether lines can be redrawn: a terminal that is not dumb */
export function screenOn(output: Output, moving: boolean, style: Style): Screen {
  return moving ? movingScreen(output, style) : stillScreen(output);
}

function movingScreen(output: Output, style: Style): Screen {
  let drawn = 0;
  let last = '';
  return {
    say(text) {
      output.write(`${text}\n`);
      drawn = 0;
      last = '';
    },
    draw(heading, lines) {
      // A line that wraps takes two rows, and moving up would be off by one.
      const columns = (output.columns ?? 80) - 1;
      const rows = [
        ...(heading === '' ? [] : [style.dim(heading)]),
        ...lines.map(({ text, time }) => (time === undefined ? text : `${text} ${style.dim(time)}`)),
      ].map((row) => cut(row, columns));
      const picture = rows.map((row) => `\u001b[2K${row}\n`).join('');
      if (picture === last) return;
      output.write(`${drawn > 0 ? `\u001b[${drawn}A` : ''}${picture}`);
      drawn = rows.length;
      last = picture;
    },
    keep() {
      drawn = 0;
      last = '';
    },
  };
}

function stillScreen(output: Output): Screen {
  let shown = new Map<string, string>();
  return {
    say(text) {
      output.write(`${text}\n`);
    },
    draw(heading, lines) {
      for (const { key, text } of lines) {
        if (shown.get(key) === text) continue;
        shown.set(key, text);
        output.write(`${heading === '' ? '' : `${heading} `}${text}\n`);
      }
    },
    keep() {
      shown = new Map();
    },
  };
}
