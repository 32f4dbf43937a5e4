import { advance } from '../advance.ts';
import type { App } from '../domain/app.ts';
import { counted } from '../domain/counted.ts';
import type { DomainEvent } from '../domain/events.ts';
import { isSameRegistry, type Registry } from '../domain/registry.ts';
import { type ImagePushed, parseEcrEvent } from '../intake/ecr.ts';
import {
  type DeploymentEnded,
  type HookChanged,
  parseEcsEvent,
  type ServiceAction,
  type TaskRuns,
  type TaskStopped,
} from '../intake/ecs.ts';
import { parseScheduleCall } from '../intake/schedule.ts';
import { inParallel } from '../parallel.ts';
import type { Runtime } from '../runtime.ts';

/** An image was pushed to ECR: each app of its repository is taken further. */
export async function imagePushed(runtime: Runtime, event: unknown): Promise<void> {
  const push = parseEcrEvent(event);
  if (push.kind === 'ignored') {
    runtime.log('ignored', { reason: push.reason });
    return;
  }
  const apps = runtime.configuration.apps.filter((app) => isPushedTo(app, push, runtime.location));
  const { kind: _, registry: __, repository: ___, ...what } = push;
  await forEachApp(apps, (app) => advance(runtime, app, { type: 'imagePushed', ...what, source: 'event' }));
}

/** The same name in another registry is another repository. An invocation on a developer's machine has no account. */
function isPushedTo({ image }: App, { registry, repository }: ImagePushed, home: Registry): boolean {
  if (image.repository !== repository) return false;
  const isUnknown = image.registry === undefined && home.account === '';
  return isUnknown || isSameRegistry(registry, image.registry ?? home);
}

/** ECS says that a task stopped, a deployment ended, or how a service is doing: a hint, which the loop looks up if it matters. */
export async function ecsChanged(runtime: Runtime, event: unknown): Promise<void> {
  const hint = parseEcsEvent(event);
  if (hint.kind === 'ignored') {
    runtime.log('ignored', { reason: hint.reason });
    return;
  }
  const inCluster = runtime.configuration.apps.filter((app) => app.cluster === hint.cluster);
  const apps =
    hint.kind === 'taskRuns' || hint.service === undefined
      ? inCluster
      : inCluster.filter((app) => app.services.some((service) => service.name === hint.service));
  await forEachApp(apps, (app) => advance(runtime, app, domainEvent(hint)));
}

function domainEvent({
  cluster: _,
  ...hint
}: TaskStopped | TaskRuns | DeploymentEnded | HookChanged | ServiceAction): DomainEvent {
  switch (hint.kind) {
    case 'taskStopped':
      return { type: 'taskStopped', ...hint };
    case 'taskRuns':
      return { type: 'taskRuns', ...hint };
    case 'deploymentEnded':
      return { type: 'deploymentEnded', ...hint };
    case 'hookChanged':
      return { type: 'hookChanged', ...hint };
    case 'serviceAction':
      return { type: 'serviceAction', ...hint };
  }
}

/** The schedule of a task calls. What is no longer configured is left alone: its schedule goes with the next deployment. */
export async function scheduleCalled(runtime: Runtime, event: unknown): Promise<void> {
  const { app: name, task, at } = parseScheduleCall(event);
  const app = runtime.configuration.apps.find((other) => other.name === name);
  if (!app) {
    runtime.log('ignored', { reason: `there is no app ${name} in fairway.yml`, task });
    return;
  }
  await advance(runtime, app, { type: 'scheduled', task, at });
}

/** Apps of one event that are processed at the same time. */
const WIDTH = 25;

/** Does `work` for every app, side by side; a failure of one is thrown only when all were tried. */
async function forEachApp(apps: readonly App[], work: (app: App) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  await inParallel(apps, { width: WIDTH }, async (app) => {
    try {
      await work(app);
    } catch (error) {
      failures.push(error);
    }
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `failed for ${counted(failures.length, 'app')}`);
}
