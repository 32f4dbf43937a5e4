/** Processes items in order, `width` at a time; starts no further one when `mayGoOn` returns false. */
export async function inParallel<Item>(
  items: readonly Item[],
  { width, mayGoOn = () => true }: { readonly width: number; readonly mayGoOn?: () => boolean },
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = next(); item !== undefined; item = next()) await work(item);
  };
  const next = () => (mayGoOn() ? queue.shift() : undefined);
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
