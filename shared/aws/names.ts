import { createHash } from 'node:crypto';

/**
 * The images that the sweep has processed, as a hash of 16 characters each: over 20,000 tags fit into one item,
 * and a repository has as many items as it needs (ECR allows 100,000 images).
 */
const LENGTH = 16;

/** Strings of at most `size` characters, one per item; at least one, which can be empty. */
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
