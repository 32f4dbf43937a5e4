import { memberOf } from '../member.ts';
import { SECOND_LOOK } from '../observations.ts';
import type { Context } from './context.ts';
import { enqueue } from './outbox.ts';

/** Remembers a deployment as one of Fairway's or of those it has checked: the others are foreign. */
export function rememberDeployment(ctx: Context, service: string, deploymentId: string): void {
  if (knowsDeployment(ctx, service, deploymentId)) return;
  const known = memberOf(ctx.state.knownDeployments, service) ?? [];
  ctx.state.knownDeployments[service] = [deploymentId, ...known].slice(0, 6);
}

/**
 * Remembers a deployment by the id that an answer gave it. Where traffic shifts that may be the ARN of ECS's record, while
 * events and looks use another id: then its revision is remembered as well, by which that id is learned.
 */
export function rememberWithRevision(
  ctx: Context,
  service: string,
  deploymentId: string,
  revision: string,
): void {
  rememberDeployment(ctx, service, deploymentId);
  if (deploymentId.startsWith('arn:')) rememberDeployment(ctx, service, revision);
}

/** A look shows by which id ECS lists a deployment that is known by its revision only. Later ones of it are others'. */
export function learnDeploymentId(
  ctx: Context,
  service: string,
  { deploymentId, taskDefinition }: { readonly deploymentId: string; readonly taskDefinition: string },
): void {
  if (!knowsDeployment(ctx, service, taskDefinition)) return;
  const known = memberOf(ctx.state.knownDeployments, service) ?? [];
  ctx.state.knownDeployments[service] = known.filter((one) => one !== taskDefinition);
  rememberDeployment(ctx, service, deploymentId);
}

/** Whether a deployment is one of Fairway's, or was judged before. */
export function knowsDeployment({ state }: Context, service: string, deploymentId: string): boolean {
  return memberOf(state.knownDeployments, service)?.includes(deploymentId) ?? false;
}

/** A look at what runs that waits for this very end is due now. */
export function lookNow(ctx: Context): string | undefined {
  const pending = ctx.state.outbox.find(({ key }) => key === 'adopt');
  if (pending?.notBefore === undefined || pending.attempt > 0) return undefined;
  delete pending.notBefore;
  return 'a deployment that was waited for has ended: looking at what runs';
}

/** Asks what the services run. `since`: when that was first asked, where the answer could not be used. */
export function lookAtWhatRuns(ctx: Context, since?: number): void {
  const services = ctx.app.services.map((service) => service.name);
  if (since === undefined) {
    lookNow(ctx);
    enqueue(ctx, 'adopt', { kind: 'adopt', services });
    return;
  }
  enqueue(ctx, 'adopt', { kind: 'adopt', services, since }, { notBefore: ctx.now + SECOND_LOOK });
}
