/** A way in which applications word why they could not run, and what it means. */
export interface AppRow {
  readonly kind: string;
  readonly pattern: RegExp;
  /**
   * What happened, to follow "Container web exited with code 1: ". `found` is the pattern's match, `address` the host
   * that the line or its trace names.
   */
  readonly means: (found: RegExpExecArray, address: string | undefined) => string;
  readonly advice: string | ((found: RegExpExecArray) => string);
  /** A line as such an application writes it. */
  readonly example: string;
  /** False: however often ECS starts the task again, it will fail in the same way. */
  readonly canHeal?: false;
}

/** ` to db:5432`, where it is known. */
export function to(address: string | undefined): string {
  return address === undefined ? '' : ` to ${address}`;
}

/** A name in its place, or what stands for it. */
export function name(found: RegExpExecArray, otherwise: string, index = 1): string {
  const names = found.slice(index).filter(Boolean);
  return names[0] ?? otherwise;
}
