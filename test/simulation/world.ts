import type { GetItemCommandInput, PutItemCommandInput, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { createClock } from '../../local/clock.ts';
import type { Json, JsonObject } from '../../local/contract.ts';
import { createQuotas } from '../../local/quotas/quotas.ts';
import type { Clients } from '../../shared/aws/clients.ts';
import type { App } from '../../shared/domain/app.ts';
import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';
import type { AppState } from '../../shared/domain/state.ts';
import type { Tell } from '../../shared/runtime.ts';
import { emptyMemory } from '../../shared/sweep.ts';
import { asSdkError, type Carry, serviceError } from './clients.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { type Fault, isFault, met, phaseOf } from './coverage.ts';
import { createDice } from './dice.ts';
import { behalf, type Mutation, runFunction } from './functions.ts';
import { emptyHistory, type History } from './history.ts';
import { asObject } from './objects.ts';
import { outageOf } from './outages.ts';
import { CLUSTER, FIRST_SIGHT, START } from './plan.ts';
import type { Plan } from './script.ts';
import { stateIn, truthOf } from './seen.ts';
import { createShiftRecords } from './shiftRecords.ts';
import { createTable, type Table } from './table.ts';
import { schemaAt } from './upgrades.ts';

/** How Lambda is set up by the stack. */
const TIMEOUT = 60_000;
/** The wrapper of the handlers keeps this back. */
const MARGIN = 1_000;
const RETRIES = 2;
/** Longest that a call takes in good weather, milliseconds. */
const USUAL_LATENCY = 60;
const STALE = 4_000;
/** What changes nothing: only these may be answered from a moment ago. */
const MUTATING = [
  'RegisterTaskDefinition',
  'UpdateService',
  'RunTask',
  'StopTask',
  'PutItem',
  'StopServiceDeployment',
  'ContinueServiceDeployment',
];

export interface World {
  readonly cloud: Cloud;
  readonly table: Table;
  readonly history: History;
  readonly apps: readonly App[];
  /** Lets everything happen that is due until then, epoch milliseconds. */
  runUntil(time: number): Promise<void>;
  operate(request: OperatorRequest): void;
  /** The functions have this configuration from their next invocation on; ECS and the rules stay as they are. */
  reconfigure(change: (app: App) => App): void;
  /** The table as it was then, or as near to it as is known. */
  restoreTable(time: number): void;
  /** Does something whose events are lost. */
  unheard<Result>(work: () => Result): Result;
  /** From now on the weather is what the plan says of afterwards. */
  calm(): void;
  /** Records that something happened in the app's present state. */
  meet(what: Fault, app: string): void;
  /** Whether functions are at work. */
  busy(): boolean;
}

interface Invocation {
  readonly id: string;
  readonly name: string;
  readonly skew: number;
  /** By the simulation's clock. */
  readonly endsAt: number;
  alive: boolean;
  readonly ended: (how: 'done' | 'failed', answer?: unknown) => void;
}

/** Everything of one run: cloud, table, functions, and what goes wrong with them. */
export function createWorld(plan: Plan, mutate: Mutation = {}, clients?: Clients): World {
  const dice = createDice(plan.seed ^ 0x2545f491);
  const history = emptyHistory();
  const table = createTable();
  let weather = plan.weather;
  let unheard = false;
  // Installing the stack invokes functions already.
  let shifts: ReturnType<typeof createShiftRecords> | undefined;
  let invocations = 0;
  const running = new Set<Invocation>();
  let sweepMemory = emptyMemory();
  const states = new Map<string, AppState>();
  let configuration = plan.configuration;
  const backups: { readonly at: number; readonly snapshot: ReturnType<Table['snapshot']> }[] = [];
  const performers = new Map<string, readonly Invocation[]>();
  const recent = new Map<string, { readonly at: number; readonly answer: JsonObject }>();

  const clock = createClock(START);
  const now = () => clock.now();
  const cloud = createCloud({
    clock,
    seed: plan.seed,
    configuration: plan.configuration,
    strategies: plan.strategies,
    deliver: (name, payload) => invokeLater(name, payload, 0),
    hear: (event) => history.emitted.push({ at: now(), ...event }),
    interfere: (event) => {
      const drop = event.source === 'aws.ecr' ? weather.dropPush : weather.dropEcs;
      if (unheard || dice.chance(drop)) {
        history.lost.push({ at: now(), ...event });
        return { copies: 0, delay: 0 };
      }
      const delay = dice.chance(weather.delay) ? dice.between(1, 240) * 1000 : 0;
      return { copies: dice.chance(weather.duplicate) ? 2 : 1, delay };
    },
  });
  shifts = createShiftRecords(plan, cloud, history);
  const { rateShare: share } = plan;
  const quotas = createQuotas({
    now,
    enforced: share === undefined ? 'none' : 'aws',
    ...(share && { share }),
  });
  const backUp = () => {
    backups.push({ at: now(), snapshot: table.snapshot() });
    clock.after(60_000, backUp, { periodic: true });
  };
  backUp();

  // ── Lambda ──

  /** Asynchronous invocation: tried again a minute later, and two minutes after that. */
  function invokeLater(name: string, payload: string, attempt: number): void {
    clock.after(dice.between(20, 400), () => {
      invoke(name, payload, (how) => {
        if (how === 'done' || name === 'sweep' || attempt === RETRIES) return;
        clock.after((attempt + 1) * 60_000, () => invokeLater(name, payload, attempt + 1));
      });
    });
  }

  function invoke(
    name: string,
    payload: string,
    then: (how: 'done' | 'failed', answer?: unknown) => void,
  ): string {
    invocations += 1;
    const invocation: Invocation = {
      id: `${name}/${invocations}`,
      name,
      skew: weather.skew === 0 ? 0 : Math.floor((dice.random() * 2 - 1) * weather.skew),
      endsAt: now() + TIMEOUT,
      alive: true,
      ended(how, answer) {
        if (!invocation.alive) return;
        invocation.alive = false;
        running.delete(invocation);
        // The next one gets a new instance.
        if (how === 'failed' && name === 'sweep') sweepMemory = emptyMemory();
        then(how, answer);
      },
    };
    running.add(invocation);
    clock.at(invocation.endsAt, () => {
      if (!invocation.alive) return;
      meet('timed out');
      invocation.ended('failed');
    });
    const local = () => now() + invocation.skew;
    const startedAt = local();
    runFunction(name, payload, {
      configuration,
      carry: carryFor(invocation),
      tell: tellFor(invocation),
      download: (address) => cloud.blob(...splitAddress(address)),
      now: local,
      deadline: () => startedAt + TIMEOUT - MARGIN,
      sleep: (span) => rest(invocation, span),
      freshId: dice.uuid,
      invocation: invocation.id,
      log: (message, facts) => {
        if (message === 'performed') meet('answered', String(facts.app));
        if (message === 'decided') meet(String(facts.event), String(facts.app));
        history.lines.push({ at: now(), text: `${invocation.id}: ${message} ${JSON.stringify(facts)}` });
      },
      onPerform: (app) => perform(app, invocation),
      sweepMemory,
      ...(clients && { clients }),
      mutate,
      readsLoadBalancers: plan.strategies?.readsLoadBalancers === true,
      schema: schemaAt(plan.replacements ?? [], name, now() - FIRST_SIGHT),
    }).then(
      (answer) => invocation.ended('done', answer),
      (error) => {
        if (!invocation.alive) return;
        history.lines.push({ at: now(), text: `${invocation.id} failed: ${describe(error)}` });
        invocation.ended('failed');
      },
    );
    return invocation.id;
  }

  function perform(app: string, invocation: Invocation): () => void {
    const others = (performers.get(app) ?? []).filter((other) => other.alive && other !== invocation);
    for (const other of new Set(others))
      history.overlaps.push(`${invocation.id} and ${other.id} performed effects of ${app} at the same time`);
    // An invocation may perform several effects at the same time.
    const all = [...others, ...(performers.get(app) ?? []).filter((one) => one === invocation), invocation];
    performers.set(app, all);
    return () => performers.set(app, without(performers.get(app) ?? [], invocation));
  }

  /** Notes in which situation something came. */
  function meet(
    what: Fault | (string & {}),
    app = behalf.getStore()?.app ?? plan.configuration.apps[0]?.name ?? '',
  ): void {
    history.coverage.add(met(phaseOf(states.get(app)), what));
    if (!isFault(what)) return;
    const services = configuration.apps.find(({ name }) => name === app)?.services ?? [];
    shifts?.met(
      services.map(({ name }) => name),
      what,
    );
  }

  /** A dead function never hears of it. */
  function rest(invocation: Invocation, span: number): Promise<void> {
    return new Promise((resolve) => {
      clock.after(span, () => {
        if (invocation.alive) resolve();
      });
    });
  }

  function die(invocation: Invocation, where: string): Promise<never> {
    history.lines.push({ at: now(), text: `${invocation.id} dies ${where}` });
    invocation.ended('failed');
    return new Promise(() => {});
  }

  // ── Calls ──

  function carryFor(invocation: Invocation): Carry {
    return async (service, operation, input) => {
      const name = `${service}:${operation}`;
      history.calls.set(name, (history.calls.get(name) ?? 0) + 1);
      await rest(invocation, 1 + dice.between(0, USUAL_LATENCY));
      if (dice.chance(weather.crash)) {
        meet('died before a call');
        return die(invocation, `before ${name}`);
      }
      if (dice.chance(weather.hang)) await rest(invocation, TIMEOUT);
      if (now() >= invocation.endsAt - MARGIN) throw serviceError('AbortError', 'Request aborted', 0);
      refuseInOutage(service, operation);
      refuseByRate(service, operation);
      if (dice.chance(weather.refused)) {
        meet('was refused');
        const throttled = dice.chance(0.6);
        throw throttled
          ? serviceError('ThrottlingException', 'Rate exceeded', 400)
          : serviceError('ServerException', 'Service Unavailable', 503);
      }
      const answer = apply(service, operation, input, invocation);
      const slow = dice.chance(weather.slow);
      if (slow || dice.chance(weather.lost)) {
        meet(slow ? 'waited too long' : 'lost an answer');
        if (slow) await rest(invocation, 5_000);
        history.lines.push({ at: now(), text: `${invocation.id}: the answer of ${name} is lost` });
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      }
      await rest(invocation, dice.between(0, USUAL_LATENCY));
      if (dice.chance(weather.crash)) {
        meet('died after a call');
        return die(invocation, `after ${name}`);
      }
      if (answer instanceof Error) throw answer;
      return answer;
    };
  }

  function refuseInOutage(service: string, operation: string): void {
    const outage = outageOf(plan.outages, service, operation, now() - FIRST_SIGHT);
    if (!outage) return;
    meet(outage.what === 'table' ? 'had no table' : 'was denied');
    if (outage.what === 'table')
      throw serviceError('InternalServerError', 'The service is unavailable.', 500);
    const by = behalf.getStore();
    if (by) history.denials.push({ at: now(), by });
    const message = `User: arn:aws:sts::123456789012:assumed-role/fairway is not authorized to perform: ${outage.what}`;
    throw serviceError('AccessDeniedException', message, 400);
  }

  function refuseByRate(service: string, operation: string): void {
    try {
      quotas.check(service, operation, 'us-east-1');
    } catch (error) {
      meet('was refused');
      throw asSdkError(error);
    }
  }

  /** What AWS does; an error is answered like anything else. */
  function apply(service: string, operation: string, input: object, { id }: Invocation): object {
    try {
      if (service === 'dynamodb') return onTable(operation, input, id);
      if (service !== 'ecs' && service !== 'ecr' && service !== 'elasticloadbalancing')
        throw new Error(`${service} is not simulated`);
      const parameters: JsonObject = JSON.parse(JSON.stringify(input));
      // A token that has started a task is answered with that task.
      if (operation === 'RunTask' && !hasStarted(parameters.clientToken) && dice.chance(weather.noCapacity)) {
        meet('found no capacity');
        return {
          tasks: [],
          failures: [
            {
              reason:
                'Capacity is unavailable at this time. Please try again later or in a different availability zone',
            },
          ],
        };
      }
      const key = weather.stale > 0 || recent.size > 0 ? `${operation} ${JSON.stringify(parameters)}` : '';
      const earlier = recent.get(key);
      if (earlier && now() - earlier.at < STALE && dice.chance(weather.stale)) {
        meet('saw what was before');
        return earlier.answer;
      }
      const primary = operation === 'UpdateService' ? primaryOf(String(parameters.service)) : undefined;
      const shift = shifts?.before(operation, String(parameters.service));
      if (operation === 'DescribeRules') noteWeights(parameters);
      const output = cloud.call(service, operation, parameters);
      if (MUTATING.includes(operation)) {
        const by = behalf.getStore();
        history.changes.push({
          at: now(),
          ...(by && { by }),
          operation,
          input: parameters,
          output,
          ...(primary === undefined ? {} : { primary }),
          ...shift,
        });
      } else if (weather.stale > 0) recent.set(key, { at: now(), answer: output });
      return output;
    } catch (error) {
      const thrown = asSdkError(error);
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  function noteWeights({ RuleArns }: JsonObject): void {
    const release = states.get(behalf.getStore()?.app ?? '')?.release?.id;
    for (const rule of Array.isArray(RuleArns) ? RuleArns : []) shifts?.weightsRead(rule, release);
  }

  function hasStarted(clientToken: Json | undefined): boolean {
    return history.changes.some(
      (change) => change.operation === 'RunTask' && change.input.clientToken === clientToken,
    );
  }

  function primaryOf(service: string): string | undefined {
    const { services } = cloud.call('ecs', 'DescribeServices', { cluster: CLUSTER, services: [service] });
    const [found] = Array.isArray(services) ? services : [];
    const { deployments } = Object(found);
    const primary = (Array.isArray(deployments) ? deployments : []).find(
      ({ status }) => status === 'PRIMARY',
    );
    return primary?.id;
  }

  function onTable(operation: string, input: object, by: string): object {
    switch (operation) {
      case 'GetItem':
        return table.get(input as GetItemCommandInput);
      case 'PutItem':
        return put(input as PutItemCommandInput, by);
      case 'Query':
        return table.query(input as QueryCommandInput);
      default:
        throw new Error(`the table does not know ${operation}`);
    }
  }

  function put(input: PutItemCommandInput, by: string): object {
    const answer = table.put(input);
    if (input.Item?.sk?.S === 'state') {
      const state = stateIn(input.Item);
      states.set(state.app, state);
      history.saves.push({ at: now(), by, state });
      noteEnds(state);
      shifts?.saved(state);
    }
    if (input.Item?.sk?.S === 'listings') noteListings(input.Item.listings?.S ?? '{}');
    return answer;
  }

  function noteListings(json: string): void {
    for (const [app, listing] of Object.entries(asObject(JSON.parse(json)))) {
      const { listedAt } = asObject(listing);
      if (typeof listedAt === 'number') history.listings.push({ at: now(), app, listedAt });
    }
  }

  function noteEnds(state: AppState): void {
    const app = configuration.apps.find(({ name }) => name === state.app);
    for (const { id } of state.ended) {
      if (!app || history.ends.has(id)) continue;
      history.ends.set(id, { at: now(), truth: truthOf(cloud, app) });
    }
  }

  // ── People ──

  function tellFor(invocation: Invocation): Tell {
    return async (channel, announcement, memory) => {
      await rest(invocation, dice.between(20, 400));
      if (dice.chance(weather.crash)) return die(invocation, 'before announcing');
      if (dice.chance(weather.mute)) {
        meet('could not announce', announcement.app);
        return { kind: 'retry', wait: 5_000, why: 'Slack is down' };
      }
      history.told.push({ at: now(), channel, announcement });
      if (dice.chance(weather.crash)) return die(invocation, 'after announcing');
      return { kind: 'announced', memory: memory ?? `message-${history.told.length}` };
    };
  }

  return {
    cloud,
    table,
    history,
    get apps() {
      return configuration.apps;
    },
    async runUntil(time) {
      while (clock.runNext(time)) {
        if (running.size > 0) await othersWait();
      }
      clock.setNow(time);
    },
    operate(request) {
      const askedAt = now();
      const by = invoke('operate', JSON.stringify(request), (_, answer) => {
        const known = answer === undefined ? {} : { answer: answer as OperatorAnswer };
        history.operators.push({ by, askedAt, at: now(), request, ...known });
      });
    },
    reconfigure(change) {
      configuration = { ...configuration, apps: configuration.apps.map(change) };
    },
    unheard(work) {
      unheard = true;
      try {
        return work();
      } finally {
        unheard = false;
      }
    },
    restoreTable(time) {
      const backup = backups.findLast(({ at }) => at <= time) ?? backups[0];
      if (backup) table.restore(backup.snapshot);
      states.clear();
    },
    calm() {
      weather = plan.afterwards;
    },
    busy: () => running.size > 0,
    meet,
  };
}

/** Functions that were waiting continue, to their next wait. */
function othersWait(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

/** The list with one of this item less. */
function without<Item>(items: readonly Item[], item: Item): readonly Item[] {
  const index = items.indexOf(item);
  return index < 0 ? items : items.toSpliced(index, 1);
}

function splitAddress(address: string): [string, string] {
  const [repository = '', digest = ''] = address.split('|');
  return [repository, digest];
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
