import { advance, type World } from './advance.ts';
import { counted } from './domain/counted.ts';
import type { OperatorAnswer, OperatorRequest } from './domain/operator.ts';
import { releasesOf, show } from './operate/releases.ts';
import { follow, runsOf } from './operate/runs.ts';
import { statusesOf } from './operate/status.ts';
import { why } from './operate/why.ts';
import type { Ecs, Logs, ParkedEvents } from './ports.ts';
import { redrive } from './redrive.ts';
import { unknownApp } from './unknownNames.ts';

/** What answering a person needs besides the loop. */
export interface Reading {
  readonly parked: ParkedEvents;
  readonly logs: Logs;
  readonly ecs: Ecs;
}

/** Answers a person. What changes anything goes through the same loop as every event. */
export async function operate(
  world: World,
  request: OperatorRequest,
  { parked, logs, ecs }: Reading,
): Promise<OperatorAnswer> {
  if (request.command === 'redrive') return redrive(world, parked);
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
      return show(world, app, request.release);
    case 'why':
      return why(world, app, request.tag);
    case 'follow':
      return follow(world, app, request, logs);
    default: {
      const decision = await advance(world, app, { type: 'operator', request });
      if (decision.refused) return { ok: false, error: 'refused', message: decision.reason };
      return { ok: true, sentence: decision.reason };
    }
  }
}
