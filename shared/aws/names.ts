import { createHash } from 'node:crypto';

/**
 * The images the sweep has seen through, as one attribute: 16 characters of a hash each, so that
 * 20,000 tags fit into an item. A set that knows names by their hash.
 */
const LENGTH = 16;

export function packNames(names: ReadonlySet<string>): string {
  return names instanceof HashedNames ? names.pack() : [...names].map(hash).join('');
}

export function unpackNames(packed: string): ReadonlySet<string> {
  return new HashedNames(packed);
}

class HashedNames extends Set<string> {
  constructor(packed: string) {
    super();
    for (let from = 0; from < packed.length; from += LENGTH) super.add(packed.slice(from, from + LENGTH));
  }
  override has(name: string): boolean {
    return super.has(hash(name));
  }
  pack(): string {
    return [...this].join('');
  }
}

function hash(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, LENGTH);
}
