import { Lexer } from 'yaml';

/** The parser calls itself for each level. No member of `fairway.yml` is half as deep. */
const DEEPEST = 100;
/** Columns. */
const WIDEST_INDENTATION = 1_000;

/** The offset at which a text is nested too deeply to be parsed. */
export function tooDeepAt(text: string): number | undefined {
  let [offset, brackets, indicators, isLineStart] = [0, 0, 0, true];
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets += 1;
    else if (token === ']' || token === '}') brackets -= 1;
    else if (token === '-' || token === '?') indicators += 1;
    else if (token === '\n' || token === '\r\n') indicators = 0;
    const isWide = isLineStart && token.length > WIDEST_INDENTATION && token.trim() === '';
    if (brackets > DEEPEST || indicators > DEEPEST || isWide) return offset;
    isLineStart = token.endsWith('\n');
    offset += token.length;
  }
  return undefined;
}
