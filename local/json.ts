import type { Json } from './contract.ts';

/** Deeper than any document that AWS accepts, and too shallow to exhaust the stack. */
const DEEPEST = 1_000;

/** Like `JSON.parse`, but throws a SyntaxError if lists and objects are nested more than 1,000 deep. */
export function parseJson(text: string): Json {
  if (text.length > DEEPEST && depthOf(text) > DEEPEST) {
    throw new SyntaxError(`the JSON is nested more than ${DEEPEST} deep`);
  }
  return JSON.parse(text);
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}
