import type { LedgerEntry } from '../summaries.ts';
import type { Context, Draft } from './context.ts';
import { enqueueLatest } from './outbox.ts';

/** Writes a push's outcome to the ledger. Only what a release did to an image overwrites an earlier entry. */
export function recordPush(
  ctx: Context,
  image: { readonly tag: string; readonly digest: string; readonly pushedAt?: number },
  outcome: string,
  reason: string,
  options: { release?: number; overwrite?: boolean } = {},
): void {
  const entry: Draft<LedgerEntry> = {
    app: ctx.app.name,
    tag: image.tag,
    digest: image.digest,
    at: ctx.now,
    outcome,
    reason,
  };
  if (options.release !== undefined) entry.release = options.release;
  if (image.pushedAt !== undefined) entry.pushedAt = image.pushedAt;
  const overwrite = options.overwrite ?? false;
  const key = `push:${image.tag}@${image.digest}`;
  const pending = ctx.state.outbox.find((other) => other.key === key);
  if (pending && !overwrite) return;
  enqueueLatest(ctx, key, { kind: 'recordPush', entry, overwrite });
}
