import { advance } from '../../shared/advance.ts';
import type { DomainEvent } from '../../shared/domain/state.ts';
import { parseEcsEvent } from '../../shared/intake/ecs.ts';
import { forEachApp, onInvocation } from '../../shared/lambda.ts';

/** ECS says that a task stopped or a deployment ended: a hint, which the loop looks up if it matters. */
export const handler = onInvocation(async ({ event, world }) => {
  const hint = parseEcsEvent(event);
  if (hint.kind === 'ignored') {
    world.log('ignored', { reason: hint.reason });
    return;
  }
  const inCluster = world.configuration.apps.filter((app) => app.cluster === hint.cluster);
  const apps =
    hint.service === undefined
      ? inCluster
      : inCluster.filter((app) => app.services.some((service) => service.name === hint.service));
  const { cluster: _, ...rest } = hint;
  const domainEvent: DomainEvent =
    rest.kind === 'taskStopped' ? { type: 'taskStopped', ...rest } : { type: 'deploymentEnded', ...rest };
  await forEachApp(apps, (app) => advance(world, app, domainEvent));
});
