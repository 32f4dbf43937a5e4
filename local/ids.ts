import type { Ids } from './contract.ts';

const HEX = '0123456789abcdef';
const DIGITS = '0123456789';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Random names that are the same for the same seed. */
export function createIds(seed = 1): Ids {
  let state = seed >>> 0;

  /** mulberry32: small, fast, good enough for names. */
  function random(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  function from(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet.charAt(Math.floor(random() * alphabet.length));
    return text;
  }

  const hex = (length: number) => from(HEX, length);

  return {
    random,
    hex,
    /** Without a leading zero, as in AWS's numbers. */
    digits: (length) => (length < 1 ? '' : from('123456789', 1) + from(DIGITS, length - 1)),
    urlSafe: (length) => from(URL_SAFE, length),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${from('89ab', 1)}${hex(3)}-${hex(12)}`,
  };
}
