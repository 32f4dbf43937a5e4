import { defined } from '../../shared/domain/defined.ts';
import { parseSchedule } from '../../shared/domain/schedules/schedule.ts';
import { AwsError, type Cancel, type Clock, type JsonObject, type ServiceApi } from '../contract.ts';
import { number, object, present, text, texts } from '../ecs/read.ts';
import { repeat } from '../schedules/taskTargets.ts';
import type { Activities } from './activities.ts';
import { about, constraint, DIMENSION, invalid, page, required, resourceOf, whole } from './members.ts';
import type { AutoscalingOptions, ScheduledAction, Store } from './model.ts';
import { targetOf } from './targets.ts';
import { complying } from './tracking.ts';

/** Scheduled actions: at a time they change the bounds of a target, and with them the count that is outside. */

/** Source: Application Auto Scaling User Guide, "Quotas". */
const MOST_ACTIONS = 200;

/** Operations on scheduled actions. Source: Application Auto Scaling API reference. */
export function scheduledOperations(
  options: AutoscalingOptions,
  store: Store,
  activities: Activities,
): { readonly operations: ServiceApi['operations']; readonly arm: () => void; readonly disarm: () => void } {
  const timers = new Map<string, Cancel>();

  function arm(): void {
    disarm();
    for (const action of store.scheduled)
      timers.set(
        action.arn,
        timerOf(action, options.clock, () => carryOut(action, options, store, activities)),
      );
  }

  function disarm(): void {
    for (const cancel of timers.values()) cancel();
    timers.clear();
  }

  return {
    arm,
    disarm,
    operations: operationsOn(options, store, arm),
  };
}

function operationsOn(
  options: AutoscalingOptions,
  store: Store,
  onChange: () => void,
): ServiceApi['operations'] {
  return {
    PutScheduledAction(input) {
      const name = required(input, 'ScheduledActionName');
      const { resourceId } = targetOf(store, input);
      const mine = store.scheduled.filter((other) => other.resourceId === resourceId);
      const known = mine.find((other) => other.name === name);
      const action = make(options, input, name, resourceId, known);
      scheduleOf(action);
      if (!known && mine.length >= MOST_ACTIONS)
        throw new AwsError(
          'LimitExceededException',
          `A scalable target has at most ${MOST_ACTIONS} scheduled actions: delete one of ${resourceId} first`,
        );
      store.scheduled.splice(known ? store.scheduled.indexOf(known) : store.scheduled.length, 1, action);
      onChange();
      return {};
    },

    DeleteScheduledAction(input) {
      const name = required(input, 'ScheduledActionName');
      const id = resourceOf(input);
      const place = store.scheduled.findIndex((other) => other.resourceId === id && other.name === name);
      if (place < 0)
        throw new AwsError(
          'ObjectNotFoundException',
          `No scheduled action found for service namespace: ecs, resource ID: ${id}, scheduled action name: ${name}`,
        );
      store.scheduled.splice(place, 1);
      onChange();
      return {};
    },

    DescribeScheduledActions(input) {
      const names = texts(input, 'ScheduledActionNames');
      const found = store.scheduled
        .filter(about(input, 'ResourceId'))
        .filter(({ name }) => names.length === 0 || names.includes(name));
      return page('ScheduledActions', found.map(actionView), input);
    },
  };
}

function timerOf(action: ScheduledAction, clock: Clock, run: () => void): Cancel {
  const due = scheduleOf(action);
  const within = (after: number) => {
    const next = due(Math.max(after, (action.from ?? 0) - 1));
    return next !== undefined && next <= (action.until ?? Number.POSITIVE_INFINITY) ? next : undefined;
  };
  return repeat(clock, within, clock.now(), run);
}

function carryOut(
  { resourceId, name, min, max }: ScheduledAction,
  { services }: AutoscalingOptions,
  { targets }: Store,
  activities: Activities,
): void {
  const target = targets.get(resourceId);
  if (target === undefined || target.suspended.ScheduledScalingSuspended === true) return;
  target.min = min ?? Math.min(target.min, max ?? target.min);
  target.max = max ?? Math.max(target.max, target.min);
  const seen = services.look(resourceId);
  const change = seen && complying(target, seen.desired);
  if (change)
    activities.begin(
      resourceId,
      change.count,
      `${change.bound} capacity was set to ${change.count}: scheduled action name ${name} was triggered`,
    );
}

/** Creates an action, or changes the given members of an existing one. */
function make(
  { clock, ids, account, region }: AutoscalingOptions,
  input: JsonObject,
  name: string,
  resourceId: string,
  known?: ScheduledAction,
): ScheduledAction {
  const bounds = boundsIn(input);
  const [schedule, timeZone] = [text(input, 'Schedule') ?? known?.schedule, text(input, 'Timezone')];
  if (schedule === undefined) throw constraint('Schedule', 'Member must not be null');
  const [from, until] = [timeIn(input, 'StartTime'), timeIn(input, 'EndTime')];
  return defined({
    arn:
      known?.arn ??
      `arn:aws:autoscaling:${region}:${account}:scheduledAction:${ids.uuid()}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
    name,
    resourceId,
    createdAt: known?.createdAt ?? clock.now(),
    schedule,
    timeZone: timeZone ?? known?.timeZone,
    from: from ?? known?.from,
    until: until ?? known?.until,
    ...(bounds ?? { min: known?.min, max: known?.max }),
  });
}

/** Undefined: the request does not change them. Throws ValidationException. */
function boundsIn(input: JsonObject): Pick<ScheduledAction, 'min' | 'max'> | undefined {
  const bounds = object(input, 'ScalableTargetAction');
  if (!bounds) return undefined;
  const [min, max] = [whole(bounds, 'MinCapacity', 0), whole(bounds, 'MaxCapacity', 0)];
  if (min === undefined && max === undefined)
    throw invalid('ScalableTargetAction must have a MinCapacity or a MaxCapacity');
  if (min !== undefined && max !== undefined && max < min)
    throw invalid('Maximum capacity cannot be less than minimum capacity');
  return defined({ min, max });
}

/** Throws ValidationException. */
function scheduleOf({ schedule, timeZone, from, createdAt }: ScheduledAction) {
  try {
    return parseSchedule(schedule, from ?? createdAt, timeZone);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

/** Requests give times in seconds. */
function timeIn(input: JsonObject, member: string): number | undefined {
  const at = number(input, member);
  return at === undefined ? undefined : at * 1000;
}

function actionView(action: ScheduledAction): JsonObject {
  return present({
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    ServiceNamespace: 'ecs',
    Schedule: action.schedule,
    Timezone: action.timeZone,
    ResourceId: action.resourceId,
    ScalableDimension: DIMENSION,
    StartTime: action.from === undefined ? undefined : action.from / 1000,
    EndTime: action.until === undefined ? undefined : action.until / 1000,
    ScalableTargetAction:
      action.min === undefined && action.max === undefined
        ? undefined
        : present({ MinCapacity: action.min, MaxCapacity: action.max }),
    CreationTime: action.createdAt / 1000,
  });
}
