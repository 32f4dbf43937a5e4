import type { Answer } from '../answers.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context } from '../kernel/context.ts';
import { recordPush } from '../kernel/ledger.ts';
import { blockedEntry, blockImage, forgetLive } from './liveImages.ts';
import { note } from './notes.ts';
import { consider, order, startWaiting } from './pushes.ts';
import { dated } from './ranking.ts';
import { whatStillRuns } from './rollbackEnds.ts';
import { rememberTarget } from './seenTags.ts';
import { type Inspection, rejectDiscarded } from './waiting.ts';

/** What the look-up of an image answered. */

/** ECR does not have the image. */
export function imageMissing(ctx: Context, asked: Inspection, reason: string, digest?: string): string {
  if (asked.trigger.kind === 'rollback' && asked.digest !== undefined) forgetLive(ctx.state, asked.digest);
  // A listing that shows the tag on an image later shows a push, also where an earlier listing showed the same.
  if (asked.tag !== undefined && asked.trigger.kind === 'push')
    rememberTarget(ctx, { tag: asked.tag, digest: digest ?? 'unknown' });
  return lookUpFailed(ctx, asked, reason, digest);
}

export function lookUpFailed(
  ctx: Context,
  asked: Inspection,
  reason: string,
  digest = asked.digest ?? 'unknown',
): string {
  if (asked.tag !== undefined && asked.trigger.kind !== 'rollback') {
    recordPush(ctx, { tag: asked.tag, digest }, 'ignored', reason, {
      overwrite: asked.trigger.kind === 'deploy',
    });
  }
  return giveUp(ctx, asked, reason);
}

/** The image cannot be released. What a rollback kept from starting has its turn. */
function giveUp(ctx: Context, asked: Inspection, reason: string): string {
  notifyRequester(ctx, asked, reason);
  if (asked.trigger.kind === 'rollback') startWaiting(ctx);
  return reason;
}

/** A person is answered before the image is looked up: what cannot be done then is announced. */
function notifyRequester(ctx: Context, { tag, digest, trigger }: Inspection, reason: string): void {
  const { app, state } = ctx;
  if (trigger.kind === 'push') return;
  const image = tag ?? 'the newest image';
  const why = reason.replace(/\.$/, '');
  if (trigger.kind === 'deploy') {
    const sentence = `${trigger.who} asked to deploy ${image} to ${app.name}: ${why}. Nothing was changed.`;
    announceApp(ctx, 'notDeployed', 'warning', sentence);
    return;
  }
  const held = state.hold ? ` ${app.name} is held.` : '';
  const sentence = `The rollback of ${app.name} to ${image}, requested by ${trigger.who}, failed: ${why}; ${whatStillRuns(ctx, digest)}.${held}`;
  announceApp(ctx, 'notDeployed', 'failure', sentence);
}

/** The image is known now: release it, queue it, or say why not. */
export function imageInspected(
  ctx: Context,
  asked: Inspection,
  answer: Extract<Answer, { kind: 'imageInspected' }>,
): string {
  const isPush = asked.trigger.kind === 'push';
  const image = isPush ? dated(ctx, answer.image, asked) : answer.image;
  if (isPush) rememberTarget(ctx, image);
  if (asked.discarded !== undefined)
    return rejectDiscarded(ctx, { image, trigger: asked.trigger }, asked.discarded);
  if (answer.storage !== 'ACTIVE') {
    const reason = `the image is ${answer.storage.toLowerCase()} in ECR and cannot be pulled: restore it first`;
    recordPush(ctx, image, 'ignored', reason);
    // The next rollback takes an earlier one.
    if (asked.trigger.kind === 'rollback' && !blockedEntry(ctx.state, image))
      blockImage(ctx.state, { digest: image.digest, how: 'was archived in ECR' });
    return giveUp(ctx, asked, reason);
  }
  if (!isPush) return order(ctx, image, asked.trigger);
  const decided = consider(ctx, image, { found: asked.found });
  noteLostEvent(ctx, asked, image.digest);
  return decided;
}

/** Events of another registry are lost mostly because no one has set up that they are forwarded. */
function noteLostEvent({ state, app }: Context, { source }: Inspection, digest: string): void {
  const { release } = state;
  if (source !== 'sweep' || app.image.registry === undefined || release?.image.digest !== digest) return;
  const { account, region } = app.image.registry;
  note(
    release,
    `the event of its push did not arrive from ${account}, ${region}: \`fairway forwarding\` shows what forwards it`,
  );
}
