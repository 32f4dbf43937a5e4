import type { ReleaseOutcome, ServiceRollout, StepRecord } from './release.ts';

/**
 * Names that history, messages and `--json` have had from the start, and the names that the code has for the same. What
 * is published keeps its names: programs read it.
 */

export type PublishedOutcome = Exclude<ReleaseOutcome, 'rollbackFailed'> | 'stranded';
export type PublishedRollout =
  | Exclude<ServiceRollout['state'], 'rollingBack' | 'rolledBack' | 'rollbackFailed'>
  | 'goingBack'
  | 'back'
  | 'stuck';
export type PublishedStepKind = Exclude<StepRecord['kind'], 'rollBack'> | 'putBack';

export function publishedOutcome(outcome: ReleaseOutcome): PublishedOutcome {
  return outcome === 'rollbackFailed' ? 'stranded' : outcome;
}

export function publishedRollout(state: ServiceRollout['state']): PublishedRollout {
  switch (state) {
    case 'rollingBack':
      return 'goingBack';
    case 'rolledBack':
      return 'back';
    case 'rollbackFailed':
      return 'stuck';
    default:
      return state;
  }
}

export function publishedStepKind(kind: StepRecord['kind']): PublishedStepKind {
  return kind === 'rollBack' ? 'putBack' : kind;
}
