import type { Emit, EventDraft, JsonObject, ServiceApi } from '../contract.ts';
import { createRules } from '../schedules/rules.ts';
import type { StackRule } from '../stack/stack.ts';
import { eventsApi } from './api.ts';
import {
  at,
  type BusOptions,
  type BusState,
  deliverRule,
  type Entry,
  type EventEnvelope,
  type MatchableRule,
  named,
} from './busState.ts';
import { createDeliverer } from './delivery.ts';
import { compileEarly } from './early.ts';
import { compilePattern } from './pattern.ts';
import { startSchedules } from './schedules.ts';

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

function matchableRule(rule: StackRule): readonly MatchableRule[] {
  const { pattern } = rule;
  if (!pattern || rule.state === 'DISABLED') return [];
  const matches = named(rule.name, () => compilePattern(pattern));
  return [{ rule, matches, early: compileEarly(pattern) }];
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
