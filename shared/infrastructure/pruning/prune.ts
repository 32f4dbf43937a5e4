import type { JsonObject } from '../json.ts';
import type { Aws } from '../kind.ts';
import { batches } from '../reading.ts';
import { retrying } from '../retrying.ts';
import type { Pruning } from './prunable.ts';

/** DeleteTaskDefinitions takes 10. Source: ECS API reference. */
const MOST_DELETED = 10;
/**
 * Milliseconds between two calls. Releases share the rate of DeregisterTaskDefinition, one a second. Source: Amazon ECS
 * API reference, "Request throttling for the Amazon ECS API".
 */
const BETWEEN_CALLS = 5_000;

export interface PrunePorts {
  /** Makes each call once. */
  readonly aws: Aws;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Why nothing may be removed now; undefined: it may. Asked before every call. */
  readonly refusal: () => Promise<string | undefined>;
  readonly onDone: (what: string) => void;
}

/** Removes the revisions one call after the other. Returns why it stopped early; undefined: it is done. */
export async function prune(pruning: Pruning, ports: PrunePorts): Promise<string | undefined> {
  const aws = checked(ports);
  try {
    for (const [index, call] of callsOf(pruning).entries()) {
      if (index > 0) await ports.sleep(BETWEEN_CALLS);
      await aws('ecs', call.operation, call.input);
      ports.onDone(call.done);
    }
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** Why no call may be made now. */
class Refused extends Error {}

/** A call that was throttled is repeated as slowly as others are made, and only where it still may be made. */
function checked({ aws, sleep, refusal }: PrunePorts): Aws {
  return retrying(
    async (service, operation, input) => {
      const refused = await refusal();
      if (refused !== undefined) throw new Refused(refused);
      return aws(service, operation, input);
    },
    (span) => sleep(Math.max(span, BETWEEN_CALLS)),
  );
}

interface PruneCall {
  readonly operation: string;
  readonly input: JsonObject;
  readonly done: string;
}

function callsOf({ deregister, delete: deleted }: Pruning): readonly PruneCall[] {
  return [
    ...deregister.map((arn) => ({
      operation: 'DeregisterTaskDefinition',
      input: { taskDefinition: arn },
      done: `deregistered ${nameOf(arn)}`,
    })),
    ...batches(deleted, MOST_DELETED).map((taskDefinitions) => ({
      operation: 'DeleteTaskDefinitions',
      input: { taskDefinitions },
      done: `deleted ${taskDefinitions.map(nameOf).join(', ')}`,
    })),
  ];
}

/** "web-app:12" of its ARN. */
export function nameOf(arn: string): string {
  return arn.split('/').pop() ?? arn;
}
