import { changes, entropy, isClassName, looksSecret } from './harmless.ts';
import { LIKELY_TOKENS } from './likelyTokens.ts';
import { MASK } from './mask.ts';
import { SURE_TOKENS } from './sureTokens.ts';
import { anyToken } from './tokenRow.ts';

/** Where a token may begin: at no other word, but also after an escaped line break, a colour or a percent code. */
const EDGE = String.raw`(?:(?<![\w-])|(?<=\\[nrt])|(?<=%[\dA-F]{2})|(?<=\[[\d;]{1,12}m))`;

const SURE_ONES = new RegExp(`${EDGE}(?:${anyToken(SURE_TOKENS)})`, 'g');
const LIKELY_ONES = new RegExp(`${EDGE}(?:${anyToken(LIKELY_TOKENS)})[\\w-]{16,}`, 'g');

/** Without a beginning: client secrets of Entra ID, keys of storage accounts, and what Twilio takes after an account. */
const SHAPES: readonly RegExp[] = [
  /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g,
  /(?<![A-Za-z\d+/]|sha512-)[A-Za-z\d+/]{86}==/g,
  /(?<=(?<![A-Za-z\d])AC[\da-f]{32}[:\s]{1,3})[\da-f]{32}(?![\da-f])/g,
];

/** `Bearer …` and `Basic …`, anywhere. */
const BEARER = /(\bbearer(?:\s|%20|\+){1,4})([\w.~+/=-]{8,})/gi;
const BASIC = /(\bbasic(?:\s|%20|\+){1,4})([A-Za-z\d+/]{8,}={0,2})(?![\w+/=-])/gi;

/** Letters of both cases and digits, so many that it is no name and none of the ids that services give. */
const MIXED =
  /(?<![A-Za-z\d+/=])(?:[A-Za-z\d]{32,}(?![A-Za-z\d+/])|(?<![\w-])(?!sha\d)[\w-]{64,}(?![\w+/-]))/g;
/** Checksums, public keys and ids of requests have an alphabet as large. */
const KNOWN =
  /(?:sha\d{1,3}[-:="]{1,2}|h1:|(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp\d{3}) |(?:id-2|cf-id|request[ -]?id|trace[ -]?id|nonce|etag)\W{1,4})[\w+/=-]{0,90}$/i;

/** A secret access key has 40 characters of Base64, a line of a private key 64, 70 or 76. */
const RUN =
  /(?:(?<![\w+/.-])|(?<=\\[nrt]))(?:[A-Za-z\d+/]{40}|[A-Za-z\d+/]{43}(?==)|[\w-]{43}(?==(?![\w=]))|[A-Za-z\d+/]{64}|[A-Za-z\d+/]{70}|[A-Za-z\d+/]{76})(?![\w+/-])/g;
/** Lines of a key that were joined. `sha512-…` is a checksum. */
const LONG_RUN = /(?:(?<![\w+/.:,-])|(?<=(?<!\.)\.{3})|(?<=\\[nrt]))[A-Za-z\d+/]{160,}={0,2}(?![\w+/-])/g;
const AFTER_KEY_ID = new RegExp(`(${escaped(MASK)}[\\s"',;:|/\\\\]{1,8})([A-Za-z\\d+/]{40})(?![\\w+/])`, 'g');

/** Masks what is a secret by its shape. */
export function maskTokens(text: string): string {
  if (text.length < 12) return text;
  let masked = text.replace(SURE_ONES, MASK).replace(LIKELY_ONES, (found) => (isDrawn(found) ? MASK : found));
  for (const pattern of SHAPES) masked = masked.replace(pattern, MASK);
  masked = masked
    .replace(BEARER, (whole, scheme: string, token: string) => (looksSecret(token) ? scheme + MASK : whole))
    .replace(BASIC, (whole, scheme: string, token: string) => (isUserPassword(token) ? scheme + MASK : whole))
    .replace(RUN, (found, at: number, all: string) =>
      isKeyMaterial(found) && !KNOWN.test(all.slice(Math.max(0, at - 24), at)) ? MASK : found,
    )
    .replace(MIXED, (found, at: number, all: string) =>
      isMixed(found) && !isClassName(found) && !KNOWN.test(all.slice(Math.max(0, at - 90), at))
        ? MASK
        : found,
    )
    .replace(LONG_RUN, (found) => (isKeyMaterial(found.slice(0, 160)) ? MASK : found));
  return masked.replace(AFTER_KEY_ID, (whole, before: string, key: string) =>
    /^[\da-f]+$/.test(key) || isClassName(key) ? whole : before + MASK,
  );
}

function isDrawn(token: string): boolean {
  const isBoth = /[A-Za-z]/.test(token.slice(6)) && /\d/.test(token.slice(4));
  return isBoth && entropy(token) > 3.3 && changes(token.slice(4)) > 0.2;
}

/** Names have both cases and digits as well, but in words; what CloudFormation and CDK put after those is eight of hex. */
function isMixed(run: string): boolean {
  const rest = run.slice(0, 256).replace(/[A-F\d]{8}(?![a-z\d])/g, '');
  return (
    /(?:\d\D*){3}/.test(rest) &&
    /[a-z]/.test(rest) &&
    /[A-Z]/.test(rest) &&
    changes(rest) > (/[_-]/.test(run) ? 0.5 : 0.4)
  );
}

/** Base64 of `user:password`. */
function isUserPassword(text: string): boolean {
  if (text.length % 4 === 1) return false;
  try {
    return /^[\x20-\x7e]*:[\x20-\x7e]*$/.test(atob(text));
  } catch {
    return false;
  }
}

function isKeyMaterial(text: string): boolean {
  if (!/[a-z]/.test(text) || !/[A-Z]/.test(text) || (text.match(/\d/g)?.length ?? 0) < 2) return false;
  if (isClassName(text)) return false;
  return (
    entropy(text) > (text.length > 40 ? 4.6 : 4.2) && (text.match(/\//g)?.length ?? 0) <= 3 + text.length / 40
  );
}

function escaped(text: string): string {
  return text.replace(/[[\]]/g, '\\$&');
}
