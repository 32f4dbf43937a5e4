import type { Image } from '../image.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import type { Trigger } from '../release.ts';
import { rankOf, rememberTag } from './ranking.ts';

/** One digest is one release: what else brings the image of a release needs none besides it. */

/** An order that brings more than an image. */
export function changesMore(trigger: Trigger): boolean {
  return trigger.kind === 'deploy' && (trigger.bases !== undefined || trigger.settings !== undefined);
}

/** An order whose image is being released, also because of a push. */
export function answerWithRelease(ctx: Context, tag: string, who: string, release: number): string {
  const sentence = `the same image is being released as v${release}`;
  announceApp(ctx, 'notDeployed', 'info', `${who} asked to deploy ${tag} to ${ctx.app.name}: ${sentence}.`);
  return sentence;
}

/** The same image waits as a push: it needs no release besides this one. */
export function absorbWaiting(ctx: Context, { digest, tag }: Image): void {
  const { waiting, lastNumber } = ctx.state;
  if (waiting?.image.digest !== digest) return;
  delete ctx.state.waiting;
  rememberTag(ctx, { ...waiting.image, tag: rankOf(waiting.image).tag });
  if (waiting.image.tag === tag) return;
  const reason = `the same image is being released as v${lastNumber}`;
  recordPush(ctx, waiting.image, 'ignored', reason, { overwrite: true });
}

/** The same image waits as an order that a hold has stopped. Its person is notified of the release that brings it. */
export function absorbOrdered(ctx: Context, { digest, tag }: Image): void {
  const { ordered, lastNumber } = ctx.state;
  if (ordered?.image.digest !== digest || !bringsImageOnly(ordered.trigger)) return;
  delete ctx.state.ordered;
  const reason = answerWithRelease(ctx, ordered.image.tag, ordered.trigger.who, lastNumber);
  if (ordered.image.tag !== tag) recordPush(ctx, ordered.image, 'ignored', reason, { overwrite: true });
}

/** A restart needs new tasks of whatever is live, also where the image is. */
function bringsImageOnly(trigger: Trigger): trigger is Extract<Trigger, { kind: 'deploy' }> {
  return trigger.kind === 'deploy' && !changesMore(trigger) && !trigger.live && !trigger.restart;
}
