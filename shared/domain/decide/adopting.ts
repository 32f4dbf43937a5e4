import type { AdoptedService } from '../answers.ts';
import { shortDigest } from '../image.ts';
import { revisionName } from '../revision.ts';
import { announceApp, causeOf, knowsDeployment, rememberDeployment, type Turn } from './draft.ts';
import { failRelease } from './ending.ts';
import { hold } from './holding.ts';
import { becomeProven } from './proven.ts';
import { startWaiting } from './pushes.ts';
import { lookAtAll } from './starting.ts';

/** What runs outside a release of ours: adopted at first sight and when it is the live image, a reason to hold otherwise. */
export function adopted(turn: Turn, services: readonly AdoptedService[]): string {
  if (turn.state.adoptedAt === undefined) return firstSight(turn, services);
  const foreign = services.filter((seen) => !knowsDeployment(turn, seen.service, seen.deploymentId));
  for (const seen of foreign) remember(turn, seen);
  const { live, release } = turn.state;
  const waits = release?.step === 'preparing' && release.services.every((rollout) => !rollout.before);
  const other = foreign.find((seen) => seen.digest !== undefined && seen.digest !== live?.digest);
  if (other) {
    const sentence = foreignImage(turn, other);
    const cause = causeOf('foreignDeployment', sentence);
    if (release && waits)
      failRelease(turn, release, { cause, service: other.service, outcome: 'superseded' });
    return sentence;
  }
  for (const seen of foreign) if (seen.digest !== undefined) turn.state.digests[seen.service] = seen.digest;
  if (waits) lookAtAll(turn);
  if (foreign.length === 0) return asItRuns(turn, services) ?? 'every deployment is known';
  return `adopted ${foreign.map((seen) => revisionName(seen.taskDefinition)).join(', ')}: same image`;
}

/** A failed release that was left to a person runs on after the hold is lifted: then it is what is live. */
function asItRuns(turn: Turn, services: readonly AdoptedService[]): string | undefined {
  const { state, now } = turn;
  const [first] = services;
  const { digest } = first ?? {};
  if (state.release || state.hold || digest === undefined || digest === state.live?.digest) return undefined;
  if (services.length < turn.app.services.length || services.some((seen) => seen.digest !== digest))
    return undefined;
  const spent = state.spent.find((other) => other.digest === digest);
  const image = state.ended.find((release) => release.image.digest === digest)?.image;
  const tag = image?.tag ?? first?.tag ?? shortDigest(digest);
  const pushedAt = image?.pushedAt ?? first?.pushedAt ?? 0;
  const release = spent?.release === undefined ? {} : { release: spent.release };
  const live = { tag, digest, pushedAt, since: now, ...release };
  becomeProven(state, live, false);
  for (const seen of services) state.digests[seen.service] = digest;
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
  if (running?.digest === undefined) return 'adopted: no service runs an image of this repository yet';
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
  const sentence = `Somebody else deployed ${revisionName(seen.taskDefinition)} with another image to ${seen.service}.`;
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
