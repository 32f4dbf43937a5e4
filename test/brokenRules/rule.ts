/** A rule of the product, one line that breaks it, and the test that notices. */
export interface BrokenRule {
  /** What holds no longer, in words for people. */
  readonly rule: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** A test file, which `npm test` runs. */
  readonly caughtBy: string;
}
