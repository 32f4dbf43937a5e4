import { readRepository } from '../../domain/registry.ts';
import { type JsonObject, textAt } from '../json.ts';
import type { Actual } from '../kind.ts';
import { type Comment, type Draft, drafted, listOf, under } from './draft.ts';
import type { FoundService } from './found.ts';
import { repositoriesOf, type Verdict } from './group.ts';
import { familyOf, namedContainers } from './images.ts';
import type { Found } from './read.ts';
import { serviceEntry, whyLeftOut } from './services.ts';
import type { Start } from './starts.ts';
import { guessTags } from './tags.ts';
import { oneOffTask, startedTask } from './tasks.ts';

/** `apps` of a cluster: services and tasks that run images of one repository. */

export interface Apps extends Draft {
  /** What is not in the file, and why. */
  readonly leftOut: readonly string[];
}

/** What becomes one app. */
interface Group {
  readonly repository: string;
  readonly services: readonly FoundService[];
  readonly starts: readonly Start[];
  readonly oneOffs: readonly string[];
  /** Other repositories that could be meant. */
  readonly others?: readonly string[];
}

/** `services` and `tasks` of an app. Source: the schema of fairway.yml. */
const MOST = 50;

export function appsOf(found: Found): Apps {
  const deployable = found.services.filter((service) => whyLeftOut(service) === undefined);
  const verdicts = repositoriesOf(deployable);
  const groups = groupsOf(found, deployable, verdicts).flatMap(parts);
  const names = namesOf(groups);
  const apps = groups.map((group, index) => ({ name: names[index] ?? '', draft: appOf(group, found) }));
  return {
    ...drafted(
      Object.fromEntries(apps.map(({ name, draft }) => [name, draft.value])),
      ...apps.flatMap(({ name, draft }) => under([name], draft.comments)),
    ),
    leftOut: [
      ...found.services.flatMap((service) => whyLeftOut(service) ?? withoutImage(service, verdicts)),
      ...found.starts.flatMap((start) => whyNotStarted(start, found, groups)),
      ...(found.unreadFamilies > 0
        ? [`${found.unreadFamilies} task definition families that no service runs were not read`]
        : []),
    ],
  };
}

function withoutImage({ name }: FoundService, verdicts: ReadonlyMap<string, Verdict>): readonly string[] {
  return verdicts.has(name) ? [] : [`${name} is left out: it has no image of ECR`];
}

function groupsOf(
  found: Found,
  deployable: readonly FoundService[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly Group[] {
  const sure = deployable.filter(({ name }) => verdicts.get(name)?.others === undefined);
  const repositoryOf = (service: FoundService) => verdicts.get(service.name)?.repository;
  const started = startsByRepository(found, deployable, verdicts);
  const repositories = new Set([
    ...sure.flatMap((service) => repositoryOf(service) ?? []),
    ...started.keys(),
  ]);
  const shared = [...repositories].toSorted().map((repository) => ({
    repository,
    services: sure.filter((service) => repositoryOf(service) === repository),
    starts: started.get(repository) ?? [],
    oneOffs: found.oneOffs.filter(
      (family) => repositoryIn(found.definitions.get(family), found) === repository,
    ),
  }));
  const apart = deployable.flatMap((service): readonly Group[] => {
    const verdict = verdicts.get(service.name);
    if (verdict?.others === undefined) return [];
    return [{ ...verdict, services: [service], starts: [], oneOffs: [] }];
  });
  return [...shared, ...apart];
}

/** A start of a service's family belongs to its app, any other to the app of its image. */
function startsByRepository(
  found: Found,
  services: readonly FoundService[],
  verdicts: ReadonlyMap<string, Verdict>,
): ReadonlyMap<string, readonly Start[]> {
  const byFamily = new Map(
    services.map(({ name, family }) => [family, verdicts.get(name)?.repository] as const),
  );
  const entries = found.starts.filter(isTask).flatMap((start): readonly (readonly [string, Start])[] => {
    const family = familyIn(start);
    const repository = byFamily.get(family) ?? repositoryIn(found.definitions.get(family), found);
    return repository === undefined ? [] : [[repository, start]];
  });
  return grouped(entries);
}

function grouped(entries: readonly (readonly [string, Start])[]): ReadonlyMap<string, readonly Start[]> {
  const map = new Map<string, readonly Start[]>();
  for (const [key, start] of entries) map.set(key, [...(map.get(key) ?? []), start]);
  return map;
}

function familyIn({ parameters }: Start): string {
  return familyOf(textAt(parameters, 'TaskDefinitionArn') ?? '');
}

function repositoryIn(definition: Actual | undefined, found: Found): string | undefined {
  if (definition === undefined) return undefined;
  const own = { name: '', containers: namedContainers(definition.members, found) };
  return repositoriesOf([...found.services, own]).get('')?.repository;
}

/** A schedule that is due once is no schedule of a task. */
function isTask({ origin }: Start): boolean {
  return !(origin.expression ?? '').startsWith('at(');
}

function whyNotStarted(start: Start, found: Found, groups: readonly Group[]): readonly string[] {
  const { name, kind, expression } = start.origin;
  if (!isTask(start))
    return [`the ${kind} ${name} is left out: it runs ${familyIn(start)} once, ${expression}`];
  if (groups.some(({ starts }) => starts.includes(start))) return [];
  if (!found.definitions.has(familyIn(start)))
    return [`the ${kind} ${name} is left out: the task definition ${familyIn(start)} does not exist`];
  return [`the ${kind} ${name} is left out: ${familyIn(start)} has no image of ECR`];
}

/** An app has at most 50 services: more become several apps of one repository. */
function parts(group: Group): readonly Group[] {
  const count = Math.max(1, Math.ceil(group.services.length / MOST));
  return Array.from({ length: count }, (_, index) => ({
    ...group,
    services: group.services.slice(index * MOST, (index + 1) * MOST),
    starts: index === 0 ? group.starts.slice(0, MOST) : [],
    oneOffs: index === 0 ? group.oneOffs.slice(0, Math.max(0, MOST - group.starts.length)) : [],
  }));
}

/** The last part of the repository's path, or of the whole of it where that is taken; of a service that stays apart, its name. */
function namesOf(groups: readonly Group[]): readonly string[] {
  const taken = new Set<string>();
  return groups.map(({ repository, others, services }) => {
    const wanted = others === undefined ? repository.replace(/^.*\//, '') : (services[0]?.name ?? '');
    return free([wanted, repository].map(nameFor), taken);
  });
}

function nameFor(text: string): string {
  const name = text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-');
  return (
    name
      .replace(/^[^a-z]+/, '')
      .replace(/-+$/, '')
      .slice(0, 60) || 'app'
  );
}

function free(wanted: readonly string[], taken: Set<string>): string {
  const base = wanted.at(-1) ?? '';
  const numbered = Array.from({ length: taken.size + 1 }, (_, index) => `${base}-${index + 2}`);
  const name = [...wanted, ...numbered].find((each) => !taken.has(each)) ?? base;
  taken.add(name);
  return name;
}

function appOf(group: Group, found: Found): Draft {
  const { repository, services } = group;
  const guess = guessTags(runningTags(group), found.tags.get(repository) ?? []);
  const tasks = listOf(tasksOf(group, found));
  const value: JsonObject = {
    image: { repository, tags: guess.tags },
    ...(services.length === 0 ? {} : { services: services.map((each) => serviceEntry(each, repository)) }),
    ...(tasks.value.length === 0 ? {} : { tasks: tasks.value }),
  };
  return drafted(
    value,
    ...ambiguity(group),
    ...forwardingNote(repository),
    { path: ['image', 'tags'], text: guessText(guess.seen) },
    ...under(['tasks'], tasks.comments),
    ...services.flatMap(expressNote),
  );
}

function runningTags({ services, repository }: Group): readonly string[] {
  const images = services.flatMap(({ containers }) => containers.flatMap(({ image }) => image ?? []));
  return images.flatMap((image) => (image.repository === repository ? (image.tag ?? []) : []));
}

function guessText(seen: readonly string[]): string {
  return seen.length === 0
    ? 'A guess: no tags were seen. Every new tag would go live.'
    : `A guess, from the tags seen: ${seen.join(', ')}.`;
}

function ambiguity({ others = [], services }: Group): readonly Comment[] {
  if (others.length === 0) return [];
  const [service] = services;
  const text = `Check the repository: ${service?.name} could also be of ${others.join(', ')}.`;
  return [{ path: [], text }];
}

/** Pushes to another registry reach the stack only if they are forwarded. */
function forwardingNote(repository: string): readonly Comment[] {
  const { registry } = readRepository(repository);
  if (registry === undefined) return [];
  const text = 'In another account or region: `fairway forwarding` shows how to forward its push events.';
  return [{ path: ['image', 'repository'], text }];
}

function expressNote({ actual }: FoundService, index: number): readonly Comment[] {
  return actual.isExpress === true
    ? [{ path: ['services', index], text: 'Express Mode: ECS manages its load balancer and its scaling.' }]
    : [];
}

function tasksOf({ repository, services, starts, oneOffs }: Group, found: Found): readonly Draft[] {
  const byFamily = new Map(
    services.flatMap(({ name, family }) => (family === undefined ? [] : [[family, name]])),
  );
  const taken = new Set<string>();
  const contextOf = (definition: Actual) => ({
    repository,
    services: byFamily,
    definition,
    containers: namedContainers(definition.members, found),
  });
  return [
    ...starts.flatMap((start) => {
      const definition = found.definitions.get(familyIn(start));
      const name = free([taskName(start.origin.name)], taken);
      return definition === undefined ? [] : [startedTask(start, name, contextOf(definition))];
    }),
    ...oneOffs.flatMap((family) => {
      const definition = found.definitions.get(family);
      return definition === undefined || taken.has(family) ? [] : [oneOffTask(family, contextOf(definition))];
    }),
  ];
}

function taskName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'task';
}
