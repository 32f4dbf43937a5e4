import { parseSchedule, type Schedule } from '../../shared/domain/schedules/schedule.ts';
import { AwsError, type Cancel, type Clock, type JsonObject, type ServiceApi } from '../contract.ts';
import { number, object, required, text, validationError } from '../ecs/read.ts';
import type { StackSchedule } from '../stack/stack.ts';
import { checkTarget, type RunTask, repeat, runTarget } from './taskTargets.ts';

/** EventBridge Scheduler: schedules that people make for tasks of ECS, and reading those of the stack. */

interface SchedulerOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  readonly stack: readonly StackSchedule[];
}

/** A schedule as GetSchedule answers it. */
type View = JsonObject;

export function createScheduler({ clock, account, region, stack }: SchedulerOptions) {
  const base = `arn:aws:scheduler:${region}:${account}`;
  const own = new Map<string, View>();
  const timers = new Map<string, Cancel>();
  let run: RunTask = () => {};

  function put(view: View): void {
    const key = keyOf(view);
    own.set(key, view);
    timers.get(key)?.();
    timers.delete(key);
    if (view.State !== 'ENABLED') return;
    const target = object(view, 'Target') ?? {};
    const startedBy = `chronos-schedule/${text(view, 'Name')}`.slice(0, 36);
    timers.set(
      key,
      repeat(clock, timesOf(view, clock.now()), clock.now(), () => runTarget(run, target, startedBy)),
    );
  }

  function all(): readonly View[] {
    return [...stack.map((schedule) => stackView(schedule, account)), ...own.values()];
  }

  const api: ServiceApi = { service: 'scheduler', operations: operationsOn(base, clock, own, all, put) };
  return {
    api,
    /** What starts tasks, once there is an ECS. */
    connect(runTask: RunTask) {
      run = runTask;
    },
    reset() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      own.clear();
    },
    keep: () => own,
    resume(kept: unknown) {
      if (kept instanceof Map) for (const view of kept.values()) put(view);
    },
  };
}

function operationsOn(
  base: string,
  clock: Clock,
  own: ReadonlyMap<string, View>,
  all: () => readonly View[],
  put: (view: View) => void,
): ServiceApi['operations'] {
  function found(input: JsonObject): View {
    const key = keyOf(input);
    const view = all().find((each) => keyOf(each) === key);
    if (view) return view;
    throw new AwsError('ResourceNotFoundException', `Schedule ${text(input, 'Name')} does not exist.`, 404);
  }

  return {
    CreateSchedule(input) {
      if (own.has(keyOf(input)))
        throw new AwsError('ConflictException', `Schedule ${text(input, 'Name')} already exists.`, 409);
      const view = checkedView(input, base, clock.now());
      put(view);
      return { ScheduleArn: view.Arn };
    },
    UpdateSchedule(input) {
      const before = found(input);
      put({ ...checkedView(input, base, clock.now()), CreationDate: before.CreationDate });
      return { ScheduleArn: before.Arn };
    },
    GetSchedule: (input) => found(input),
    ListSchedules(input) {
      const group = text(input, 'GroupName');
      const prefix = text(input, 'NamePrefix') ?? '';
      const items = all()
        .filter((view) => group === undefined || view.GroupName === group)
        .filter((view) => (text(view, 'Name') ?? '').startsWith(prefix));
      const limit = number(input, 'MaxResults') ?? MOST;
      const start = Number(text(input, 'NextToken') ?? 0);
      const end = start + limit;
      return {
        Schedules: items.slice(start, end).map(summaryOf),
        ...(end < items.length ? { NextToken: String(end) } : {}),
      };
    },
  };
}

/** Largest page. Source: EventBridge Scheduler API reference, ListSchedules. */
const MOST = 100;

function keyOf(schedule: JsonObject): string {
  return `${text(schedule, 'GroupName') ?? 'default'}/${text(schedule, 'Name') ?? ''}`;
}

function checkedView(input: JsonObject, base: string, now: number): View {
  const name = required(input, 'Name', validationError);
  const expression = required(input, 'ScheduleExpression', validationError);
  const target = object(input, 'Target') ?? {};
  checkTarget(target);
  try {
    parseSchedule(expression, 0, text(input, 'ScheduleExpressionTimezone'));
  } catch {
    throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
  }
  const group = text(input, 'GroupName') ?? 'default';
  const { ClientToken: _, ...members } = input;
  return {
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    ActionAfterCompletion: 'NONE',
    ...members,
    Name: name,
    GroupName: group,
    Arn: `${base}:schedule/${group}/${name}`,
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 }, ...target },
    CreationDate: now / 1000,
    LastModificationDate: now / 1000,
  };
}

/** When it is due: within its start and end, epoch seconds. */
function timesOf(view: View, now: number): Schedule {
  const [start, end] = [number(view, 'StartDate'), number(view, 'EndDate')];
  const first = start === undefined ? now : Math.max(now, start * 1000);
  const expression = text(view, 'ScheduleExpression') ?? '';
  const times = parseSchedule(expression, first, text(view, 'ScheduleExpressionTimezone'));
  return (after) => {
    const due = times(Math.max(after, first - 1));
    return due === undefined || (end !== undefined && due > end * 1000) ? undefined : due;
  };
}

function stackView(schedule: StackSchedule, account: string): View {
  const { name, arn, timeZone, state, functionArn, input } = schedule;
  return {
    Name: name,
    GroupName: arn.split('/').at(-2) ?? 'default',
    Arn: arn,
    ScheduleExpression: schedule.schedule,
    ScheduleExpressionTimezone: timeZone,
    State: state,
    FlexibleTimeWindow: { Mode: schedule.window > 0 ? 'FLEXIBLE' : 'OFF' },
    Target: {
      Arn: functionArn,
      RoleArn: `arn:aws:iam::${account}:role/${schedule.roleName}`,
      ...(input === undefined ? {} : { Input: input }),
    },
  };
}

function summaryOf(view: View): JsonObject {
  const { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target } = view;
  const target = object({ Target }, 'Target') ?? {};
  return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target: { Arn: target.Arn } };
}
