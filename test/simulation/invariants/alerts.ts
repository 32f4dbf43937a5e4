import type { Alert } from '../../../shared/domain/alert.ts';
import { quietAt } from '../../../shared/domain/alerts/book.ts';
import type { AlertAnnouncement } from '../../../shared/domain/announcement.ts';
import type { AppState } from '../../../shared/domain/state.ts';
import { asObject } from '../objects.ts';
import { isSteady } from '../people.ts';
import { type Played, statesOf } from '../play.ts';

/** What ECS answers may be rounded. */
const SECOND = 1_000;
/** A service that does not recover is checked every five minutes, and the sweep comes by once a minute. */
const NEXT_LOOK = 15 * 60_000;

/** Alerts: one for each trouble of a service, and few enough for the item to stay small. */
export function alertsAreFew({ world }: Played): string[] {
  const faults = world.history.saves.flatMap(({ state }) => {
    const { alerts = [], seen = [] } = state.alerts ?? {};
    const open = alerts.filter(({ end }) => !end).map(({ service, kind }) => `${service} ${kind}`);
    const double = open.find((name, index) => open.indexOf(name) !== index);
    return [
      ...(double === undefined ? [] : [`${state.app} has two open alerts: ${double}`]),
      ...(alerts.length > 20 ? [`${state.app} has ${alerts.length} alerts`] : []),
      ...(seen.length > 500 ? [`${state.app} remembers ${seen.length} tasks`] : []),
    ];
  });
  return [...new Set(faults)];
}

/** A failure is announced once, and again only when it has changed or is over. */
export function alertsEnd({ world }: Played): string[] {
  const { told } = world.history;
  return told.flatMap(({ announcement, channel }, index) => {
    if (announcement.kind !== 'alert' || !announcement.end) return [];
    const { service, trouble, firstAt, app } = announcement;
    const later = told
      .slice(index + 1)
      .find(
        ({ announcement: other, channel: where }) =>
          other.kind === 'alert' &&
          where === channel &&
          other.app === app &&
          other.service === service &&
          other.trouble === trouble &&
          other.firstAt === firstAt &&
          !other.end,
      );
    return later ? [`${app}: ${service} ${trouble} is announced as open after its end`] : [];
  });
}

/** A service that has been steady for long enough has no open alert. */
export function alertsAreClosed(played: Played): string[] {
  const now = played.world.cloud.clock.now();
  return statesOf(played.world).flatMap((state) =>
    openOf(state)
      .filter(({ service }) => isSteady(played.world, service) && !state.release)
      .filter((alert) => now > Math.max(quietAt(alert), lastChange(played, alert.service)) + NEXT_LOOK)
      .map(({ id }) => `${state.app}: ${id} is still open, and its service is well`),
  );
}

/** Every channel that got an alert gets its end. */
export function alertsAreTold(played: Played): string[] {
  const { history } = played.world;
  return statesOf(played.world).flatMap((state) => {
    const pending = state.outbox.some(({ effect }) => effect.kind === 'announceAlert');
    if (pending) return [];
    const last = new Map<string, AlertAnnouncement>();
    for (const { announcement: news, channel } of history.told) {
      if (news.kind === 'alert' && news.app === state.app) last.set(`${channel} ${news.service}`, news);
    }
    const open = new Set(openOf(state).map(({ service }) => service));
    return [...last.values()]
      .filter(({ end, service }) => !end && !open.has(service))
      .map(({ service, trouble }) => `${state.app}: the end of ${trouble} of ${service} was not announced`);
  });
}

/** An alert counts tasks that stopped on their own, each once, and none that the release it is open beside started. */
export function alertsAreTrue({ world }: Played): string[] {
  const { saves, emitted } = world.history;
  const stopped = emitted.flatMap(({ detail, ...event }) =>
    event['detail-type'] === 'ECS Task State Change' ? stopOf(asObject(detail)) : [],
  );
  const faults = saves.flatMap(({ state }) =>
    openOf(state).flatMap((alert) => {
      const ours = deploymentsOf(state, alert.service);
      const tasks = new Set(
        stopped
          .filter(({ service, deployment }) => service === alert.service && !ours.includes(deployment))
          .filter(({ at }) => at >= alert.firstAt - SECOND && at <= alert.lastAt + SECOND)
          .map(({ task }) => task),
      );
      const counted = Object.values(alert.tasks).reduce((sum, count) => sum + count, 0);
      return counted <= tasks.size ? [] : [`${alert.id} counts ${counted} tasks, and ${tasks.size} stopped`];
    }),
  );
  return [...new Set(faults)];
}

function stopOf(task: Readonly<Record<string, unknown>>) {
  const { group, lastStatus, startedBy, taskArn, stoppedReason, stoppingAt, stoppedAt } = task;
  const isScaledIn = String(stoppedReason).startsWith('Scaling activity');
  if (lastStatus !== 'STOPPED' || isScaledIn || !String(group).startsWith('service:')) return [];
  return [
    {
      service: String(group).slice('service:'.length),
      deployment: String(startedBy),
      task: String(taskArn),
      at: Date.parse(String(stoppingAt ?? stoppedAt)),
    },
  ];
}

/** Deployments that the open release, or one that has rolled back, is responsible for. */
function deploymentsOf(state: AppState, service: string): readonly (string | undefined)[] {
  const open = state.release?.services ?? [];
  const back = state.ended.flatMap(({ services }) => services.filter((one) => one.state === 'rolledBack'));
  return [...open, ...back].filter((one) => one.service === service).map((one) => one.deploymentId);
}

function openOf(state: AppState): readonly Alert[] {
  return (state.alerts?.alerts ?? []).filter(({ end }) => !end);
}

/** When a task of the service last came or went, epoch milliseconds. */
function lastChange({ world }: Played, service: string): number {
  const times = world.history.emitted
    .filter(({ detail }) => asObject(detail).group === `service:${service}`)
    .map(({ at }) => at);
  return Math.max(0, ...times);
}
