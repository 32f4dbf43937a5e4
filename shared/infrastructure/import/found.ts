import type { Actual } from '../kind.ts';
import type { Container } from './images.ts';

/** A service as it was found. */
export interface FoundService {
  readonly name: string;
  readonly actual: Actual;
  readonly family: string | undefined;
  /** With repositories as `fairway.yml` names them. */
  readonly containers: readonly Container[];
}
