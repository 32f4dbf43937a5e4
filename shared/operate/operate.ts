import { advance, type World } from '../advance.ts';
import type { Announce } from '../announce/tell.ts';
import { counted } from '../domain/counted.ts';
import type { OperatorAnswer, OperatorRequest } from '../domain/operator.ts';
import { whyNotThrough } from '../domain/rights.ts';
import { parseOperatorRequest } from '../intake/operator.ts';
import { IntakeError } from '../intake/parse.ts';
import type { Ecs, Images, Logs, ParkedEvents } from '../ports.ts';
import { redrive } from '../triggers/redrive.ts';
import { testChannels } from './channels.ts';
import { deploy, rollback, showOrder } from './orders.ts';
import { releasesOf, show } from './releases.ts';
import { follow, runsOf } from './runs.ts';
import { statusesOf } from './status.ts';
import { unknownApp } from './unknownNames.ts';
import { why } from './why.ts';

/** What answering a person needs besides the loop. */
export interface Reading {
  readonly parked: ParkedEvents;
  readonly logs: Logs;
  readonly ecs: Ecs;
  readonly images: Images;
  readonly announce: Announce;
}

/** How the function was invoked: what AWS says of a request, unlike what is in its payload. */
export interface Invoked {
  /** The alias; absent: the function itself. */
  readonly qualifier?: string;
  /** As CloudTrail records it. */
  readonly requestId?: string;
}

/** Answers whatever the function is invoked with: a request that cannot be read is the caller's fault, not ours. */
export async function answer(
  world: World,
  payload: unknown,
  reading: Reading,
  { qualifier, requestId }: Invoked = {},
): Promise<OperatorAnswer> {
  try {
    const request = parseOperatorRequest(payload);
    const refusal = whyNotThrough(qualifier, request.command);
    if (refusal !== undefined) return { ok: false, error: 'refused', message: refusal };
    return await operate(world, provable(world, request, requestId), reading);
  } catch (error) {
    if (!(error instanceof IntakeError)) throw error;
    world.log('a request could not be read', { reason: error.message });
    return { ok: false, error: 'invalid', message: `${error.message}. ${OTHER_VERSION}` };
  }
}

/** A change with the id of its invocation, by which CloudTrail proves who asked. The log has those that leave no trace. */
function provable(world: World, request: OperatorRequest, requestId: string | undefined): OperatorRequest {
  if (!('who' in request) || requestId === undefined) return request;
  const { command, who: claimed } = request;
  world.log('a person asks', { command, ...('app' in request && { app: request.app }), claimed, requestId });
  return { ...request, requestId };
}

const OTHER_VERSION =
  'If it came from `fairway`, the command is of another version than the function: deploy the stack again';

/** Answers a person. What changes anything goes through the same loop as every event. */
export async function operate(
  world: World,
  request: OperatorRequest,
  { parked, logs, ecs, images, announce }: Reading,
): Promise<OperatorAnswer> {
  if (request.command === 'redrive') return redrive(world, parked);
  if (request.command === 'announce') return testChannels(world, request, announce);
  if (request.command === 'runs') return runsOf(world, request);
  const { apps } = world.configuration;
  if (request.command === 'status' && request.app === undefined) {
    const statuses = await statusesOf(world, apps, ecs);
    return { ok: true, sentence: counted(statuses.length, 'app'), apps: statuses };
  }
  const app = apps.find((other) => other.name === request.app);
  if (!app) return unknownApp(apps, request.app ?? '');
  switch (request.command) {
    case 'status':
      return { ok: true, sentence: app.name, apps: await statusesOf(world, [app], ecs) };
    case 'releases':
      return releasesOf(world, app, request.limit ?? 20);
    case 'show':
      return request.order ? showOrder(world, app, request.order) : show(world, app, request.release);
    case 'why':
      return why(world, app, request.tag);
    case 'follow':
      return follow(world, app, request, logs);
    case 'deploy':
      return deploy(world, app, request, images);
    case 'rollback':
      return rollback(world, app, request);
    default: {
      const decision = await advance(world, app, { type: 'operator', request });
      if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
      return { ok: true, sentence: decision.reason };
    }
  }
}
