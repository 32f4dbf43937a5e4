import * as z from 'zod/mini';
import { IntakeError, parse } from './parse.ts';
import { SCHEDULE_SOURCE } from './schedule.ts';

const event = z.looseObject({ source: z.enum(['aws.ecr', 'aws.ecs', SCHEDULE_SOURCE]) });
/** The record that Lambda sends to an on-failure destination. Source: Lambda developer guide, "Retaining records of asynchronous invocations". */
const record = z.looseObject({ requestPayload: event });

interface Parked {
  readonly source: 'aws.ecr' | 'aws.ecs' | typeof SCHEDULE_SOURCE;
  /** The event as EventBridge delivered it, or tried to. */
  readonly event: unknown;
}

/** The event in a message of one of the dead-letter queues. Throws an IntakeError. */
export function parseParked(body: string): Parked {
  const content = json(body);
  const wrapped = typeof content === 'object' && content !== null && 'requestPayload' in content;
  const found = wrapped
    ? parse('the parked invocation', record, content).requestPayload
    : parse('the parked event', event, content);
  return { source: found.source, event: found };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new IntakeError('the parked message', ['it is not JSON']);
  }
}
