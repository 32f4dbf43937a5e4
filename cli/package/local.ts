import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Speed } from '../../local/pace.ts';
import type { Peer } from '../../local/peers.ts';
import { isSamePlace, type Place, placeFor } from '../../local/place.ts';
import type { Enforced } from '../../local/quotas/quotas.ts';
import { interruption, serveCloud } from '../../local/serve.ts';
import { checkConfiguration } from '../../shared/config/load.ts';
import { writeDeliverable } from '../../stack/deliverable.ts';
import type { StackOfFile } from '../../stack/serverless.ts';
import { exitCode, Failure } from '../failure.ts';
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
  /** Further environments, whose stacks run there, too. */
  readonly also: readonly string[];
}

/** Runs the local cloud with the stack of a configuration file until it is interrupted. Throws a `Failure`. */
export async function runLocal(
  { data, packaged, also, ...options }: LocalOptions,
  file: string,
  shared: Options,
  around: Surroundings,
  ready: (url: string) => void,
): Promise<void> {
  const interrupted = interruption();
  const stack = await readStack(file, shared, around, checkConfiguration);
  const { configuration } = stack;
  const { stage: _, ...others } = shared;
  const further: StackOfFile[] = [];
  for (const environment of also)
    further.push(await readStack(file, { ...others, environment }, around, checkConfiguration));
  refuseElsewhere([stack, ...further], options.place);
  const temporary = await mkdtemp(join(tmpdir(), 'fairway-local-package-'));
  const write = async (each: StackOfFile) => {
    const packageDirectory = join(temporary, each.stack);
    await writeDeliverable(each, packageDirectory);
    return { configuration: each.configuration, packageDirectory };
  };
  try {
    const packageDirectory =
      packaged === undefined ? (await write(stack)).packageDirectory : resolve(around.directory, packaged);
    const more: Awaited<ReturnType<typeof write>>[] = [];
    for (const each of further) more.push(await write(each));
    const kept = data === undefined ? {} : { data: resolve(around.directory, data) };
    await serveCloud({ ...options, ...kept, more, configuration, packageDirectory }, interrupted, ready);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Throws a `Failure` where a further stack is the same as one before it, or cannot be in this place. */
function refuseElsewhere(stacks: readonly StackOfFile[], place: Place): void {
  for (const [index, { stack, configuration }] of stacks.entries()) {
    if (index === 0) continue;
    const option = `--also ${configuration.environment}`;
    if (stacks.slice(0, index).some((before) => before.stack === stack))
      throw new Failure(exitCode.usage, `${option}: it already runs in this local cloud`);
    const { account = place.account, region = place.region } = configuration;
    if (isSamePlace(placeFor({ account, region }), place)) continue;
    throw new Failure(
      exitCode.usage,
      `${option}: it is in another account or region than ${place.account} in ${place.region}, so run another local cloud for it, and connect them with --peers`,
    );
  }
}
