import type { Actual } from '../kind.ts';
import type { Container } from './images.ts';

/** A service as it was found. */
export interface FoundService {
  readonly name: string;
  readonly actual: Actual;
  readonly family: string | undefined;
  /** Of images in the registry of this account and region, elsewhere undefined. */
  readonly containers: readonly Container[];
}
