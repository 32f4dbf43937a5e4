import { fromItem } from '../../shared/aws/storedState.ts';
import { createDice } from '../../test/simulation/dice.ts';
import { withoutReality } from '../../test/simulation/play.ts';
import { wireClients } from '../../test/simulation/wire.ts';
import { type Account, createAccount } from './account.ts';
import { configurationOf, numbered, repositoryOf, type Scenario } from './scenarios.ts';
import type { Tally } from './tally.ts';

const MINUTE = 60_000;
const LONGEST = 90 * MINUTE;

export interface Measured {
  readonly name: string;
  /** From the first push to the last UpdateService. */
  readonly seconds: number;
  readonly bound: number;
  readonly ratio: number;
  /** Calls of RegisterTaskDefinition, throttled ones included. */
  readonly registers: number;
  /** Of the table, and what they are billed as. */
  readonly writes: number;
  readonly writeUnits: number;
  readonly falseAnnouncements: number;
  readonly lostPushes: number;
  readonly failedInvocations: number;
  readonly invocations: number;
  /** From the start of the first function to the last UpdateService. */
  readonly fromStartSeconds: number;
  /** From the first UpdateService to the last. */
  readonly spreadSeconds: number;
  /** From the first push until every app was live; absent: not all were. */
  readonly liveSeconds?: number;
  readonly functionSeconds: number;
  readonly calls: Readonly<Record<string, number>>;
  /** Those of functions other than the sweep. */
  readonly callsOfReleases: Readonly<Record<string, number>>;
  readonly throttled: Readonly<Record<string, number>>;
}

/** Plays a scenario: a pure function of it and the seed. */
export async function playScenario(
  scenario: Scenario,
  seed: number,
  depth: 'commands' | 'wire',
): Promise<Measured> {
  const clients = depth === 'wire' ? await wireClients() : undefined;
  return withoutReality(seed, async (later) => {
    const account = createAccount({
      configuration: configurationOf(scenario),
      seed,
      dice: createDice(seed ^ 0x2545f491),
      quotas: scenario.quotas,
      clients,
    });
    const { clock } = account.cloud;
    later.after = clock.after;
    // Fairway sees what runs for the first time.
    await account.runUntil(clock.now() + 20 * MINUTE);
    account.startCounting();
    const startedAt = clock.now();
    await pushAll(account, scenario, startedAt);
    while (!isLive(account, scenario) && clock.now() < startedAt + LONGEST)
      await account.runUntil(clock.now() + 1_000);
    return measured(
      scenario,
      account.tally(),
      startedAt,
      isLive(account, scenario) ? clock.now() : undefined,
    );
  });
}

async function pushAll(
  account: Account,
  { apps, shared, spread }: Scenario,
  startedAt: number,
): Promise<void> {
  const pushes = shared ? 1 : apps;
  for (const push of numbered(pushes)) {
    await account.runUntil(startedAt + Math.floor((spread * push) / pushes));
    account.cloud.push({
      repository: repositoryOf(push, shared),
      tag: '1.1.0',
      content: `content ${push}`,
      platforms: ['linux/amd64'],
      fate: { service: 'good', task: 'good' },
    });
  }
}

function isLive({ table }: Account, { apps }: Scenario): boolean {
  const states = table.items().filter((item) => item.sk?.S === 'state');
  return (
    states.length === apps &&
    states.every((item) => {
      const { release, live } = fromItem(item.state?.S ?? '{}');
      return !release && live?.tag === '1.1.0';
    })
  );
}

function measured(
  { name, bound }: Scenario,
  tally: Tally,
  startedAt: number,
  liveAt: number | undefined,
): Measured {
  const updates = tally.times.get('UpdateService') ?? [];
  const [first = Number.NaN, last = Number.NaN] = [Math.min(...updates), Math.max(...updates)];
  const seconds = rounded((last - startedAt) / 1_000);
  return {
    name,
    seconds,
    bound,
    ratio: rounded(seconds / bound),
    registers: tally.calls.get('ecs:RegisterTaskDefinition') ?? 0,
    writes: tally.writes,
    writeUnits: tally.writeUnits,
    falseAnnouncements: tally.falseAnnouncements,
    lostPushes: tally.lostPushes,
    failedInvocations: tally.failedInvocations,
    invocations: tally.invocations,
    fromStartSeconds: rounded((last - (tally.startedAt ?? startedAt)) / 1_000),
    spreadSeconds: rounded((last - first) / 1_000),
    ...(liveAt !== undefined && { liveSeconds: rounded((liveAt - startedAt) / 1_000) }),
    functionSeconds: Math.round(tally.functionSeconds),
    calls: Object.fromEntries(tally.calls),
    callsOfReleases: Object.fromEntries(tally.callsOfReleases),
    throttled: Object.fromEntries(tally.throttles),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
