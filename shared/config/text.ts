import { isUtf8 } from 'node:buffer';
import type { Fault } from './faults.ts';

/** More than any configuration whose stack CloudFormation accepts. */
const LONGEST = 5_000_000;

/** The text of a file, or why it is none. */
export function textOf(bytes: Buffer): { readonly text: string } | { readonly fault: Fault } {
  if (bytes.length > LONGEST)
    return faultAt(
      1,
      `expected at most ${LONGEST / 1_000_000} MB: use several files with an \`installation\` each`,
    );
  const utf16 = utf16In(bytes);
  if (utf16 !== undefined)
    return faultAt(
      1,
      `expected UTF-8, and the file is UTF-16: save it as UTF-8, such as with iconv -f ${utf16} -t UTF-8`,
    );
  if (isUtf8(bytes)) return { text: bytes.toString('utf8') };
  return faultAt(lineOf(bytes), 'expected UTF-8, and this line has other bytes: save the file as UTF-8');
}

/** By the byte order mark, or by the zeros of the letters of "environment" and the like. */
function utf16In(bytes: Buffer): string | undefined {
  const [first = 1, second = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (first !== 0 && second === 0) return 'UTF-16LE';
  return first === 0 && second !== 0 && bytes[2] === 0 ? 'UTF-16BE' : undefined;
}

/** The first line that is not UTF-8. */
function lineOf(bytes: Buffer): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    [line, start] = [line + 1, end + 1];
  }
  return line;
}

function faultAt(line: number, message: string) {
  return { fault: { line, column: 1, path: '', message } };
}
