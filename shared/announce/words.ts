import type { AppAnnouncement, ReleaseAnnouncement, ServiceFact } from '../domain/announcement.ts';
import { shortDigest } from '../domain/image.ts';
import type { StepRecord } from '../domain/release.ts';

/** The words that every channel uses. */

const SYMBOLS: Readonly<Record<StepRecord['state'], string>> = {
  pending: '☐',
  running: '▶',
  done: '✓',
  failed: '✗',
  skipped: '–',
};

/** "web v12 is live in production: 1.2.0". */
export function headline(story: ReleaseAnnouncement): string {
  const what = `${story.app} v${story.release}`;
  const where = `in ${story.environment}`;
  const { tag } = story.image;
  switch (story.outcome?.kind) {
    case 'live':
      return `${what} is live ${where}: ${tag}`;
    case 'failed':
      return `${what} failed ${where}: ${tag} ${wasPutBack(story) ? 'was put back' : 'did not go live'}`;
    case 'rolledBack':
      return `${what} was stopped ${where}: ${tag} did not go live`;
    case 'superseded':
      return `${what} was superseded ${where}: ${tag} did not go live`;
    case 'stranded':
      return `${what} FAILED AND COULD NOT BE PUT BACK ${where}: look at once`;
    case undefined:
      return `${what} ${story.step === 'rollingBack' ? 'is going back' : 'is under way'} ${where}: ${tag}`;
  }
}

export function isFailure(story: ReleaseAnnouncement): boolean {
  return story.failure !== undefined;
}

/** What stands now, in one line: the question at 3 a.m. */
export function verdict(story: ReleaseAnnouncement): string | undefined {
  if (story.failure === undefined) return undefined;
  if (story.outcome === undefined) return 'Putting everything back …';
  if (story.outcome.kind === 'stranded') return 'Some services could NOT be put back.';
  if (wasPutBack(story))
    return `Everything was put back${story.previous ? ` to ${story.previous.tag}` : ''}.`;
  if (story.services.some((service) => service.state === 'failed'))
    return 'It was left as it is: a person decides.';
  return 'No service was changed.';
}

function wasPutBack(story: ReleaseAnnouncement): boolean {
  return story.services.some((service) => service.state === 'back');
}

export function stepLine(step: StepRecord, story: ReleaseAnnouncement): string {
  const name = step.name === 'roll' ? rollName(story) : step.name;
  const end = step.endedAt ?? (step.state === 'running' ? story.at : undefined);
  const took = step.startedAt !== undefined && end !== undefined ? ` ${duration(end - step.startedAt)}` : '';
  return `${SYMBOLS[step.state]} ${name}${took}`;
}

function rollName(story: ReleaseAnnouncement): string {
  const tasks = story.services
    .filter((service) => service.state !== 'pending')
    .map((service) => `${service.service} ${service.running}/${service.desired}`);
  if (tasks.length === 0) return 'roll';
  const shown = tasks.slice(0, 5).join(', ');
  return `roll ${shown}${tasks.length > 5 ? ` and ${tasks.length - 5} more` : ''}`;
}

/** "1.1.0 → 1.2.0 (2ab34cd56ef7)". */
export function change(story: ReleaseAnnouncement): string {
  const to = `${story.image.tag} (${shortDigest(story.image.digest)})`;
  return story.previous ? `${story.previous.tag} → ${to}` : to;
}

export function trigger(story: ReleaseAnnouncement): string {
  const { trigger: why } = story;
  switch (why.kind) {
    case 'push':
      return 'image push';
    case 'deploy':
      return `deployed by ${why.who}`;
    case 'rollback':
      return `rolled back${why.to === undefined ? '' : ` to v${why.to}`} by ${why.who}`;
  }
}

/** What runs now in a service, where a failure was looked up. */
export function serviceLine(service: ServiceFact): string {
  const runs = service.runs ?? `${service.running}/${service.desired} tasks`;
  return `${service.service}: ${STATES[service.state]}, runs ${runs}`;
}

const STATES: Readonly<Record<ServiceFact['state'], string>> = {
  pending: 'not touched',
  updating: 'being updated',
  rolling: 'rolling',
  live: 'live',
  unchanged: 'unchanged',
  failed: 'failed',
  goingBack: 'going back',
  back: 'put back',
  stuck: 'NOT put back',
};

export function appHeadline(news: AppAnnouncement): string {
  return `${news.app} in ${news.environment}: ${news.sentence}`;
}

/** "850 ms", "42 s", "1 m 12 s", "1 h 3 m". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** Pages of the AWS console. */
export function links(
  story: ReleaseAnnouncement,
): readonly { readonly name: string; readonly url: string }[] {
  const { region, cluster } = story;
  const console = `https://${region}.console.aws.amazon.com/ecs/v2/clusters/${cluster}`;
  const services = story.services.slice(0, 3).map(({ service }) => ({
    name: service,
    url: `${console}/services/${service}/deployments?region=${region}`,
  }));
  return [...services, { name: 'cluster', url: `${console}/services?region=${region}` }];
}

/** The commit, and where it can be read, when the image's labels tell. */
export function commit(
  story: ReleaseAnnouncement,
): { readonly short: string; readonly url?: string } | undefined {
  const { revision, source } = story.image.labels;
  if (revision === undefined) return undefined;
  const short = revision.slice(0, 9);
  const isUrl = source !== undefined && /^https:\/\/[^\s<>|]+$/.test(source);
  return isUrl ? { short, url: `${source.replace(/\.git$/, '')}/commit/${revision}` } : { short };
}
