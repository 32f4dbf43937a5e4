import { parseSchedule, type Schedule } from '../../shared/domain/schedules/schedule.ts';
import type { Cancel, Clock, Emit, EventDraft, Ids, JsonObject, ServiceApi } from '../contract.ts';
import { authorize } from '../iam/authorize.ts';
import type { Recorder } from '../iam/recorder.ts';
import { createRules, type Rules } from '../schedules/rules.ts';
import type { StackRule, StackSchedule } from '../stack/stack.ts';
import { eventsApi } from './api.ts';
import { createDeliverer, type DeadLetter } from './delivery.ts';
import { compileEarly } from './early.ts';
import { inputFor, scheduledEvent, schedulerInput } from './envelope.ts';
import { compilePattern } from './pattern.ts';

/** An event as targets get it. */
export interface EventEnvelope extends EventDraft {
  readonly version: '0';
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601, to the second. */
  readonly time: string;
}

export interface BusOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly rules: readonly StackRule[];
  readonly schedules?: readonly StackSchedule[];
  /** The rules that people make, which start tasks. */
  readonly people?: Rules;
  /** Puts an event into a function's asynchronous queue; `trigger` is the name of the rule or schedule. Throws if it cannot. */
  readonly deliver: (functionName: string, payload: string, trigger: string) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  /** Faults: how many times an event arrives (0: dropped), and how much later in milliseconds. */
  readonly interfere?: (
    event: EventEnvelope,
  ) => { readonly copies: number; readonly delay: number } | undefined;
  /** Records which statements of the schedules' roles are used. */
  readonly recorder?: Recorder;
}

export interface Bus {
  readonly emit: Emit;
  readonly api: ServiceApi;
  /** Takes an event that another account or region forwarded, with the account and region that it has. */
  receive(event: EventEnvelope): void;
  /** Drops events in transit and restarts the schedules, as if just deployed. */
  reset(): void;
}

/** From an event's time to its target: EventBridge's usual latency, in milliseconds. */
const LATENCY = { least: 200, spread: 300 };

/**
 * The default event bus: gives events their envelope, matches rules, delivers a little later through the clock, and
 * fires schedules (periodic entries of the clock). Throws for invalid patterns and schedule expressions, with the rule.
 */
export function createBus(options: BusOptions): Bus {
  const { clock, ids, rules, region, account } = options;
  const pending = new Set<Entry>();
  const send = createDeliverer({
    clock,
    ids,
    deliver: options.deliver,
    onDeadLetter: options.onDeadLetter,
    later: (milliseconds, run) => at(bus, clock.now() + milliseconds, run, false),
  });
  const people = options.people ?? createRules(options);
  const bus: BusState = { ...options, people, pending, send, matchable: rules.flatMap(matchableRule) };
  startSchedules(bus);
  return {
    emit: (draft, known) => {
      emit(bus, draft, known);
    },
    api: eventsApi({
      emit: (draft, name) => (name === 'default' ? emit(bus, draft) : emitElsewhere(bus, draft, name)),
      rules,
      people,
      region,
      account,
    }),
    receive(event) {
      const wait = LATENCY.least + ids.random() * LATENCY.spread;
      at(bus, clock.now() + wait, () => route(bus, event, true), false);
    },
    reset() {
      for (const entry of pending) entry.cancel?.();
      pending.clear();
      startSchedules(bus);
    },
  };
}

interface BusState extends BusOptions {
  readonly people: Rules;
  /** Entries in the clock. */
  readonly pending: Set<Entry>;
  readonly matchable: readonly MatchableRule[];
  readonly send: ReturnType<typeof createDeliverer>;
}

interface MatchableRule {
  readonly rule: StackRule;
  readonly matches: ReturnType<typeof compilePattern>;
  /** Decides by what is cheap to know, before the event is built. */
  readonly early: ReturnType<typeof compileEarly>;
}

function matchableRule(rule: StackRule): readonly MatchableRule[] {
  const { pattern } = rule;
  if (!pattern || rule.state === 'DISABLED') return [];
  const matches = named(rule.name, () => compilePattern(pattern));
  return [{ rule, matches, early: compileEarly(pattern) }];
}

function at(bus: BusState, time: number, run: () => void, periodic: boolean): void {
  const entry: Entry = {};
  bus.pending.add(entry);
  entry.cancel = bus.clock.at(
    time,
    () => {
      bus.pending.delete(entry);
      run();
    },
    { periodic },
  );
}

function emit(bus: BusState, draft: EventDraft, known: JsonObject = {}): string {
  const envelope = enveloped(bus, draft);
  const { copies, delay } = bus.interfere?.(envelope) ?? { copies: 1, delay: 0 };
  // Drawn for every event, so that events without a rule do not change the results of a seed.
  const waits = Array.from(
    { length: copies },
    () => delay + LATENCY.least + bus.ids.random() * LATENCY.spread,
  );
  const isWanted =
    bus.matchable.some(({ early }) => early(draft, known)) || bus.people.on('default').length > 0;
  if (!isWanted) return envelope.id;
  const event: EventEnvelope = { ...envelope };
  for (const wait of waits) at(bus, bus.clock.now() + wait, () => route(bus, event), false);
  return envelope.id;
}

/** Events of other buses go to rules of people only; one for a bus that does not exist is accepted and lost. */
function emitElsewhere(bus: BusState, draft: EventDraft, name: string): string {
  const event: EventEnvelope = { ...enveloped(bus, draft) };
  const wait = LATENCY.least + bus.ids.random() * LATENCY.spread;
  at(bus, bus.clock.now() + wait, () => bus.people.deliver(name, { ...event }), false);
  return event.id;
}

/** Members that are expensive are built only when they are read. */
function enveloped(bus: BusState, draft: EventDraft): EventEnvelope {
  const now = bus.clock.now();
  return {
    version: '0',
    id: bus.ids.uuid(),
    source: draft.source,
    'detail-type': draft['detail-type'],
    resources: draft.resources,
    get detail() {
      return draft.detail;
    },
    account: bus.account,
    get time() {
      return `${new Date(now).toISOString().slice(0, 19)}Z`;
    },
    region: bus.region,
  };
}

/** A forwarded event is not forwarded again. Source: EventBridge User Guide, "Sending and receiving events between AWS accounts". */
function route(bus: BusState, event: EventEnvelope, isForwarded = false): void {
  const fields: JsonObject = { ...event };
  for (const { rule, matches } of bus.matchable) if (matches(fields)) deliverRule(bus, rule, fields);
  bus.people.deliver('default', fields, isForwarded);
}

function deliverRule(bus: BusState, rule: StackRule, event: JsonObject): void {
  for (const target of rule.targets) {
    bus.send({
      name: rule.name,
      functionName: target.functionName,
      payload: inputFor(target, event),
      permitted: target.permitted,
      retryPolicy: target.retryPolicy,
      queueArn: () => (target.deadLetterPermitted ? target.deadLetterArn : undefined),
      body: JSON.stringify(event),
      attributes: {
        RULE_ARN: rule.arn,
        TARGET_ARN: `arn:aws:lambda:${bus.region}:${bus.account}:function:${target.functionName}`,
      },
    });
  }
}

/** Calls at some point within the schedule's flexible window; `due` is the scheduled time. */
function callSchedule(bus: BusState, schedule: StackSchedule, due: number): void {
  const facts = { id: bus.ids.uuid(), account: bus.account, region: bus.region, now: due };
  const { copies, delay } = bus.interfere?.(callOf(schedule, facts)) ?? { copies: 1, delay: 0 };
  const within = Math.floor(bus.ids.random() * schedule.window);
  for (let copy = 0; copy < copies; copy += 1) {
    if (delay + within === 0) deliverSchedule(bus, schedule, facts);
    else at(bus, bus.clock.now() + delay + within, () => deliverSchedule(bus, schedule, facts), true);
  }
}

/** Whether the schedule's role allows an action; EventBridge Scheduler uses the role for dead letters, too. */
function allows(bus: BusState, schedule: StackSchedule, action: string, resource: string): boolean {
  const decision = authorize(schedule.rolePolicies, [{ action, resource, context: {} }], schedule.roleName);
  if (decision.allowed) bus.recorder?.record(schedule.roleName, decision.statements);
  return schedule.trusted && decision.allowed;
}

function deliverSchedule(
  bus: BusState,
  schedule: StackSchedule,
  facts: Parameters<typeof schedulerInput>[1],
): void {
  const payload = schedulerInput(schedule, facts);
  const { deadLetterArn } = schedule;
  bus.send({
    name: schedule.name,
    functionName: schedule.functionName,
    payload,
    permitted: allows(bus, schedule, 'lambda:InvokeFunction', schedule.functionArn),
    retryPolicy: schedule.retryPolicy,
    queueArn: () =>
      deadLetterArn !== undefined && allows(bus, schedule, 'sqs:SendMessage', deadLetterArn)
        ? deadLetterArn
        : undefined,
    body: payload,
    attributes: { SCHEDULE_ARN: schedule.arn, TARGET_ARN: schedule.functionArn },
  });
}

function startSchedules(bus: BusState): void {
  const start = bus.clock.now();
  for (const rule of bus.rules) {
    const { schedule: expression } = rule;
    if (expression === undefined || rule.state === 'DISABLED') continue;
    // Without the latency of other events, since only periodic entries leave the clock idle.
    every(
      bus,
      named(rule.name, () => parseSchedule(expression, start)),
      start,
      () =>
        deliverRule(
          bus,
          rule,
          scheduledEvent(
            { id: bus.ids.uuid(), account: bus.account, region: bus.region, now: bus.clock.now() },
            rule.arn,
          ),
        ),
    );
  }
  for (const schedule of bus.schedules ?? []) {
    if (schedule.state === 'DISABLED') continue;
    // A rate calls first at its start, or at once (EventBridge Scheduler User Guide, "Schedule types").
    const origin = schedule.start ?? start;
    const times = named(schedule.name, () => parseSchedule(schedule.schedule, origin, schedule.timeZone));
    const after = Math.max(schedule.start === undefined ? start - 1 : start, origin - 1);
    every(bus, within(schedule, times), after, (due) => callSchedule(bus, schedule, due));
  }
}

function every(bus: BusState, schedule: Schedule, after: number, fire: (due: number) => void): void {
  const due = schedule(after);
  if (due === undefined) return;
  at(
    bus,
    due,
    () => {
      every(bus, schedule, due, fire);
      fire(due);
    },
    true,
  );
}

/** A schedule's call as an event, for faults; the call itself has no envelope. */
function callOf(
  { arn }: StackSchedule,
  { id, account, region, now }: { id: string; account: string; region: string; now: number },
): EventEnvelope {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const what = { source: 'aws.scheduler', 'detail-type': 'Schedule', resources: [arn], detail: {} };
  return { version: '0', id, ...what, account, time, region };
}

/** The schedule's times up to its end. */
function within({ end = Number.POSITIVE_INFINITY }: StackSchedule, times: Schedule): Schedule {
  return (after) => {
    const due = times(after);
    return due !== undefined && due <= end ? due : undefined;
  };
}

/** A clock entry; `cancel` is set once it is in the clock. */
interface Entry {
  cancel?: Cancel;
}

function named<T>(rule: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new Error(`rule ${rule}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
