import type { Cancel, Clock, EventDraft, Ids, JsonObject, ServiceApi } from '../contract.ts';
import { authorize } from '../iam/authorize.ts';
import type { Recorder } from '../iam/recorder.ts';
import type { StackRule, StackSchedule } from '../stack/stack.ts';
import { eventsApi } from './api.ts';
import { createDeliverer, type DeadLetter } from './delivery.ts';
import { inputFor, scheduledEvent, schedulerInput } from './envelope.ts';
import { compilePattern } from './pattern.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

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
  /** Hands an event to a function's asynchronous queue; `trigger` names the rule or schedule. Throws when it cannot. */
  readonly deliver: (functionName: string, payload: string, trigger: string) => void;
  readonly onDeadLetter: (letter: DeadLetter) => void;
  /** Faults: how many times an event arrives (0: dropped), and how much later in milliseconds. */
  readonly interfere?: (
    event: EventEnvelope,
  ) => { readonly copies: number; readonly delay: number } | undefined;
  /** Hears which statements of the schedules' roles are used. */
  readonly recorder?: Recorder;
}

export interface Bus {
  emit(draft: EventDraft): void;
  readonly api: ServiceApi;
  /** Forgets what is under way and starts the schedules anew, as if just deployed. */
  reset(): void;
}

/** From an event's time to its target: EventBridge's usual latency, in milliseconds. */
const LATENCY = { least: 200, spread: 300 };

/**
 * The default event bus: gives events their envelope, matches rules, delivers a little later through the clock, and
 * fires schedules (periodic entries of the clock). Invalid patterns and schedule expressions throw, naming the rule.
 */
export function createBus(options: BusOptions): Bus {
  const { clock, ids, account, region } = options;
  const pending = new Set<Entry>();
  const matchable = options.rules.flatMap((rule) => {
    const { pattern } = rule;
    if (!pattern || rule.state === 'DISABLED') return [];
    return [{ rule, matches: named(rule.name, () => compilePattern(pattern)) }];
  });
  const send = createDeliverer({
    clock,
    ids,
    deliver: options.deliver,
    onDeadLetter: options.onDeadLetter,
    later: (milliseconds, run) => at(clock.now() + milliseconds, run, false),
  });
  startSchedules();
  return {
    emit: (draft) => {
      emit(draft);
    },
    api: eventsApi({ emit, rules: options.rules, region, account }),
    reset() {
      for (const entry of pending) entry.cancel?.();
      pending.clear();
      startSchedules();
    },
  };

  function at(time: number, run: () => void, periodic: boolean): void {
    const entry: Entry = {};
    pending.add(entry);
    entry.cancel = clock.at(
      time,
      () => {
        pending.delete(entry);
        run();
      },
      { periodic },
    );
  }

  function emit(draft: EventDraft): string {
    const id = ids.uuid();
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const event: EventEnvelope = { version: '0', id, ...draft, account, time, region };
    const { copies, delay } = options.interfere?.(event) ?? { copies: 1, delay: 0 };
    for (let copy = 0; copy < copies; copy += 1) {
      at(clock.now() + delay + LATENCY.least + ids.random() * LATENCY.spread, () => route(event), false);
    }
    return id;
  }

  function route(event: EventEnvelope): void {
    const fields: JsonObject = { ...event };
    for (const { rule, matches } of matchable) if (matches(fields)) deliverRule(rule, fields);
  }

  function deliverRule(rule: StackRule, event: JsonObject): void {
    for (const target of rule.targets) {
      send({
        name: rule.name,
        functionName: target.functionName,
        payload: inputFor(target, event),
        permitted: target.permitted,
        retryPolicy: target.retryPolicy,
        queueArn: target.deadLetterPermitted ? target.deadLetterArn : undefined,
        body: JSON.stringify(event),
        attributes: {
          RULE_ARN: rule.arn,
          TARGET_ARN: `arn:aws:lambda:${region}:${account}:function:${target.functionName}`,
        },
      });
    }
  }

  function deliverSchedule(schedule: StackSchedule): void {
    const request = { action: 'lambda:InvokeFunction', resource: schedule.functionArn, context: {} };
    const decision = authorize(schedule.rolePolicies, [request], schedule.roleName);
    if (decision.allowed) options.recorder?.record(schedule.roleName, decision.statements);
    const payload = schedulerInput(schedule, { id: ids.uuid(), account, region, now: clock.now() });
    send({
      name: schedule.name,
      functionName: schedule.functionName,
      payload,
      permitted: decision.allowed && schedule.trusted,
      retryPolicy: schedule.retryPolicy,
      queueArn: schedule.deadLetterArn,
      body: payload,
      attributes: { SCHEDULE_ARN: schedule.arn, TARGET_ARN: schedule.functionArn },
    });
  }

  function startSchedules(): void {
    const start = clock.now();
    for (const rule of options.rules) {
      const { schedule: expression } = rule;
      if (expression === undefined || rule.state === 'DISABLED') continue;
      // Without the latency of other events: what follows from a schedule alone must not look like work that is due.
      every(
        named(rule.name, () => parseSchedule(expression, start)),
        start,
        () =>
          deliverRule(rule, scheduledEvent({ id: ids.uuid(), account, region, now: clock.now() }, rule.arn)),
      );
    }
    for (const schedule of options.schedules ?? []) {
      if (schedule.state === 'DISABLED') continue;
      every(
        named(schedule.name, () => parseSchedule(schedule.schedule, start, schedule.timeZone)),
        start,
        () => deliverSchedule(schedule),
      );
    }
  }

  function every(schedule: Schedule, after: number, fire: () => void): void {
    const due = schedule(after);
    if (due === undefined) return;
    at(
      due,
      () => {
        every(schedule, due, fire);
        fire();
      },
      true,
    );
  }
}

/** A clock entry; `cancel` is known once the clock has taken it. */
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
