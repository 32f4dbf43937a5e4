import { kindOf } from '../announce/channels.ts';
import type {
  App,
  AuditSettings,
  Channel,
  Configuration,
  ReleaseTask,
  Service,
  TagPolicy,
  Timeouts,
} from '../domain/app.ts';
import { memberOf } from '../domain/member.ts';
import { readRepository } from '../domain/registry.ts';
import { overridesOf, retriesOf, taskOf } from './compileTask.ts';
import { milliseconds } from './duration.ts';
import { placementOf, placesOf } from './placement.ts';
import type { ReleaseTaskSource } from './releaseTaskSchema.ts';
import type {
  AppSource,
  AuditSource,
  ChannelSource,
  DefaultsSource,
  ServiceSource,
  Source,
  TagsSource,
} from './schema.ts';

const DEFAULT_TIMEOUTS = { rollout: '30m', rollBack: '30m', capacity: '10m', task: '15m' };

/** A release task is repeated only where that is asked for. */
const NO_RETRIES = retriesOf({ times: 0 });

/** Fills in the defaults of a source without faults. */
export function compile(source: Source): Configuration {
  const channels = Object.fromEntries(
    Object.entries(source.channels ?? {}).map(([name, channel]) => [name, channelOf(channel)]),
  );
  return {
    environment: source.environment,
    ...(source.installation === undefined ? {} : { installation: source.installation }),
    ...(source.region === undefined ? {} : { region: source.region }),
    ...(source.account === undefined ? {} : { account: source.account }),
    ...(source.command === undefined ? {} : { command: source.command }),
    ...(source.stack === undefined ? {} : { stack: source.stack }),
    ...(source.diagnosis?.loadBalancers ? { diagnosis: { loadBalancers: true } } : {}),
    ...(source.audit === undefined ? {} : { audit: auditOf(source.audit) }),
    channels,
    apps: Object.entries(source.apps).map(([name, app]) => {
      const compiled = appOf(name, app, source.defaults ?? {});
      const endsOnly = compiled.channels.filter((channel) => isEndsOnly(memberOf(channels, channel)));
      return endsOnly.length > 0 ? { ...compiled, endsOnly } : compiled;
    }),
  };
}

function auditOf({ daily, accept = [] }: AuditSource): AuditSettings {
  return {
    ...(daily === undefined
      ? {}
      : {
          daily: {
            at: daily.at ?? '06:00',
            timeZone: daily.timeZone ?? 'UTC',
            severity: daily.severity ?? 'low',
          },
        }),
    accepted: accept.map(({ rule, app, resource, reason, until }) => ({
      rule,
      ...(app === undefined ? {} : { app }),
      ...(resource === undefined ? {} : { resource }),
      reason,
      until,
    })),
  };
}

function appOf(name: string, app: AppSource, defaults: DefaultsSource): App {
  const tags = app.image.tags ?? defaults.image?.tags;
  const cluster = app.cluster ?? defaults.cluster;
  // The checks report both before anything is compiled.
  if (tags === undefined || cluster === undefined)
    throw new Error(`failed to compile the app ${name}: unchecked source`);

  const timeouts = timeoutsOf(app, defaults);
  const task = (source: ReleaseTaskSource): ReleaseTask => releaseTaskOf(source, defaults, timeouts.task);
  return {
    name,
    cluster,
    image: {
      ...readRepository(app.image.repository),
      tags: tagPolicyOf(tags),
      ignore: app.image.ignore ?? defaults.image?.ignore ?? [],
    },
    before: (app.before ?? []).map(task),
    // Array.prototype.sort is stable: within a wave, services keep the order of the file.
    services: (app.services ?? [])
      .map((service) => serviceOf(service, defaults))
      .sort((a, b) => a.wave - b.wave),
    after: (app.after ?? []).map(task),
    tasks: (app.tasks ?? []).map((source) => taskOf(source, app, defaults)),
    timeouts: { rollout: timeouts.rollout, rollBack: timeouts.rollBack, capacity: timeouts.capacity },
    baseRevision: app.baseRevision ?? defaults.baseRevision ?? 'live',
    onFailure: (app.onFailure ?? defaults.onFailure) === 'leave' ? 'leave' : 'rollBack',
    ...((app.onResetWeights ?? defaults.onResetWeights) === 'refuse' && {
      refusesResetWeights: true as const,
    }),
    channels: app.channels ?? defaults.channels ?? [],
  };
}

function timeoutsOf(app: AppSource, defaults: DefaultsSource): Timeouts & { readonly task: number } {
  const own = withCurrentName(app.timeouts);
  const shared = withCurrentName(defaults.timeouts);
  const span = (name: keyof typeof DEFAULT_TIMEOUTS): number =>
    milliseconds(own[name] ?? shared[name] ?? DEFAULT_TIMEOUTS[name]);
  return {
    rollout: span('rollout'),
    rollBack: span('rollBack'),
    capacity: span('capacity'),
    task: span('task'),
  };
}

/** `putBack` is an earlier name of `rollBack`. */
function withCurrentName(timeouts: AppSource['timeouts'] = {}): NonNullable<AppSource['timeouts']> {
  return { ...timeouts, rollBack: timeouts.rollBack ?? timeouts.putBack };
}

function tagPolicyOf(tags: TagsSource): TagPolicy {
  if ('semver' in tags) return { kind: 'semver', range: tags.semver };
  if ('digest' in tags) return { kind: 'digest', tag: tags.digest };
  return { kind: 'newest', match: { glob: tags.newest } };
}

function serviceOf(service: ServiceSource, defaults: DefaultsSource): Service {
  return {
    name: service.name,
    wave: service.wave ?? 1,
    family: service.taskDefinition ?? service.name,
    containers: service.containers ?? [],
    ...placesOf(service, defaults),
  };
}

function releaseTaskOf(task: ReleaseTaskSource, defaults: DefaultsSource, timeout: number): ReleaseTask {
  return {
    name: task.name,
    family: task.taskDefinition ?? task.name,
    container: task.container,
    ...overridesOf(task),
    ...placementOf(task),
    ...placesOf(task, defaults),
    timeout: task.timeout === undefined ? timeout : milliseconds(task.timeout),
    retries: task.retries === undefined ? NO_RETRIES : retriesOf(task.retries),
    reversible: task.reversible ?? true,
  };
}

function isEndsOnly(channel: Channel | undefined): boolean {
  return channel !== undefined && kindOf(channel).endsOnly;
}

/** `{ slack: { channel, token } }` → `{ kind: 'slack', channel, token }`. */
function channelOf(channel: ChannelSource): Channel {
  const [[kind, options] = ['', {}]] = Object.entries(channel);
  return { ...Object(options), kind };
}
