import { FASTEST, type Speed } from './pace.ts';
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

/** @param text whose quotas are enforced */
export function quotasOf(text: string): Enforced {
  if (text === 'aws' || text === 'none') return text;
  throw new Error(`--quotas ${text}: expected aws or none`);
}
