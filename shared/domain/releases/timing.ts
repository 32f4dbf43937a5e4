import { duration } from '../duration.ts';
import type { ServiceEvent } from '../observations.ts';
import type { Release, RolloutTimes } from '../release.ts';

/** Where the time of a release went, by what was seen anyway. */

/** Source: Amazon ECS Developer Guide, "Viewing Amazon ECS service event messages". */
const STARTED = /has started \d+ tasks/;
const REGISTERED = /\bregistered \d+ targets? in/;
const STOPS = /has begun draining|deregistered \d+ targets|has stopped \d+ running tasks/;
const DRAINS = /has begun draining|deregistered \d+ targets/;
const COMPLETED = /deployment completed|has reached a steady state/;

/**
 * The parts of a rolling deployment that its service's events show.
 * @param since when ECS created it, epoch milliseconds
 */
export function timesOf(events: readonly ServiceEvent[], since: number | undefined): RolloutTimes {
  if (since === undefined) return {};
  const times = (pattern: RegExp) =>
    events.filter(({ at, message }) => at >= since && pattern.test(message)).map(({ at }) => at);
  const started = times(STARTED);
  const stops = times(STOPS);
  const [completed] = times(COMPLETED);
  const [first] = started;
  if (first === undefined) return {};
  const [stop] = stops;
  // Where old tasks stop before all new ones have started, the parts overlap.
  const isInBatches = stop !== undefined && started.some((at) => at > stop);
  const ready = isInBatches
    ? undefined
    : times(REGISTERED).findLast((at) => stop === undefined || at <= stop);
  return {
    placed: first - since,
    ...(ready !== undefined && { started: ready - first }),
    ...(ready !== undefined && stop !== undefined && { healthy: stop - ready }),
    ...(!isInBatches &&
      stop !== undefined &&
      completed !== undefined && { drained: completed - stop, drains: times(DRAINS).length > 0 }),
  };
}

/** "live after 6 min 10 s: db-migrate 40 s; web-app 18 s until tasks were placed, …". Undefined: no part is known. */
export function whereTimeWent({ steps, services, startedAt }: Release, now: number): string | undefined {
  const tasks = steps.flatMap(({ kind, name, startedAt: began, endedAt }) =>
    kind === 'task' && began !== undefined && endedAt !== undefined
      ? [`${name} ${duration(endedAt - began)}`]
      : [],
  );
  const total = now - startedAt;
  // With several services, others may take as long without the draining.
  const alone = services.length === 1 ? total : undefined;
  const rollouts = services.flatMap((rollout) => {
    const parts = [...shiftParts(rollout), ...rollingParts(rollout, alone)];
    return parts.length === 0 ? [] : [`${rollout.service} ${parts.join(', ')}`];
  });
  if (rollouts.length === 0) return undefined;
  return `${LIVE_AFTER}${duration(total)}: ${[...tasks, ...rollouts].join('; ')}`;
}

const LIVE_AFTER = 'live after ';

/** That line among the notes of a release. */
export function timeNoteIn(notes: readonly string[]): string | undefined {
  return notes.find((note) => note.startsWith(LIVE_AFTER));
}

/** As long as a connection may drain by default. Source: Elastic Load Balancing, deregistration delay. */
const LONG_DRAINING = 120_000;
/** Long enough for most web services. */
const SHORT_DELAY = 30_000;

/** @param total how long the release took, if only this service was part of it */
function rollingParts(
  { times = {}, bake = 0 }: Release['services'][number],
  total: number | undefined,
): readonly string[] {
  const { placed, started, healthy, drained, drains = false } = times;
  const last =
    bake > 0 ? 'stopping the old tasks and baking' : drains ? 'draining' : 'stopping the old tasks';
  const advice = bake === 0 && drains ? adviceOn(drained ?? 0, total) : '';
  return [
    ...(placed === undefined ? [] : [`${duration(placed)} until its tasks were placed`]),
    ...(started === undefined ? [] : [`${duration(started)} pull and start`]),
    ...(healthy === undefined ? [] : [`${duration(healthy)} until healthy`]),
    ...(drained === undefined ? [] : [`${duration(drained)} ${last}${advice}`]),
    ...(placed !== undefined && drained === undefined ? ['the rest overlaps or is not known'] : []),
  ];
}

function adviceOn(drained: number, total: number | undefined): string {
  if (drained < LONG_DRAINING) return '';
  const cause = 'the deregistration delay of its target group sets that';
  if (total === undefined) return ` (${cause})`;
  return ` (${cause}; ${duration(SHORT_DELAY)} would make it live after about ${duration(total - drained + SHORT_DELAY)})`;
}

function shiftParts({ shift }: Release['services'][number]): readonly string[] {
  const { orderedAt, scaledUpAt, endedAt, takes = 0 } = shift ?? {};
  if (orderedAt === undefined || scaledUpAt === undefined || endedAt === undefined) return [];
  return [
    `about ${duration(scaledUpAt - orderedAt)} until its tasks ran`,
    `${duration(endedAt - scaledUpAt)} of steps, bakes and hooks (configured: ${duration(takes)})`,
  ];
}
