import type { Cancel, Clock, EventDraft, Ids, JsonObject } from '../contract.ts';
import type { Recorder } from '../iam/recorder.ts';
import type { Rules } from '../schedules/rules.ts';
import type { StackRule, StackSchedule } from '../stack/stack.ts';
import type { createDeliverer, DeadLetter } from './delivery.ts';
import type { compileEarly } from './early.ts';
import { inputFor } from './envelope.ts';
import type { compilePattern } from './pattern.ts';

/** What a bus works with. */

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

export interface BusState extends BusOptions {
  readonly people: Rules;
  /** Entries in the clock. */
  readonly pending: Set<Entry>;
  readonly matchable: readonly MatchableRule[];
  readonly send: ReturnType<typeof createDeliverer>;
}

export interface MatchableRule {
  readonly rule: StackRule;
  readonly matches: ReturnType<typeof compilePattern>;
  /** Decides by what is cheap to know, before the event is built. */
  readonly early: ReturnType<typeof compileEarly>;
}

export function at(bus: BusState, time: number, run: () => void, periodic: boolean): void {
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

export function deliverRule(bus: BusState, rule: StackRule, event: JsonObject): void {
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

/** A clock entry; `cancel` is set once it is in the clock. */
export interface Entry {
  cancel?: Cancel;
}

export function named<T>(rule: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new Error(`rule ${rule}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
