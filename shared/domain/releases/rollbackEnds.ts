import { announceApp } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { cancelEffects } from '../kernel/outbox.ts';
import type { ReleaseOutcome } from '../release.ts';
import { holdForUnfinishedRollback } from './holding.ts';
import { tagLeftRunning } from './liveImages.ts';
import { pendingRollback } from './waiting.ts';

const HOW_ENDED: Readonly<Record<Exclude<ReleaseOutcome, 'live'>, string>> = {
  failed: 'failed',
  rollbackFailed: 'failed',
  rolledBack: 'was canceled',
  superseded: 'was stopped in ECS by a person',
};

/** A rollback that ends without being live: the image that people wanted gone may run again. */
export function rollbackEnded(ctx: Context, release: ReleaseDraft, outcome: ReleaseOutcome): void {
  const { app } = ctx;
  const from = rolledBackFrom(ctx, release);
  if (from === undefined || outcome === 'live') return;
  const rollback = `rollback of ${app.name} to ${release.image.tag} (v${release.number}) ${HOW_ENDED[outcome]}`;
  const runs = whatRuns(release, outcome, from);
  const next = `\`fairway rollback ${app.name}\` rolls back to an earlier image.`;
  const why = `the ${rollback}: ${runs}`;
  holdForUnfinishedRollback(ctx, why, outcome === 'superseded' ? 'outsider' : 'fairway');
  announceApp(ctx, 'rollbackFailed', 'failure', `The ${rollback}: ${runs}. ${app.name} is held. ${next}`);
}

/** A rollback whose image is still looked up is canceled. Answers what it was; undefined: there is none. */
export function cancelLookUp(ctx: Context, who: string): string | undefined {
  const { app, state } = ctx;
  const pending = pendingRollback(state);
  if (!pending) return undefined;
  cancelEffects(ctx, ({ effect }) => effect.kind === 'inspectImage' && effect.trigger.kind === 'rollback');
  const rollback = `rollback of ${app.name} to ${pending.tag}`;
  const held = state.hold ? `${app.name} stays held` : `${app.name} is not held`;
  const sentence = `The ${rollback}, requested by ${pending.trigger.who}, was canceled by ${who}: ${whatStillRuns(ctx, pending.digest)}. ${held}.`;
  announceApp(ctx, 'rollbackFailed', 'failure', sentence);
  return `the ${rollback}, requested by ${pending.trigger.who}; ${held}`;
}

/** What a rollback to this digest would have taken away. */
export function whatStillRuns({ state }: Context, target: string | undefined): string {
  if (!state.live || state.live.digest === target) return 'nothing was changed';
  return `${nameOfBadImage(state.live.tag)}, still runs`;
}

/** Tag of the image that an open rollback takes away; undefined: it takes none away. */
export function rolledBackFrom({ state }: Context, release: ReleaseDraft): string | undefined {
  const { trigger, previous, image } = release;
  if (trigger.kind !== 'rollback') return undefined;
  return previous?.digest === image.digest ? tagLeftRunning(state) : previous?.tag;
}

/** "1.2.0, the image that was rolled back from". */
export function nameOfBadImage(from: string): string {
  return `${from}, the image that was rolled back from`;
}

function whatRuns({ services }: ReleaseDraft, outcome: ReleaseOutcome, from: string): string {
  const changed = services.filter(({ state }) => state !== 'pending' && state !== 'unchanged');
  const areBack = changed.length > 0 && changed.every(({ state }) => state === 'rolledBack');
  if (areBack && outcome !== 'rollbackFailed') return `${nameOfBadImage(from)}, runs again`;
  if (changed.length === 0 && outcome !== 'superseded') return `${nameOfBadImage(from)}, still runs`;
  return `services may run ${nameOfBadImage(from)}: check them at once`;
}
