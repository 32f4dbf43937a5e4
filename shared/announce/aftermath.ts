import type { ReleaseAnnouncement, ServiceFact } from '../domain/announcement.ts';
import { list, oneLine } from './text.ts';

/** What a failed release has left behind. */
type Aftermath = 'none' | 'untouched' | 'goingBack' | 'back' | 'leftToOthers' | 'partly' | 'left' | 'stuck';

/** Judged by the services' own states. `none`: nothing has failed. */
export function aftermath(story: ReleaseAnnouncement): Aftermath {
  if (!story.failure) return 'none';
  const changed = story.services.filter(isChanged);
  if (changed.length === 0) return 'untouched';
  if (story.outcome?.kind === 'stranded' || changed.some(({ state }) => state === 'stuck')) return 'stuck';
  if (changed.every(({ state }) => state === 'back')) return foreignOf(story) ? 'leftToOthers' : 'back';
  if (changed.some(({ state }) => state === 'goingBack')) return 'goingBack';
  if (changed.some(({ state }) => state === 'back')) return 'partly';
  return 'left';
}

function isChanged(service: ServiceFact): boolean {
  return service.state !== 'pending' && service.state !== 'unchanged';
}

/** What runs after a failure, in one or two sentences; undefined while nothing has failed. */
export function verdict(story: ReleaseAnnouncement): string | undefined {
  const before = story.previous?.tag;
  switch (aftermath(story)) {
    case 'none':
      return undefined;
    case 'untouched':
      return untouched(story, before);
    case 'goingBack':
      return before === undefined ? 'Rolling everything back …' : `Rolling everything back to ${before} …`;
    case 'back':
      if (story.trigger.kind === 'rollback' && before !== undefined)
        return `${before}, which ran before this rollback, runs again.`;
      return before === undefined
        ? 'Everything was rolled back.'
        : `Everything was rolled back to ${before}.`;
    case 'leftToOthers':
      return `${leftToOthers(story)} Rolled back: ${namesOf(story, 'back')}.`;
    case 'partly':
      return `Rolled back: ${namesOf(story, 'back')}. Not rolled back: ${namesOf(story, 'failed')}. A person must decide.`;
    case 'left':
      return 'Nothing was rolled back: a person must decide.';
    case 'stuck': {
      const back = namesOf(story, 'back');
      return `ROLLBACK FAILED: ${namesOf(story, 'stuck') || 'some services'}.${back === '' ? '' : ` Rolled back: ${back}.`}`;
    }
  }
}

/** A service deployed outside Fairway during the release: that deployment stays. */
function foreignOf({ services }: ReleaseAnnouncement): ServiceFact | undefined {
  return services.find(({ state, runs }) => state === 'unchanged' && runs !== undefined);
}

function leftToOthers(story: ReleaseAnnouncement): string {
  const { service, runs = '' } = foreignOf(story) ?? {};
  return `Deployed outside Fairway, left as it is: ${service} runs ${oneLine(runs, 300)}.`;
}

/** No service was changed, or the one that was changed has been deployed outside Fairway since. */
function untouched(story: ReleaseAnnouncement, before: string | undefined): string {
  if (foreignOf(story)) return leftToOthers(story);
  return before === undefined ? 'No service was changed.' : `No service was changed: ${before} still runs.`;
}

function namesOf(story: ReleaseAnnouncement, state: ServiceFact['state']): string {
  return list(story.services.filter((service) => service.state === state).map(({ service }) => service));
}

/** What a person can do now; undefined where there is nothing to do. */
export function advice(story: ReleaseAnnouncement): string | undefined {
  const { app, image, outcome } = story;
  const resume = `fairway resume ${app}`;
  if (!story.failure || !outcome) return undefined;
  if (outcome.kind === 'stranded') return `Fix the services that did not roll back, then run: ${resume}`;
  if (outcome.kind === 'superseded') return story.hold && `To let Fairway deploy again: ${resume}`;
  if (story.trigger.kind === 'rollback')
    return `Roll back further: fairway rollback ${app}. To deploy pushes again: ${resume}`;
  if (outcome.kind === 'rolledBack') return story.hold && `To deploy pushes again: ${resume}`;
  const after = aftermath(story);
  if (after === 'left' || after === 'partly') {
    return `Fix the cause, then: ${resume}. To roll back after that: fairway rollback ${app}`;
  }
  if (story.trigger.kind === 'deploy' && story.trigger.live)
    return story.trigger.restart
      ? `Fix the cause, then: fairway restart ${app}`
      : 'Fix the settings in fairway.yml, then apply them again';
  return `${image.tag} is not retried automatically. Push a new image, or: fairway deploy ${app} ${image.tag}`;
}

/** "web-app: rolled back, runs web-app:10 at 3/3 tasks". */
export function serviceLine(service: ServiceFact): string {
  const state = `${service.service}: ${STATES[service.state]}`;
  if (service.runs !== undefined) return `${state}, runs ${oneLine(service.runs, 300)}`;
  if (service.state === 'pending' || service.state === 'unchanged') {
    return service.from === undefined ? state : `${state}, runs ${service.from}`;
  }
  return `${state}, ${service.running}/${service.desired} tasks`;
}

const STATES: Readonly<Record<ServiceFact['state'], string>> = {
  pending: 'not changed',
  updating: 'updating',
  rolling: 'rolling',
  live: 'on the new revision',
  unchanged: 'unchanged',
  failed: 'failed, not rolled back',
  goingBack: 'rolling back',
  back: 'rolled back',
  stuck: 'ROLLBACK FAILED',
};
