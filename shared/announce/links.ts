import type { ReleaseAnnouncement, ServiceFact } from '../domain/announcement.ts';
import type { ImageLabels } from '../domain/image.ts';
import type { Link } from './message.ts';
import { oneLine } from './text.ts';

type Place = Pick<ReleaseAnnouncement, 'region' | 'cluster'>;

/** Services that have their own link in a message: the one that failed comes first. */
const MOST_SERVICES = 3;

/** Pages of the AWS console about a release. */
export function consoleLinks(story: ReleaseAnnouncement): readonly Link[] {
  const failed = story.failure?.service;
  const services = story.services.toSorted(
    (a, b) => Number(b.service === failed) - Number(a.service === failed),
  );
  const revision = services[0]?.to ?? services[0]?.from;
  return [
    ...services.slice(0, MOST_SERVICES).map((service) => deploymentsLink(story, service)),
    ...(revision === undefined ? [] : [revisionLink(story, revision)]),
    clusterLink(story),
  ];
}

export function clusterLink(place: Place): Link {
  const { region, cluster } = place;
  return {
    name: `cluster ${cluster}`,
    url: `${ecs(region)}/${clusterPath(cluster)}/services?region=${region}`,
  };
}

/** The service's tasks: those that stopped within the last hour are there, too. */
export function serviceLink(place: Place & { readonly service: string }): Link {
  return { name: `${place.service} tasks`, url: servicePage(place, 'tasks') };
}

function deploymentsLink({ region, cluster }: Place, { service }: ServiceFact): Link {
  return {
    name: `${service} deployments`,
    url: servicePage({ region, cluster, service }, 'deployments'),
  };
}

function servicePage(place: Place & { readonly service: string }, page: string): string {
  const { region, cluster, service } = place;
  const path = `${clusterPath(cluster)}/services/${encodeURIComponent(service)}/${page}`;
  return `${ecs(region)}/${path}?region=${region}`;
}

/** `revision` as `family:number`. */
export function revisionLink({ region }: Pick<Place, 'region'>, revision: string): Link {
  const [family = '', number = ''] = revision.split(':');
  const path = `task-definitions/${encodeURIComponent(family)}/${encodeURIComponent(number)}/containers`;
  return { name: revision, url: `${ecs(region)}/${path}?region=${region}` };
}

function clusterPath(cluster: string): string {
  return `clusters/${encodeURIComponent(cluster)}`;
}

function ecs(region: string): string {
  return `https://${consoleHost(region)}/ecs/v2`;
}

/** The console's address differs by partition. Source: AWS General Reference, "AWS Management Console". */
function consoleHost(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  return `${region}.console.aws.amazon.com`;
}

interface Commit {
  readonly short: string;
  readonly url?: string;
}

/** The commit that the image's labels name, and its page. */
export function commitOf(labels: ImageLabels): Commit | undefined {
  const revision = oneLine(labels.revision ?? '', 64);
  if (revision === '') return undefined;
  const isHash = /^[0-9a-f]{7,64}$/i.test(revision);
  const short = isHash ? revision.slice(0, 9) : revision;
  const repository = isHash ? repositoryOf(labels.source ?? '') : undefined;
  if (repository === undefined) return { short };
  return { short, url: `${repository.href}${commitPath(repository.host)}/${revision}` };
}

/** The web page of a repository, also of an address for git (`git@host:team/app.git`); without credentials. */
function repositoryOf(source: string): { readonly host: string; readonly href: string } | undefined {
  const https = source.trim().replace(/^(?:ssh:\/\/)?git@([^:/\s]+)[:/]/, 'https://$1/');
  if (!/^https?:\/\//.test(https) || !URL.canParse(https)) return undefined;
  const { protocol, host, pathname } = new URL(https);
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  return path === '' || /[|<>\s]/.test(path) ? undefined : { host, href: `${protocol}//${host}${path}` };
}

function commitPath(host: string): string {
  if (host.includes('gitlab')) return '/-/commit';
  if (host.includes('bitbucket')) return '/commits';
  return '/commit';
}
