import type { AdoptedService } from '../answers.ts';
import { shortDigest } from '../image.ts';
import { announceApp, causeOf, knowsDeployment, rememberDeployment, type Turn } from '../kernel/draft.ts';
import { revisionName } from '../revision.ts';
import { failRelease } from './ending.ts';
import { hold } from './holding.ts';
import { isOlderThanOurs, lookAtAll, lookAtWhatRuns } from './looking.ts';
import { becomeProven } from './proven.ts';
import { startWaiting } from './pushes.ts';

/**
 * What runs outside a release of ours: adopted at first sight and when it is the live image, a reason to hold
 * otherwise. `since`: when that was first asked, where an earlier answer could not be used.
 */
export function adopted(turn: Turn, services: readonly AdoptedService[], since?: number): string {
  if (turn.state.adoptedAt === undefined) return firstSight(turn, services);
  const current = services.filter((seen) => !isOlderThanOurs(turn, seen.service, seen.changedAt));
  const foreign = current.filter((seen) => !knowsDeployment(turn, seen.service, seen.deploymentId));
  // ECS resolves a tag when the first task of a deployment starts: until then its image is unknown.
  const judged = foreign.filter((seen) => seen.digest !== undefined || !seen.underWay);
  for (const seen of judged) remember(turn, seen);
  for (const seen of current) keepDigest(turn, seen);
  const { live, release } = turn.state;
  const waits = release?.step === 'preparing' && release.services.every((rollout) => !rollout.before);
  const other = judged.find((seen) => seen.digest !== undefined && seen.digest !== live?.digest);
  if (other) {
    const sentence = foreignImage(turn, other);
    const cause = causeOf('foreignDeployment', sentence);
    if (!release || !waits) return sentence;
    if (release.trigger.kind === 'push') {
      failRelease(turn, release, { cause, service: other.service, outcome: 'superseded' });
    } else {
      // A person has ordered it: it takes the place of what someone else deployed.
      lookAtAll(turn);
    }
    return sentence;
  }
  if (waits) lookAtAll(turn);
  if (current.length < services.length || judged.length < foreign.length) {
    return lookAgain(turn, since) ?? 'what runs could not be found out';
  }
  if (foreign.length === 0) return asItRuns(turn, services, since) ?? 'every deployment is known';
  return `adopted ${foreign.map((seen) => revisionName(seen.taskDefinition)).join(', ')}: same image`;
}

/** The digest that a service runs, as last proven: a deployment that has not ended proves none. */
function keepDigest({ state }: Turn, { service, digest, underWay }: AdoptedService): void {
  if (digest !== undefined && !underWay) state.digests[service] = digest;
}

/** For as long as a rollout may take: a deployment ends within that time, or its end does not come. */
function lookAgain(turn: Turn, since = turn.now): string | undefined {
  if (turn.now - since >= turn.app.timeouts.rollout) return undefined;
  lookAtWhatRuns(turn, since);
  return 'what runs is not settled yet: looking again';
}

/** What a person has left running is live, after the hold is lifted: a failed release, or a deployment from outside. */
function asItRuns(turn: Turn, services: readonly AdoptedService[], since?: number): string | undefined {
  const { state, now } = turn;
  if (state.release || state.hold) return undefined;
  if (services.some((seen) => seen.underWay && seen.digest !== state.live?.digest))
    return lookAgain(turn, since);
  const [first] = services;
  const { digest } = first ?? {};
  if (digest === undefined || digest === state.live?.digest) return undefined;
  if (services.length < turn.app.services.length || services.some((seen) => seen.digest !== digest))
    return undefined;
  const spent = state.spent.find((other) => other.digest === digest);
  const image = state.ended.find((release) => release.image.digest === digest)?.image;
  const tag = image?.tag ?? first?.tag ?? shortDigest(digest);
  const pushedAt = image?.pushedAt ?? first?.pushedAt ?? 0;
  const release = spent?.release === undefined ? {} : { release: spent.release };
  const live = { tag, digest, pushedAt, since: now, ...release };
  becomeProven(state, live, false);
  return `adopted ${tag} (${shortDigest(digest)}), which a person has left running`;
}

function firstSight(turn: Turn, services: readonly AdoptedService[]): string {
  const reason = adoptAll(turn, services);
  const next = startWaiting(turn);
  return next === undefined ? reason : `${reason}; ${next}`;
}

function adoptAll(turn: Turn, services: readonly AdoptedService[]): string {
  const { state, now } = turn;
  state.adoptedAt = now;
  for (const seen of services) {
    remember(turn, seen);
    if (seen.digest !== undefined) state.digests[seen.service] = seen.digest;
  }
  const running = services.find((seen) => seen.digest !== undefined);
  if (running?.digest === undefined) {
    if (services.some(({ underWay }) => underWay)) lookAgain(turn);
    return 'adopted: no service runs an image of this repository yet';
  }
  const live = {
    tag: running.tag ?? shortDigest(running.digest),
    digest: running.digest,
    pushedAt: running.pushedAt ?? 0,
    since: now,
  };
  state.live = live;
  state.proven = [live];
  return `adopted ${live.tag} (${shortDigest(live.digest)}), which runs`;
}

function foreignImage(turn: Turn, seen: AdoptedService): string {
  const sentence = `${revisionName(seen.taskDefinition)}, with another image, was deployed to ${seen.service} outside Fairway.`;
  if (turn.state.hold) return sentence;
  hold(turn, 'Fairway', `${sentence} Resume when Fairway should deploy again.`);
  announceApp(
    turn,
    'foreignDeployment',
    'warning',
    `${sentence} ${turn.app.name} is held until \`fairway resume ${turn.app.name}\`.`,
  );
  return sentence;
}

function remember(turn: Turn, seen: AdoptedService): void {
  rememberDeployment(turn, seen.service, seen.deploymentId);
}
