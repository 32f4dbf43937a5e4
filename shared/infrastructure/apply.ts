import type { Aws, Call, ReleaseOrder } from './kind.ts';
import type { Change, Plan } from './plan.ts';

/** Carries out a plan, in its order. Stops at the first failure: the next `apply` resumes there. */

/** A release of the live image of an app. */
export interface AppOrder {
  readonly app: string;
  /** Its revisions are made from the newest ones of these families. */
  readonly families: readonly string[];
  /** By service: the settings that the release brings. */
  readonly settings: Readonly<Record<string, Settings>>;
}

type Settings = NonNullable<ReleaseOrder['settings']>;

export interface ApplyPorts {
  readonly aws: Aws;
  /** Orders a release from the functions. Returns what they answered. */
  readonly release: (order: AppOrder) => Promise<string>;
  readonly onDone: (change: Change) => void;
  readonly onOrdered: (order: AppOrder, said: string) => void;
}

/** What failed, where and why. What was done before it stays. */
export class ApplyError extends Error {
  constructor(doing: string, call: string, cause: unknown) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`failed to ${doing}: ${call}: ${why}`, { cause });
    this.name = 'ApplyError';
  }
}

export async function apply(plan: Plan, ports: ApplyPorts): Promise<void> {
  for (const change of plan.changes) {
    if (change.action !== 'create' && change.action !== 'change') continue;
    for (const call of change.calls) await send(change, call, ports.aws);
    if (change.calls.length > 0) ports.onDone(change);
  }
  for (const order of ordersOf(plan)) {
    const said = await requestRelease(order, ports);
    ports.onOrdered(order, said);
  }
}

async function send({ action, name }: Change, { service, operation, input }: Call, aws: Aws): Promise<void> {
  try {
    await aws(service, operation, input);
  } catch (error) {
    throw new ApplyError(`${action} ${name}`, `${service}:${operation}`, error);
  }
}

/** One release for each app, whatever the number of its services that change. */
export function ordersOf({ changes }: Plan): readonly AppOrder[] {
  const orders = changes.flatMap((change) => (change.action === 'change' && change.release) || []);
  const apps = [...new Set(orders.map(({ app }) => app))];
  return apps.map((app) => {
    const mine = orders.filter((order) => order.app === app);
    return {
      app,
      families: [...new Set(mine.flatMap(({ family }) => family ?? []))],
      settings: Object.fromEntries(
        mine.flatMap(({ service, settings }) => (settings === undefined ? [] : [[service, settings]])),
      ),
    };
  });
}

async function requestRelease(order: AppOrder, { release }: ApplyPorts): Promise<string> {
  try {
    return await release(order);
  } catch (error) {
    throw new ApplyError(`order a release of ${order.app}`, 'the function operate', error);
  }
}
