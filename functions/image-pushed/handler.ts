import { advance } from '../../shared/advance.ts';
import { parseEcrEvent } from '../../shared/intake/ecr.ts';
import { forEachApp, onInvocation } from '../../shared/lambda.ts';

/** An image was pushed to ECR: each app of its repository is taken further. */
export const handler = onInvocation(async ({ event, world }) => {
  const push = parseEcrEvent(event);
  if (push.kind === 'ignored') {
    world.log('ignored', { reason: push.reason });
    return;
  }
  const apps = world.configuration.apps.filter((app) => app.image.repository === push.repository);
  const { tag, digest, at } = push;
  await forEachApp(apps, (app) =>
    advance(world, app, { type: 'imagePushed', tag, digest, at, source: 'event' }),
  );
});
