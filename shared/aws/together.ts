/** Lookups of things by ARN that are made at nearly the same time, in as few calls as the API allows. */

interface Batch<Found> {
  readonly arns: Set<string>;
  readonly found: Promise<ReadonlyMap<string, Found>>;
}

/**
 * A lookup that waits for others to join it. What `ask` throws, all that joined get.
 * @param most ARNs that one call takes
 */
export function together<Found>(
  most: number,
  wait: () => Promise<void>,
  ask: (arns: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (arns: readonly string[]) => Promise<ReadonlyMap<string, Found>> {
  let open: Batch<Found> | undefined;
  const begin = (): Batch<Found> => {
    const arns = new Set<string>();
    const send = async () => {
      await wait();
      open = undefined;
      return askInParts([...arns], most, ask);
    };
    open = { arns, found: send() };
    return open;
  };
  return async (arns) => {
    if (arns.length === 0) return new Map();
    const batch = open ?? begin();
    for (const arn of arns) batch.arns.add(arn);
    return batch.found;
  };
}

async function askInParts<Found>(
  arns: readonly string[],
  most: number,
  ask: (arns: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (let from = 0; from < arns.length; from += most)
    for (const [arn, one] of await ask(arns.slice(from, from + most))) found.set(arn, one);
  return found;
}
