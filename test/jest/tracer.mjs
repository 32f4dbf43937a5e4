import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/** Rewrites the stacks of errors from a bundle, so that they name the sources. Reads the source map when first asked. */
export function createTracer(bundle, mapFile) {
  let map;
  const traced = new Set();

  function originOf(place, line, column) {
    map ??= new SourceMap(JSON.parse(readFileSync(mapFile, 'utf8')));
    const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1);
    if (originalSource === undefined) return place;
    return `${resolve(dirname(mapFile), originalSource)}:${originalLine + 1}:${originalColumn + 1}`;
  }

  function trace(error) {
    if (typeof error?.stack !== 'string' || traced.has(error)) return;
    traced.add(error);
    const parts = error.stack.split(`${bundle}:`);
    error.stack = parts
      .map((part, index) =>
        index === 0
          ? part
          : part.replace(/^(\d+):(\d+)/, (place, line, column) =>
              originOf(`${bundle}:${place}`, Number(line), Number(column)),
            ),
      )
      .join('');
    trace(error.cause);
  }

  return { trace };
}
