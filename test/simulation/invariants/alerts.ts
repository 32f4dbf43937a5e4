import type { Played } from '../play.ts';

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

/** Whoever was told that something is wrong is told once, and again only when it has changed or is over. */
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
    return later ? [`${app}: ${service} ${trouble} is told as open after its end`] : [];
  });
}
