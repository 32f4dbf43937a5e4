import type { AdoptedService } from '../answers.ts';
import { shortDigest } from '../image.ts';
import { announceApp } from '../kernel/announcing.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context } from '../kernel/context.ts';
import {
  knowsDeployment,
  learnDeploymentId,
  lookAtWhatRuns,
  rememberDeployment,
} from '../kernel/deployments.ts';
import { revisionName } from '../revision.ts';
import { failRelease } from './failing.ts';
import { holdForOutsider } from './holding.ts';
import { recordLive } from './liveImages.ts';
import { isOlderThanOurs, lookAtAll } from './looking.ts';
import { startWaiting } from './pushes.ts';
import { nameOfCandidate } from './waiting.ts';

/**
 * What runs outside a release of ours: adopted at first sight and when it is the live image, a reason to hold
 * otherwise. `since`: when that was first asked, where an earlier answer could not be used.
 */
export function adopted(ctx: Context, services: readonly AdoptedService[], since?: number): string {
  if (ctx.state.adoptedAt === undefined) return firstSight(ctx, services);
  if (isDeploying(ctx)) return lookWithRelease(ctx, services);
  const current = services.filter((seen) => !isOlderThanOurs(ctx, seen.service, seen.changedAt));
  for (const seen of current) learnDeploymentId(ctx, seen.service, seen);
  const foreign = current.filter((seen) => !isOurs(ctx, seen));
  // ECS resolves a tag when the first task of a deployment starts: until then its image is unknown.
  const judged = foreign.filter((seen) => seen.digest !== undefined || !seen.underWay);
  for (const seen of judged) remember(ctx, seen);
  for (const seen of current) keepDigest(ctx, seen);
  const { live, release } = ctx.state;
  const waits = release?.step === 'preparing' && release.services.every((rollout) => !rollout.before);
  const other = judged.find((seen) => seen.digest !== undefined && seen.digest !== live?.digest);
  if (other) {
    const sentence = foreignImage(ctx, other);
    const cause = causeOf('foreignDeployment', sentence);
    if (!release || !waits) return sentence;
    if (release.trigger.kind === 'push') {
      failRelease(ctx, release, { cause, service: other.service, outcome: 'superseded' });
    } else {
      // A person has ordered it: it takes the place of what someone else deployed.
      lookAtAll(ctx);
    }
    return sentence;
  }
  if (waits) lookAtAll(ctx);
  if (current.length < services.length || judged.length < foreign.length) {
    return lookAgain(ctx, since) ?? 'what runs could not be determined';
  }
  if (foreign.length === 0) return asItRuns(ctx, services, since) ?? 'every deployment is known';
  return `adopted ${foreign.map((seen) => revisionName(seen.taskDefinition)).join(', ')}: same image`;
}

/** The open release judges what runs: a look at everything shows it what it does not know. */
function lookWithRelease(ctx: Context, services: readonly AdoptedService[]): string {
  if (services.every((seen) => isOurs(ctx, seen))) return 'every deployment is known';
  lookAtAll(ctx);
  return 'the open release looks at what runs';
}

/** The open release may have changed services, and none of them rolls back. */
function isDeploying({ state: { release } }: Context): boolean {
  return release !== undefined && !release.failure && release.step !== 'preparing';
}

/** Known, or brought by the open release, whose order has no answer yet. */
function isOurs(ctx: Context, { service, deploymentId, taskDefinition }: AdoptedService): boolean {
  if (knowsDeployment(ctx, service, deploymentId)) return true;
  const rollout = ctx.state.release?.services.find((other) => other.service === service);
  return rollout?.target === taskDefinition || rollout?.rollbackRevision === taskDefinition;
}

/** The digest that a service runs, as last proven: a deployment that has not ended proves none. */
function keepDigest({ state }: Context, { service, digest, underWay }: AdoptedService): void {
  if (digest !== undefined && !underWay) state.liveDigests[service] = digest;
}

/** For as long as a rollout may take: a deployment ends within that time, or its end does not come. */
function lookAgain(ctx: Context, since = ctx.now): string | undefined {
  if (ctx.now - since >= ctx.app.timeouts.rollout) return undefined;
  lookAtWhatRuns(ctx, since);
  return 'what runs is not settled yet: looking again';
}

/** What a person has left running is live, after the hold is lifted: a failed release, or a deployment from outside. */
function asItRuns(ctx: Context, services: readonly AdoptedService[], since?: number): string | undefined {
  const { state, now } = ctx;
  if (state.release || state.hold) return undefined;
  if (services.some((seen) => seen.underWay && seen.digest !== state.live?.digest))
    return lookAgain(ctx, since);
  const [first] = services;
  const { digest } = first ?? {};
  if (digest === undefined || digest === state.live?.digest) return undefined;
  if (services.length < ctx.app.services.length || services.some((seen) => seen.digest !== digest))
    return undefined;
  const spent = state.blockedImages.find((other) => other.digest === digest);
  const image = state.ended.find((release) => release.image.digest === digest)?.image;
  const tag = image?.tag ?? first?.tag ?? shortDigest(digest);
  const pushedAt = image?.pushedAt ?? first?.pushedAt ?? 0;
  const release = spent?.release === undefined ? {} : { release: spent.release };
  const live = { tag, digest, pushedAt, since: now, ...release };
  recordLive(state, live, false);
  return `adopted ${tag} (${shortDigest(digest)}), which a person has left running`;
}

function firstSight(ctx: Context, services: readonly AdoptedService[]): string {
  if (services.length === 0 && ctx.app.services.length > 0) return nothingYet(ctx);
  const reason = adoptAll(ctx, services);
  const next = startWaiting(ctx);
  return next === undefined ? reason : `${reason}; ${next}`;
}

/** No service exists: `fairway apply` creates them with the first image. The sweep looks again. */
function nothingYet(ctx: Context): string {
  const { state, app } = ctx;
  const { waiting } = state;
  const announced = state.awaitsServices?.announced ?? false;
  state.awaitsServices = { announced: announced || waiting !== undefined };
  if (waiting !== undefined && !announced) {
    const names = app.services.map(({ name }) => name).join(', ');
    const sentence = `${nameOfCandidate(waiting)}, waits: no service of ${app.name} (${names}) exists in the cluster ${app.cluster} yet. \`fairway apply\` creates declared services. If they exist, fix their names in fairway.yml.`;
    announceApp(ctx, 'waiting', 'warning', sentence);
  }
  return 'none of the services exists yet: waiting for them';
}

function adoptAll(ctx: Context, services: readonly AdoptedService[]): string {
  const { state, now } = ctx;
  state.adoptedAt = now;
  for (const seen of services) {
    remember(ctx, seen);
    if (seen.digest !== undefined) state.liveDigests[seen.service] = seen.digest;
  }
  const running = services.find((seen) => seen.digest !== undefined);
  if (running?.digest === undefined) {
    if (services.some(({ underWay }) => underWay)) lookAgain(ctx);
    return 'adopted: no service runs an image of this repository yet';
  }
  // The first image of a new service: its push waited for the service.
  const pushed = state.waiting?.image.digest === running.digest ? state.waiting.image : undefined;
  const live = {
    tag: running.tag ?? pushed?.tag ?? shortDigest(running.digest),
    digest: running.digest,
    pushedAt: running.pushedAt ?? pushed?.pushedAt ?? 0,
    since: now,
  };
  state.live = live;
  state.liveHistory = [live];
  return `adopted ${live.tag} (${shortDigest(live.digest)}), which runs`;
}

function foreignImage(ctx: Context, seen: AdoptedService): string {
  const sentence = `${revisionName(seen.taskDefinition)}, with another image, was deployed to ${seen.service} outside Fairway.`;
  if (ctx.state.hold) return sentence;
  holdForOutsider(ctx, sentence);
  announceApp(
    ctx,
    'foreignDeployment',
    'warning',
    `${sentence} ${ctx.app.name} is held until \`fairway resume ${ctx.app.name}\`.`,
  );
  return sentence;
}

function remember(ctx: Context, seen: AdoptedService): void {
  rememberDeployment(ctx, seen.service, seen.deploymentId);
}
