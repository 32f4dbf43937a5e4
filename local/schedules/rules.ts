import { parseSchedule } from '../../shared/domain/schedules/schedule.ts';
import { AwsError, type Cancel, type Clock, type JsonObject } from '../contract.ts';
import { number, objects, required, text, validationError } from '../ecs/read.ts';
import { compilePattern } from '../events/pattern.ts';
import { parseJson } from '../json.ts';
import type { Place } from '../place.ts';
import { isObject } from '../stack/json.ts';
import { busOfTarget, checkTarget, type RunTask, repeat, runTarget } from './taskTargets.ts';

/** EventBridge rules and buses that people make, whose targets are tasks of ECS, and buses of other accounts and regions. */

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly schedule?: string;
  readonly pattern?: string;
  readonly description?: string;
  state: string;
  readonly targets: Map<string, JsonObject>;
}

/** Sends an event to the default bus of another account or region. */
type Forward = (bus: Place, event: JsonObject) => void;

interface RulesOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
}

export type Rules = ReturnType<typeof createRules>;

export function createRules({ clock, account, region }: RulesOptions) {
  const base = `arn:aws:events:${region}:${account}`;
  const buses = new Set(['default']);
  const rules = new Map<string, Rule>();
  const timers = new Map<string, Cancel>();
  let run: RunTask = () => {};
  let forward: Forward = () => {};

  function fire({ name, targets }: Rule, event?: JsonObject): void {
    for (const target of targets.values()) {
      const bus = busOfTarget(target);
      if (bus === undefined) runTarget(run, target, `events-rule/${name}`.slice(0, 36));
      else if (event) forward(bus, event);
    }
  }

  /** Stores a rule, and starts or stops its schedule. */
  function put(rule: Rule): void {
    const key = keyOf(rule.bus, rule.name);
    rules.set(key, rule);
    timers.get(key)?.();
    timers.delete(key);
    if (rule.schedule === undefined || rule.state !== 'ENABLED') return;
    const now = clock.now();
    timers.set(
      key,
      repeat(clock, parseSchedule(rule.schedule, now), now, () => fire(rule)),
    );
  }

  return {
    /** What sends events to buses of other accounts and regions. */
    connectBuses(send: Forward) {
      forward = send;
    },
    /** What starts tasks, once there is an ECS. */
    connect(runTask: RunTask) {
      run = runTask;
    },
    isBus: (name: string) => buses.has(name),
    on: (bus: string) => [...rules.values()].filter((rule) => rule.bus === bus),
    find: (bus: string, name: string) => rules.get(keyOf(bus, name)),
    /** Starts the tasks of the rules of a bus that an event matches, and forwards the event to other buses. */
    deliver(bus: string, event: JsonObject, isForwarded = false) {
      for (const rule of rules.values())
        if (rule.bus === bus && rule.state === 'ENABLED' && matches(rule, event))
          fire(rule, isForwarded ? undefined : event);
    },
    operations: operationsOn(base, buses, rules, put),
    reset() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      rules.clear();
      buses.clear();
      buses.add('default');
    },
    keep: () => ({ buses, rules }),
    resume(kept: unknown) {
      const old: { readonly buses?: Set<string>; readonly rules?: Map<string, Rule> } = Object(kept);
      for (const bus of old.buses ?? []) buses.add(bus);
      for (const rule of old.rules?.values() ?? []) put(rule);
    },
  };
}

function operationsOn(
  base: string,
  buses: Set<string>,
  rules: ReadonlyMap<string, Rule>,
  put: (rule: Rule) => void,
) {
  function find(input: JsonObject, member: string): Rule {
    const [bus, name] = [busIn(input), required(input, member, validationError)];
    const rule = rules.get(keyOf(bus, name));
    if (rule) return rule;
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
  }

  function setState(input: JsonObject, state: string): JsonObject {
    const rule = find(input, 'Name');
    rule.state = state;
    put(rule);
    return {};
  }

  return {
    CreateEventBus(input: JsonObject) {
      const name = required(input, 'Name', validationError);
      if (buses.has(name))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      buses.add(name);
      return { EventBusArn: `${base}:event-bus/${name}` };
    },
    ListEventBuses: (input: JsonObject) =>
      page(
        'EventBuses',
        [...buses].toSorted().map((name) => ({ Name: name, Arn: `${base}:event-bus/${name}` })),
        input,
      ),
    PutRule(input: JsonObject) {
      const name = required(input, 'Name', validationError);
      const bus = existing(busIn(input), buses);
      const before = rules.get(keyOf(bus, name));
      const arn = `${base}:rule/${bus === 'default' ? '' : `${bus}/`}${name}`;
      put({
        ...checkedRule(input, bus),
        name,
        bus,
        arn,
        state: text(input, 'State') ?? 'ENABLED',
        targets: before?.targets ?? new Map(),
      });
      return { RuleArn: arn };
    },
    PutTargets(input: JsonObject) {
      const rule = find(input, 'Rule');
      for (const target of objects(input, 'Targets')) {
        checkTarget(target);
        rule.targets.set(required(target, 'Id', validationError), target);
      }
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    EnableRule: (input: JsonObject) => setState(input, 'ENABLED'),
    DisableRule: (input: JsonObject) => setState(input, 'DISABLED'),
  };
}

function keyOf(bus: string, name: string): string {
  return `${bus}/${name}`;
}

/** The bus of a request, which can name it by its ARN. */
export function busIn(input: JsonObject): string {
  return (text(input, 'EventBusName') ?? 'default').replace(/^arn:.*:event-bus\//, '');
}

function existing(bus: string, buses: ReadonlySet<string>): string {
  if (buses.has(bus)) return bus;
  throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
}

function checkedRule(input: JsonObject, bus: string): Pick<Rule, 'schedule' | 'pattern' | 'description'> {
  const [schedule, pattern, description] = ['ScheduleExpression', 'EventPattern', 'Description'].map(
    (member) => text(input, member),
  );
  if (schedule === undefined && pattern === undefined)
    throw new AwsError(
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  if (schedule !== undefined && bus !== 'default')
    throw new AwsError(
      'ValidationException',
      'ScheduleExpression is supported only on the default event bus.',
    );
  if (schedule !== undefined) checkSchedule(schedule);
  if (pattern !== undefined) checkPattern(pattern);
  return {
    ...(schedule === undefined ? {} : { schedule }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(description === undefined ? {} : { description }),
  };
}

function checkSchedule(expression: string): void {
  try {
    parseSchedule(expression, 0);
  } catch {
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  }
}

function checkPattern(pattern: string): void {
  try {
    compiled(pattern);
  } catch {
    throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid.');
  }
}

function compiled(pattern: string) {
  const value = parseJson(pattern);
  if (!isObject(value)) throw new Error('a pattern is an object');
  return compilePattern(value);
}

function matches({ pattern }: Rule, event: JsonObject): boolean {
  return pattern !== undefined && compiled(pattern)(event);
}

/** Largest page. Source: EventBridge API reference, `Limit`. */
const MOST = 100;

/** One page of a listing of EventBridge. */
export function page(member: string, items: readonly (JsonObject | string)[], input: JsonObject): JsonObject {
  const limit = number(input, 'Limit') ?? MOST;
  const start = Number(text(input, 'NextToken') ?? 0);
  const end = start + limit;
  return {
    [member]: items.slice(start, end),
    ...(end < items.length ? { NextToken: String(end) } : {}),
  };
}
