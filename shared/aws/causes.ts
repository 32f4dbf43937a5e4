import type { Service } from '@aws-sdk/client-ecs';
import { beside, diagnoseEvents, lastWord, withTargetHealth } from '../domain/diagnosis/serviceEvents.ts';
import type { StoppedTask } from '../domain/diagnosis/stoppedTask.ts';
import { withGracePeriod } from '../domain/diagnosis/targetHealth.ts';
import { isSymptom, TARGET_HEALTH } from '../domain/diagnosis/weight.ts';
import { failuresOf } from '../domain/diagnosis.ts';
import type { Cause } from '../domain/release.ts';

/**
 * Why something failed, by what ECS shows of it. Loaded when something has failed: the tables of causes are a tenth of a
 * function.
 */

/** How many tasks are read for their last log lines: the first ones show the cause. */
const MOST_READ = 3;
/** Older service events do not belong to a deployment in progress. */
const RECENT = 60 * 60_000;

interface FirstCause {
  readonly cause: Cause;
  readonly taskArns: readonly string[];
}

/** By the tasks that stopped. The service is read where they do not say. */
export async function causeOfDeployment(
  stopped: readonly (StoppedTask & { readonly taskArn: string })[],
  deploymentId: string,
  now: number,
  readService: () => Promise<Service | undefined>,
): Promise<FirstCause | undefined> {
  const failures = failuresOf(stopped);
  const taskArns = failures.slice(0, MOST_READ).map(({ task }) => task.taskArn);
  const cause = failures[0]?.cause;
  if (cause && !isSymptom(cause) && cause.kind !== TARGET_HEALTH) return { cause, taskArns };
  const seen = await readService();
  const name = seen?.serviceName ?? '';
  const deployment = seen?.deployments?.find(({ id }) => id === deploymentId);
  const messages = messagesSince(seen, deployment?.createdAt?.getTime() ?? now - RECENT);
  const first =
    cause?.kind === TARGET_HEALTH
      ? withTargetHealth(cause, name, messages)
      : beside(cause, diagnoseEvents(name, messages) ?? lastWord(messages));
  return first && { cause: withGracePeriodOf(seen, first), taskArns };
}

/** How the load balancer's health checks failed, by the events of the service. */
export function targetHealth(seen: Service | undefined, name: string, cause: Cause, since: number): Cause {
  return withGracePeriodOf(seen, withTargetHealth(cause, name, messagesSince(seen, since)));
}

export function troubleOf(seen: Service | undefined, name: string, since: number): Cause | undefined {
  const cause = diagnoseEvents(name, messagesSince(seen, since));
  return cause && withGracePeriodOf(seen, cause);
}

function withGracePeriodOf(service: Service | undefined, cause: Cause): Cause {
  return withGracePeriod(cause, service?.healthCheckGracePeriodSeconds);
}

/** The events of a service since `since`, oldest first: ECS lists the newest first. */
function messagesSince(service: Service | undefined, since: number): string[] {
  const events = (service?.events ?? []).filter(({ createdAt }) => (createdAt?.getTime() ?? 0) >= since);
  return events.map(({ message }) => message ?? '').toReversed();
}
