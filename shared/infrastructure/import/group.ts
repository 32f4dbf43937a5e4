import { readRepository } from '../../domain/registry.ts';
import type { Container } from './images.ts';

/** Which repository a service is of: that of its essential container with a port. A shared sidecar groups nothing. */

export interface Candidate {
  readonly name: string;
  readonly containers: readonly Container[];
}

export type Verdict =
  | { readonly repository: string; readonly others?: undefined }
  /** Several repositories could be meant: one of them is chosen, and the service stays apart. */
  | { readonly repository: string; readonly others: readonly string[] };

/** By name; services without an image of ECR are left out. */
export function repositoriesOf(services: readonly Candidate[]): ReadonlyMap<string, Verdict> {
  const sidecars = sidecarsOf(services);
  const open = services.map((service) => ({ service, left: withoutSidecars(likelyOf(service), sidecars) }));
  const sure = new Set(open.flatMap(({ left }) => (left.length === 1 ? left : [])));
  return new Map(
    open.flatMap(({ service, left }): [string, Verdict][] => {
      const verdict = verdictOf(left, sure);
      return verdict === undefined ? [] : [[service.name, verdict]];
    }),
  );
}

function verdictOf(left: readonly string[], sure: ReadonlySet<string>): Verdict | undefined {
  const [first, ...others] = left;
  if (first === undefined) return undefined;
  if (others.length === 0) return { repository: first };
  const known = left.filter((repository) => sure.has(repository));
  const [only] = known;
  if (only !== undefined && known.length === 1) return { repository: only };
  return { repository: first, others };
}

/**
 * Repositories of the essential containers with a port, otherwise of the essential ones, otherwise of all. Those of this
 * account and region come before others: sidecars of AWS and of vendors are in their accounts.
 */
function likelyOf({ containers }: Candidate): readonly string[] {
  const essential = containers.filter(({ isEssential }) => isEssential);
  const withPort = essential.filter(({ hasPort }) => hasPort);
  const lists = [withPort, essential, containers].map(repositoriesIn);
  const likely = lists.find((list) => list.length > 0) ?? [];
  const own = likely.filter((repository) => readRepository(repository).registry === undefined);
  return own.length > 0 ? own : likely;
}

function repositoriesIn(containers: readonly Container[]): readonly string[] {
  return [...new Set(containers.flatMap(({ image }) => image?.repository ?? []))];
}

function withoutSidecars(likely: readonly string[], sidecars: ReadonlySet<string>): readonly string[] {
  const left = likely.filter((repository) => !sidecars.has(repository));
  return left.length === 0 ? likely : left;
}

/** Found one after the other: a sidecar can hide that another repository is alone, or is a sidecar, too. */
function sidecarsOf(services: readonly Candidate[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (;;) {
    const lists = services.map(({ containers }) =>
      repositoriesIn(containers).filter((each) => !found.has(each)),
    );
    const more = [...new Set(lists.flat())].filter((repository) => isSidecar(repository, lists));
    if (more.length === 0) return found;
    for (const repository of more) found.add(repository);
  }
}

/** Never alone, and beside different ones: no other repository is in all of its services. */
function isSidecar(repository: string, lists: readonly (readonly string[])[]): boolean {
  const mine = lists.filter((list) => list.includes(repository));
  const others = new Set(mine.flat());
  const companions = [...others].filter((other) => other !== repository);
  const isAlone = mine.some((list) => list.length === 1);
  return (
    mine.length > 1 && !isAlone && !companions.some((other) => mine.every((list) => list.includes(other)))
  );
}
