/** How many are worked on at the same time. */
const WIDTH = 8;

/** Works on each, several at a time, in their order; begins no other once `mayGoOn` says no. */
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
