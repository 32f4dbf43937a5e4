import type { PendingEffect } from '../state.ts';
import type { Context, Draft, ReleaseDraft } from './context.ts';
import { enqueue, enqueueLatest } from './outbox.ts';

/** Has the release's message brought up to date in every channel of the app that has something to report by now. */
export function announceRelease(ctx: Context, release: ReleaseDraft): void {
  for (const channel of ctx.app.channels) {
    if (!release.end && ctx.app.endsOnly?.includes(channel)) continue;
    const effect = {
      kind: 'announceRelease',
      channel,
      releaseId: release.id,
      release: release.number,
    } as const;
    enqueueLatest(ctx, `say:${channel}:${release.id}`, effect);
  }
}

/** Announces something that is not about a release to every channel of the app. */
export function announceApp(
  ctx: Context,
  topic: string,
  severity: 'info' | 'warning' | 'failure',
  sentence: string,
): void {
  for (const channel of ctx.app.channels) {
    const effect = { kind: 'announceApp', channel, topic, severity, sentence, at: ctx.now } as const;
    enqueue(ctx, keyOfNews(ctx, `tell:${channel}:${topic}:${ctx.now}`, sentence), effect);
  }
}

/** Two different sentences of one topic and one moment are two announcements. */
function keyOfNews(ctx: Context, key: string, sentence: string): string {
  const taken = ({ key: other, effect }: Draft<PendingEffect>) =>
    other === key && effect.kind === 'announceApp' && effect.sentence !== sentence;
  return ctx.state.outbox.some(taken) ? keyOfNews(ctx, `${key}+`, sentence) : key;
}
