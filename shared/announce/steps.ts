import type { ReleaseAnnouncement, ServiceFact, StepFact } from '../domain/announcement.ts';
import { duration } from '../domain/duration.ts';
import { isCanceled } from './releaseWords.ts';
import { list, oneLine } from './text.ts';

const SYMBOLS: Readonly<Record<StepFact['state'], string>> = {
  pending: '☐',
  running: '▶',
  done: '✓',
  failed: '✗',
  skipped: '–',
};

/** "✓ roll web-app 3/3 · 1 min 12 s". */
export function stepLine(step: StepFact, story: ReleaseAnnouncement): string {
  const end = step.endedAt ?? (step.state === 'running' ? story.at : undefined);
  const took =
    step.startedAt === undefined || end === undefined ? '' : ` · ${duration(end - step.startedAt)}`;
  return `${SYMBOLS[shownState(step, story)]} ${nameOf(step)}${progress(step, story)}${took}`;
}

/** Earlier versions stored another name. */
function nameOf({ kind, name }: StepFact): string {
  return kind === 'putBack' ? 'roll back' : oneLine(name, 255);
}

/** A step that a person ended has not failed. */
function shownState({ kind, state }: StepFact, story: ReleaseAnnouncement): StepFact['state'] {
  return state === 'failed' && kind !== 'putBack' && isCanceled(story) ? 'skipped' : state;
}

function progress(step: StepFact, story: ReleaseAnnouncement): string {
  switch (step.kind) {
    case 'roll':
      return rolled(step, story.services);
    case 'putBack': {
      const moved = story.services.filter(({ state }) => ['goingBack', 'back', 'stuck'].includes(state));
      return moved.length === 0 ? '' : ` ${rolledBack(moved)}`;
    }
    default:
      return '';
  }
}

function rolled(step: StepFact, services: readonly ServiceFact[]): string {
  const begun = services.filter(({ state }) => state !== 'pending' && state !== 'unchanged');
  if (step.state === 'pending' || step.state === 'skipped') return '';
  if (begun.length === 0) return step.state === 'done' ? ': nothing to do, it runs everywhere' : '';
  // After a failure the counts are those of the rollback, not of this step.
  if (step.state === 'failed') return ` ${list(begun.map(({ service }) => service))}`;
  const waiting = services.filter(({ state }) => state === 'pending').length;
  return ` ${counts(begun)}${waiting === 0 ? '' : `, ${waiting} waiting`}`;
}

/** "web-app 2/3, worker": without a count where ECS has completed the rollback. */
function rolledBack(services: readonly ServiceFact[]): string {
  if (services.length > 5)
    return `${services.filter(({ state }) => state === 'back').length} of ${services.length} services`;
  return services.map((fact) => (fact.state === 'back' ? fact.service : counted(fact))).join(', ');
}

/** "web-app 3/3 (10% of the traffic, PRODUCTION_TRAFFIC_SHIFT)". */
function counted({ service, running, desired, progress }: ServiceFact): string {
  return `${service} ${running}/${desired}${progress === undefined ? '' : ` (${progress})`}`;
}

/** "web-app 3/3, worker 1/2"; many services are summed up. */
function counts(services: readonly ServiceFact[]): string {
  if (services.length <= 5) {
    return services.map(counted).join(', ');
  }
  const sum = (of: 'running' | 'desired') => services.reduce((total, service) => total + service[of], 0);
  return `${services.length} services, ${sum('running')}/${sum('desired')} tasks`;
}
