import type { App } from '../domain/app.ts';
import { initialState } from '../domain/decide.ts';
import { duration } from '../domain/duration.ts';
import type { OperatorAnswer } from '../domain/operator.ts';
import { describeRepository } from '../domain/registry.ts';
import type { LedgerEntry, PushSummary, RetrySummary } from '../domain/summaries.ts';
import type { Runtime } from '../runtime.ts';
import { spanOfImage } from './liveness.ts';
import { lookUpsOf } from './retrying.ts';

/** What happened to a pushed image, and whether it is live. Without a tag: the newest push. */
export async function why(runtime: Runtime, app: App, tag: string | undefined): Promise<OperatorAnswer> {
  const entries = await entriesOf(runtime, app, tag);
  const state = (await runtime.store.load(app.name))?.state ?? initialState(app.name);
  const [lookUp] = lookUpsOf(state, tag);
  if (entries.length === 0 && !lookUp) return { ok: false, error: 'notFound', message: neverSeen(app, tag) };
  const pushes = await Promise.all(
    entries.map(async (entry): Promise<PushSummary> => {
      const live = await spanOfImage(runtime, state, entry);
      return live ? { ...entry, live } : entry;
    }),
  );
  const [newest] = pushes;
  // What is looked up came after the pushes that are known.
  const sentence = lookUp ? lookUpSentence(lookUp, runtime.now()) : newest && sentenceOf(newest);
  return { ok: true, sentence: sentence ?? '', pushes };
}

function lookUpSentence({ what, since, why }: RetrySummary, now: number): string {
  const known = `${what} has reached Fairway, which looks up its image in ECR`;
  return why === undefined ? known : `${known}, retrying for ${duration(now - since)}: ${why}`;
}

async function entriesOf(
  runtime: Runtime,
  app: App,
  tag: string | undefined,
): Promise<readonly LedgerEntry[]> {
  if (tag !== undefined) return runtime.store.pushes(app.name, tag);
  const newest = await runtime.store.newestPush(app.name);
  return newest ? [newest] : [];
}

function neverSeen(app: App, tag: string | undefined): string {
  const what = tag === undefined ? 'no push' : `no push of ${tag}`;
  return `${what} has reached Fairway for ${app.name}: is it in the repository ${describeRepository(app.image)}? A lost push is found within 5 minutes`;
}

const OUTCOMES: Readonly<Record<string, string>> = {
  releasing: 'is being released',
  waiting: 'waits',
  live: 'went live',
  failed: 'failed',
  rolledBack: 'was rolled back',
  stranded: 'failed, and the rollback failed too',
  superseded: 'was superseded',
  rejected: 'was rejected',
  ignored: 'was ignored',
};

/** Outcomes that the sentence about `live` replaces. */
const SAID_BY_LIVE = new Set(['live', 'ignored']);

function sentenceOf({ tag, outcome, reason, release, live }: PushSummary): string {
  const as = release === undefined || outcome === 'releasing' ? '' : ` as v${release}`;
  const said = `${OUTCOMES[outcome] ?? outcome}${as}: ${reason}`;
  if (!live) return `${tag} ${said}`;
  if (SAID_BY_LIVE.has(outcome)) return `${tag} ${live.sentence}`;
  return `${tag} ${said.replace(/\.$/, '')}. Its image ${live.sentence}`;
}
