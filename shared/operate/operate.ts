import { advance } from '../advance.ts';
import type { Announce } from '../announce/announce.ts';
import { counted } from '../domain/counted.ts';
import type { OperatorAnswer, OperatorRequest } from '../domain/operator.ts';
import { whyNotThrough } from '../domain/rights.ts';
import { parseOperatorRequest } from '../intake/operator.ts';
import { IntakeError } from '../intake/parse.ts';
import type { ApplyLock, Ecs, Images, Logs, ParkedEvents } from '../ports.ts';
import type { Runtime } from '../runtime.ts';
import { redrive } from '../triggers/redrive.ts';
import { testChannels } from './channels.ts';
import { takeLock } from './lock.ts';
import { deploy, rollback, showOrder } from './orders.ts';
import { releasesOf, show } from './releases.ts';
import { follow, runsOf } from './runs.ts';
import { statusesOf } from './status.ts';
import { unknownApp } from './unknownNames.ts';
import { why } from './why.ts';

/** What answers need besides the loop. */
export interface Reading {
  readonly parked: ParkedEvents;
  readonly logs: Logs;
  readonly ecs: Ecs;
  readonly images: Images;
  readonly announce: Announce;
  readonly lock: ApplyLock;
}

/** How the function was invoked: reported by AWS, unlike the payload. */
export interface Invoked {
  /** The alias; absent: the function itself. */
  readonly qualifier?: string;
  /** As CloudTrail records it. */
  readonly requestId?: string;
}

/** Answers every payload: a request that cannot be read is the caller's mistake, not a failure of the function. */
export async function answer(
  runtime: Runtime,
  payload: unknown,
  reading: Reading,
  { qualifier, requestId }: Invoked = {},
): Promise<OperatorAnswer> {
  try {
    const request = parseOperatorRequest(payload);
    const refusal = whyNotThrough(qualifier, request.command);
    if (refusal !== undefined) return { ok: false, error: 'refused', message: refusal };
    return await operate(runtime, provable(runtime, request, requestId), reading);
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    runtime.log('a request could not be read', { reason: error.message });
    return { ok: false, error: 'invalid', message: `${error.message}. ${OTHER_VERSION}` };
  }
}

/** A change with the id of its invocation, by which CloudTrail proves the caller. It is logged, even if it changes nothing. */
function provable(
  runtime: Runtime,
  request: OperatorRequest,
  requestId: string | undefined,
): OperatorRequest {
  if (!('who' in request) || requestId === undefined) return request;
  const { command, who: claimed } = request;
  runtime.log('a person asks', {
    command,
    ...('app' in request && { app: request.app }),
    claimed,
    requestId,
  });
  return { ...request, requestId };
}

const OTHER_VERSION =
  'If it came from `fairway`, the command is of another version than the function: deploy the stack again';

/** Answers a person. Changes go through the same loop as every event. */
export async function operate(
  runtime: Runtime,
  request: OperatorRequest,
  { parked, logs, ecs, images, announce, lock }: Reading,
): Promise<OperatorAnswer> {
  if (request.command === 'redrive') return redrive(runtime, parked);
  if (request.command === 'announce') return testChannels(runtime, request, announce);
  if (request.command === 'lock') return takeLock(runtime, request, lock);
  if (request.command === 'runs') return runsOf(runtime, request);
  const { apps } = runtime.configuration;
  if (request.command === 'status' && request.app === undefined) {
    const statuses = await statusesOf(runtime, apps, ecs);
    return { ok: true, sentence: counted(statuses.length, 'app'), apps: statuses };
  }
  const app = apps.find((other) => other.name === request.app);
  if (!app) return unknownApp(apps, request.app ?? '');
  switch (request.command) {
    case 'status':
      return { ok: true, sentence: app.name, apps: await statusesOf(runtime, [app], ecs) };
    case 'releases':
      return releasesOf(runtime, app, request.limit ?? 20);
    case 'show':
      return request.order ? showOrder(runtime, app, request.order) : show(runtime, app, request.release);
    case 'why':
      return why(runtime, app, request.tag);
    case 'follow':
      return follow(runtime, app, request, logs);
    case 'deploy':
      return deploy(runtime, app, request, images);
    case 'rollback':
      return rollback(runtime, app, request);
    default: {
      const decision = await advance(runtime, app, { type: 'operator', request });
      if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
      return { ok: true, sentence: decision.reason };
    }
  }
}
