import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Speed } from '../../local/pace.ts';
import type { Peer } from '../../local/peers.ts';
import type { Place } from '../../local/place.ts';
import type { Enforced } from '../../local/quotas/quotas.ts';
import { interruption, serveCloud } from '../../local/serve.ts';
import { writeDeliverable } from '../../stack/deliverable.ts';
import type { Options } from '../options.ts';
import type { Surroundings } from '../surroundings.ts';
import { readStack } from './stack.ts';

interface LocalOptions {
  readonly port: number;
  readonly speed: Speed;
  readonly quotas: Enforced;
  readonly empty: boolean;
  readonly place: Place;
  readonly peers: readonly Peer[];
  readonly data: string | undefined;
  /** A folder that `fairway package` wrote; absent: the stack is packaged first. */
  readonly packaged: string | undefined;
}

/** Runs the local cloud with the stack of a configuration file until it is interrupted. Throws a `Failure`. */
export async function runLocal(
  { data, packaged, ...options }: LocalOptions,
  file: string,
  shared: Options,
  around: Surroundings,
  ready: (url: string) => void,
): Promise<void> {
  const interrupted = interruption();
  const stack = await readStack(file, shared, around);
  const temporary = await mkdtemp(join(tmpdir(), 'fairway-local-package-'));
  try {
    const packageDirectory = packaged === undefined ? temporary : resolve(around.directory, packaged);
    if (packaged === undefined) await writeDeliverable(stack, temporary);
    const { configuration } = stack;
    const kept = data === undefined ? {} : { data: resolve(around.directory, data) };
    await serveCloud({ ...options, ...kept, configuration, packageDirectory }, interrupted, ready);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
