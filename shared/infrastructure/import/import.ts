import { counted } from '../../domain/counted.ts';
import type { Aws } from '../kind.ts';
import { appsOf } from './apps.ts';
import { type Draft, drafted, under } from './draft.ts';
import { infrastructureOf } from './infrastructure.ts';
import { readCluster } from './read.ts';

/** What a cluster contains, as `fairway.yml` declares it. */
export interface Imported extends Draft {
  /** What was guessed, and what a person should check: one sentence each. */
  readonly notes: readonly string[];
  readonly apps: number;
  /** The account of the cluster. */
  readonly account: string;
}

interface ImportOptions {
  /** Whether `infrastructure` is wanted, besides `apps`. */
  readonly infrastructure: boolean;
}

/** Reads a cluster, and changes nothing. Throws where it does not exist, or AWS refuses. */
export async function importCluster(cluster: string, options: ImportOptions, aws: Aws): Promise<Imported> {
  const found = await readCluster(cluster, aws);
  const apps = appsOf(found);
  const infrastructure = options.infrastructure ? await infrastructureOf(found) : undefined;
  const draft = drafted(
    { apps: apps.value, ...(infrastructure === undefined ? {} : { infrastructure: infrastructure.value }) },
    ...under(['apps'], apps.comments),
    ...under(['infrastructure'], infrastructure?.comments ?? []),
  );
  return {
    ...draft,
    apps: Object.keys(apps.value).length,
    account: found.account,
    notes: [...apps.leftOut, ...lostNote(draft.comments), ...draft.comments.flatMap(noteOf)],
  };
}

function lostNote(comments: Draft['comments']): readonly string[] {
  const count = comments.reduce((sum, { lost = 0 }) => sum + lost, 0);
  return count === 0
    ? []
    : [`${counted(count, 'setting')} of rules and schedules not taken over: comments in the file name each`];
}

/** "apps.web.image.tags: A guess, …" */
function noteOf({ path, after, text }: Draft['comments'][number]): readonly string[] {
  return after === true ? [] : [`${path.join('.')}: ${text.replaceAll('\n', ' ')}`];
}
