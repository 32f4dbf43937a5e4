import { describeEffect } from '../domain/effects.ts';
import { describeRepository, type NamedRepository } from '../domain/registry.ts';
import type { AppState, PendingEffect } from '../domain/state.ts';
import type { RetrySummary } from '../domain/summaries.ts';
import type { Store } from '../store.ts';

/** What failed and is retried. What waits for AWS's rate limits has not failed. */
export function retriesOf({ outbox }: AppState): readonly RetrySummary[] {
  return outbox.flatMap((entry) => {
    const what = describeEffect(entry.effect);
    return what === undefined || entry.why === undefined || entry.throttled ? [] : [retryOf(entry, what)];
  });
}

/** The listing of the images, which finds lost pushes. */
export async function listingRetryOf(
  store: Pick<Store, 'listings'>,
  app: string,
  image: NamedRepository,
): Promise<readonly RetrySummary[]> {
  const failure = (await store.listings()).get(app)?.failure;
  if (!failure) return [];
  const { since, why } = failure;
  return [{ what: `list the images of ${describeRepository(image)}`, since, why }];
}

/** The look-ups of an image that has arrived, newest first; without a tag: of any. */
export function lookUpsOf({ outbox }: AppState, tag: string | undefined): readonly RetrySummary[] {
  return outbox
    .flatMap((entry) => {
      const { effect } = entry;
      if (effect.kind !== 'inspectImage' || (tag !== undefined && effect.tag !== tag)) return [];
      return [retryOf(entry, effect.tag ?? 'the newest image')];
    })
    .toReversed();
}

function retryOf({ since, why }: PendingEffect, what: string): RetrySummary {
  return { what, since, ...(why === undefined ? {} : { why }) };
}
