import type { DomainEvent } from '../../shared/domain/events.ts';
import type { AppState } from '../../shared/domain/state.ts';

/** Which situations a run has met: pairs of where an app stood and what came. */
export type Coverage = Set<string>;

const PHASES = [
  'unseen',
  'idle',
  'held',
  'preparing',
  'migrating',
  'rolling',
  'verifying',
  'rollingBack',
] as const;
/** Every kind of event: the compiler names one that is missing. */
const EVENTS = Object.keys({
  imagePushed: true,
  taskStopped: true,
  taskRuns: true,
  deploymentEnded: true,
  hookChanged: true,
  serviceAction: true,
  scheduled: true,
  scheduleChecked: true,
  listingFailed: true,
  tick: true,
  operator: true,
  answered: true,
} satisfies Readonly<Record<DomainEvent['type'], true>>);
const FAULTS = [
  'died before a call',
  'died after a call',
  'timed out',
  'was refused',
  'was denied',
  'had no table',
  'lost an answer',
  'waited too long',
  'found no capacity',
  'saw what was before',
  'could not announce',
  'was meddled with',
] as const;

const AFTER_FIRST_SIGHT: readonly string[] = [
  'found no capacity',
  'was denied',
  'had no table',
  'listingFailed',
];

type Phase = (typeof PHASES)[number];
export type Fault = (typeof FAULTS)[number];

export function isFault(what: string): boolean {
  return FAULTS.some((fault) => fault === what);
}

export function phaseOf(state: AppState | undefined): Phase {
  if (state?.adoptedAt === undefined) return 'unseen';
  return state.release?.step ?? (state.hold ? 'held' : 'idle');
}

export function met(phase: Phase, what: string): string {
  return `${phase} × ${what}`;
}

/** Every pair that can be: nothing is started before an app was seen, and only deployments that shift have hooks. */
export function everything({ strategies }: { readonly strategies: boolean }): string[] {
  return PHASES.flatMap((phase) =>
    [...EVENTS, ...FAULTS]
      .filter((what) => phase !== 'unseen' || !AFTER_FIRST_SIGHT.includes(what))
      .filter((what) => strategies || what !== 'hookChanged')
      .map((what) => met(phase, what)),
  );
}

/** "CANARY × BAKE_TIME: died before a call 12, was refused 30", a line for each strategy and stage. */
export function shiftedLines(shifted: Readonly<Record<string, number>>): string[] {
  const lines = new Map<string, string[]>();
  for (const [key, count] of Object.entries(shifted).toSorted()) {
    const [strategy, stage, fault] = key.split(' × ');
    const where = `${strategy} × ${stage}`;
    lines.set(where, [...(lines.get(where) ?? []), `${fault} ${count}`]);
  }
  return [...lines].map(([where, faults]) => `${where}: ${faults.join(', ')}`);
}
