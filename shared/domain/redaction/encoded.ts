import { MASK } from './mask.ts';

/** Text in Base64, also in the alphabet for addresses. */
const RUN = /(?<![\w+/=.:-])(?:[A-Za-z\d+/]{16,}|[\w-]{16,})={0,2}(?![\w+/=-])/g;
const PRINTABLE = /^[\t\n\r\x20-\x7e]+$/;
const USER_PASSWORD = /^[\w.@-]{1,64}:[^\s:/]{6,}$/;

/** Masks Base64 in which `hides` finds something, or which is a user with a password. */
export function maskEncoded(text: string, hides: (decoded: string) => boolean): string {
  return text.replace(RUN, (found) => {
    const decoded = decodedOf(found);
    return decoded !== undefined && (USER_PASSWORD.test(decoded) || hides(decoded)) ? MASK : found;
  });
}

/** Undefined: it is no text. What was drawn by lot is hardly ever one, nor are digests and ids. */
function decodedOf(run: string): string | undefined {
  const plain = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (plain.length % 4 === 1) return undefined;
  // A look at the beginning spares most of the work.
  if (!PRINTABLE.test(atob(plain.slice(0, 16)))) return undefined;
  const decoded = atob(plain);
  return PRINTABLE.test(decoded) ? decoded : undefined;
}
