import { partitionOf } from '../shared/domain/partition.ts';
import { isLoopback } from './front/callers.ts';
import { FASTEST, type Speed } from './pace.ts';
import type { Peer } from './peers.ts';
import type { Enforced } from './quotas/quotas.ts';

/** Options of the local cloud's command lines. They throw an Error that says what is expected. */

/** @param text such as "4566"; 0 picks a free port */
export function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`--port ${text}: expected 0 to 65535`);
}

/** @param text a factor of real time, or "max" */
export function speedOf(text: string): Speed {
  if (text === 'max') return text;
  const speed = Number(text);
  if (speed >= 1 && speed <= FASTEST) return speed;
  throw new Error(`--speed ${text}: expected a number from 1 to ${FASTEST}, or max`);
}

/** @param text twelve digits */
export function accountOf(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new Error(`--account ${text}: expected twelve digits`);
}

/** @param text such as "eu-west-1"; the local cloud has ARNs of the partition `aws` only */
export function regionOf(text: string): string {
  if (/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(text) && partitionOf(text) === 'aws') return text;
  throw new Error(`--region ${text}: expected a region of the partition aws, such as eu-west-1`);
}

/** @param text addresses of other local clouds, separated by commas */
export function peersOf(text: string): readonly Peer[] {
  return text === '' ? [] : text.split(',').map(peerOf);
}

/** @param text the address, account and region of another local cloud, as `http://127.0.0.1:4567/210987654321/eu-west-1` */
function peerOf(text: string): Peer {
  const [, url, account, region] = /^(http:\/\/[^/\s]+)\/(\d{12})\/([a-z0-9-]+)\/?$/.exec(text) ?? [];
  if (url !== undefined && account !== undefined && region !== undefined && isLoopback(new URL(url).hostname))
    return { url, account, region };
  throw new Error(
    `--peers ${text}: expected an address such as http://127.0.0.1:4567/210987654321/eu-west-1`,
  );
}

/** @param text whose quotas are enforced */
export function quotasOf(text: string): Enforced {
  if (text === 'aws' || text === 'none') return text;
  throw new Error(`--quotas ${text}: expected aws or none`);
}
