import type { ReleaseAnnouncement, ServiceFact } from '../domain/announcement.ts';
import { list, oneLine } from './text.ts';

/** What a failure has left behind: the question at three in the morning. */
export type Aftermath =
  | 'none'
  | 'untouched'
  | 'goingBack'
  | 'back'
  | 'leftToOthers'
  | 'partly'
  | 'left'
  | 'stuck';

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

/** Did it put things back? In one or two sentences; undefined while nothing has failed. */
export function verdict(story: ReleaseAnnouncement): string | undefined {
  const before = story.previous?.tag;
  switch (aftermath(story)) {
    case 'none':
      return undefined;
    case 'untouched':
      return untouched(story, before);
    case 'goingBack':
      return before === undefined ? 'Putting everything back …' : `Putting everything back to ${before} …`;
    case 'back':
      if (story.trigger.kind === 'rollback' && before !== undefined)
        return `${before}, the image that was rolled back from, runs again.`;
      return before === undefined ? 'Everything was put back.' : `Everything was put back to ${before}.`;
    case 'leftToOthers':
      return `${leftToOthers(story)} Rolled back: ${namesOf(story, 'back')}.`;
    case 'partly':
      return `Put back: ${namesOf(story, 'back')}. Left as it is: ${namesOf(story, 'failed')}. A person decides.`;
    case 'left':
      return 'Nothing was put back: a person decides.';
    case 'stuck': {
      const back = namesOf(story, 'back');
      return `NOT put back: ${namesOf(story, 'stuck') || 'some services'}.${back === '' ? '' : ` Put back: ${back}.`} Look at once.`;
    }
  }
}

/** A service that was deployed outside Fairway meanwhile: that deployment stays. */
function foreignOf({ services }: ReleaseAnnouncement): ServiceFact | undefined {
  return services.find(({ state, runs }) => state === 'unchanged' && runs !== undefined);
}

function leftToOthers(story: ReleaseAnnouncement): string {
  const { service, runs = '' } = foreignOf(story) ?? {};
  return `Deployed outside Fairway, and left as it is: ${service} runs ${oneLine(runs, 300)}.`;
}

/** No service was changed, or the one that was has been deployed outside Fairway since. */
function untouched(story: ReleaseAnnouncement, before: string | undefined): string {
  if (foreignOf(story)) return leftToOthers(story);
  return before === undefined ? 'No service was changed.' : `No service was changed: ${before} still runs.`;
}

function namesOf(story: ReleaseAnnouncement, state: ServiceFact['state']): string {
  return list(story.services.filter((service) => service.state === state).map(({ service }) => service));
}

/** What a person can do now; undefined where nothing is asked of anybody. */
export function advice(story: ReleaseAnnouncement): string | undefined {
  const { app, image, outcome } = story;
  const resume = `fairway resume ${app}`;
  if (!story.failure || !outcome) return undefined;
  if (outcome.kind === 'stranded') return `Mend what is not put back in ECS, then: ${resume}`;
  if (outcome.kind === 'superseded') return story.hold && `When Fairway should deploy again: ${resume}`;
  if (story.trigger.kind === 'rollback')
    return `Roll back further: fairway rollback ${app}. When pushes should go live again: ${resume}`;
  if (outcome.kind === 'rolledBack') return story.hold && `When pushes should go live again: ${resume}`;
  const after = aftermath(story);
  if (after === 'left' || after === 'partly') {
    return `Mend it and resume, or resume and go back: ${resume}, then fairway rollback ${app}`;
  }
  return `${image.tag} is not tried again by itself. Push a new image, or: fairway deploy ${app} ${image.tag}`;
}

/** "web-app: put back, runs web-app:10 at 3/3 tasks". */
export function serviceLine(service: ServiceFact): string {
  const said = `${service.service}: ${STATES[service.state]}`;
  if (service.runs !== undefined) return `${said}, runs ${oneLine(service.runs, 300)}`;
  if (service.state === 'pending' || service.state === 'unchanged') {
    return service.from === undefined ? said : `${said}, runs ${service.from}`;
  }
  return `${said}, ${service.running}/${service.desired} tasks`;
}

const STATES: Readonly<Record<ServiceFact['state'], string>> = {
  pending: 'not touched',
  updating: 'being updated',
  rolling: 'rolling',
  live: 'on the new revision',
  unchanged: 'unchanged',
  failed: 'failed, left as it is',
  goingBack: 'going back',
  back: 'put back',
  stuck: 'NOT put back',
};
