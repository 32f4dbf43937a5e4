import { createHash } from 'node:crypto';

/**
 * The images the sweep has seen through: 16 characters of a hash each, so that over 20,000 tags fit into an item,
 * and as many items as a repository needs (ECR allows 100,000 images). A set that knows names by their hash.
 */
const LENGTH = 16;

/** Texts of at most `size` characters, one per item; at least one, which may be empty. */
export function packNames(names: ReadonlySet<string>, size: number): readonly string[] {
  const packed = names instanceof HashedNames ? names.pack() : [...names].map(hash).join('');
  const whole = size - (size % LENGTH);
  const parts = [packed.slice(0, whole)];
  for (let from = whole; from < packed.length; from += whole) parts.push(packed.slice(from, from + whole));
  return parts;
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
