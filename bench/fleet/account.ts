import type {
  AttributeValue,
  GetItemCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { createClock } from '../../local/clock.ts';
import type { EventDraft } from '../../local/contract.ts';
import { createQuotas } from '../../local/quotas/quotas.ts';
import type { Clients } from '../../shared/aws/clients.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { emptyMemory } from '../../shared/sweep.ts';
import { asSdkError, type Carry, serviceError } from '../../test/simulation/clients.ts';
import { type Cloud, createCloud } from '../../test/simulation/cloud.ts';
import type { Dice } from '../../test/simulation/dice.ts';
import { runFunction } from '../../test/simulation/functions.ts';
import { START } from '../../test/simulation/plan.ts';
import { createTable, type Table } from '../../test/simulation/table.ts';
import { CHANNEL, latencyOf, THROTTLED } from './latencies.ts';
import { emptyTally, type Tally, writeUnitsOf } from './tally.ts';

/** As the stack sets up its functions. */
const TIMEOUT = 60_000;
const MARGIN = 1_000;
const RETRIES = 2;

/** One account on the simulated clock: the local cloud's ECS and ECR, the table, and the functions with their real loop. */
export interface Account {
  readonly cloud: Cloud;
  readonly table: Table;
  /** What was counted since the last `startCounting`. */
  tally(): Tally;
  startCounting(): void;
  /** Lets everything happen that is due until then, epoch milliseconds. */
  runUntil(time: number): Promise<void>;
}

interface AccountOptions {
  readonly configuration: Configuration;
  readonly seed: number;
  readonly dice: Dice;
  readonly quotas: boolean;
  /** The whole SDK; absent: clients that leave out its wire. */
  readonly clients?: Clients | undefined;
}

export function createAccount({
  configuration,
  seed,
  dice,
  quotas: enforced,
  clients,
}: AccountOptions): Account {
  const table = createTable();
  let tally = emptyTally();
  let running = 0;
  let invocations = 0;
  const sweepMemory = emptyMemory();
  const clock = createClock(START);
  const now = () => clock.now();
  const cloud = createCloud({
    clock,
    seed,
    configuration,
    deliver: (name, payload) => invokeLater(name, payload, 0),
    hear: (_: EventDraft) => {},
    interfere: () => undefined,
  });
  const quotas = createQuotas({ now, enforced: enforced ? 'aws' : 'none' });

  /** Asynchronous: retried a minute later, and two minutes after that. */
  function invokeLater(name: string, payload: string, attempt: number): void {
    clock.after(dice.between(20, 400), () =>
      invoke(name, payload, () => {
        if (name === 'sweep' || attempt === RETRIES) return;
        clock.after((attempt + 1) * 60_000, () => invokeLater(name, payload, attempt + 1));
      }),
    );
  }

  function invoke(name: string, payload: string, onFailure: () => void): void {
    invocations += 1;
    running += 1;
    const startedAt = now();
    tally.invoked(name, startedAt);
    let alive = true;
    const end = (failed: boolean) => {
      if (!alive) return;
      alive = false;
      running -= 1;
      tally.functionSeconds += (now() - startedAt) / 1_000;
      if (!failed) return;
      tally.failedInvocations += 1;
      onFailure();
    };
    const rest = (span: number) =>
      new Promise<void>((resolve) => {
        clock.after(span, () => {
          if (alive) resolve();
        });
      });
    clock.at(startedAt + TIMEOUT, () => end(true));
    runFunction(name, payload, {
      configuration,
      carry: carryFor(name, rest, startedAt + TIMEOUT - MARGIN),
      tell: async (_channel, announcement, memory) => {
        await rest(CHANNEL);
        tally.announced(announcement);
        return { kind: 'announced', memory: memory ?? 'message' };
      },
      download: (address) => {
        const [repository = '', digest = ''] = address.split('|');
        return cloud.blob(repository, digest);
      },
      now,
      deadline: () => startedAt + TIMEOUT - MARGIN,
      sleep: rest,
      freshId: dice.uuid,
      invocation: `${name}/${invocations}`,
      log: (message) => tally.logged(message),
      onPerform: () => () => {},
      sweepMemory,
      mutate: {},
      ...(clients && { clients }),
    }).then(
      () => end(false),
      () => end(true),
    );
  }

  function carryFor(by: string, rest: (span: number) => Promise<void>, until: number): Carry {
    return async (service, operation, input) => {
      tally.called(by, service, operation);
      if (now() >= until) throw serviceError('AbortError', 'Request aborted', 0);
      try {
        quotas.check(service, operation, 'us-east-1');
      } catch (error) {
        tally.throttled(operation);
        await rest(THROTTLED);
        throw asSdkError(error);
      }
      await rest(latencyOf(operation) / 2);
      const answer = answerTo(service, operation, input);
      await rest(latencyOf(operation) / 2);
      if (answer instanceof Error) throw answer;
      tally.succeeded(operation, now());
      return answer;
    };
  }

  /** What AWS answers; an error as well. */
  function answerTo(service: string, operation: string, input: object): object {
    try {
      if (service === 'dynamodb') return onTable(operation, input);
      return cloud.call(service === 'ecs' ? 'ecs' : 'ecr', operation, JSON.parse(JSON.stringify(input)));
    } catch (error) {
      const thrown = asSdkError(error);
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  function onTable(operation: string, input: object): object {
    if (operation === 'GetItem') return table.get(input as GetItemCommandInput);
    if (operation === 'Query') return table.query(input as QueryCommandInput);
    const put = input as PutItemCommandInput;
    const item: Record<string, AttributeValue> = put.Item ?? {};
    tally.wrote(writeUnitsOf(item));
    return table.put(put);
  }

  return {
    cloud,
    table,
    tally: () => tally,
    startCounting() {
      tally = emptyTally();
    },
    async runUntil(time) {
      while (clock.runNext(time)) {
        // Functions that were waiting continue here, to their next wait.
        if (running > 0) await new Promise(setImmediate);
      }
      clock.setNow(time);
    },
  };
}
