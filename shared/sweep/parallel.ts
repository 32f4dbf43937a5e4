/** How many items are processed at the same time. */
const WIDTH = 8;

/** Processes items in order, several at a time; starts no further one when `mayGoOn` returns false. */
export async function inParallel<Item>(
  items: readonly Item[],
  mayGoOn: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = next(); item !== undefined; item = next()) await work(item);
  };
  const next = () => (mayGoOn() ? queue.shift() : undefined);
  await Promise.all(Array.from({ length: WIDTH }, worker));
}
