import type { DomainEvent } from '../events.ts';
import { announceApp } from '../kernel/announcing.ts';
import type { Context } from '../kernel/context.ts';
import { describeRepository } from '../registry.ts';

/** By then the push itself was processed, unless something is in its way. */
const SOON = 10_000;

/**
 * Where time decides which tag is newer, the sweep lists the images soon after a push: a tag that is put on an older
 * image later, and whose event is lost, is certain to be newer than that.
 */
export function listSoon({ state, app, now }: Context): void {
  if (app.image.tags.kind === 'newest') state.listSoonAt = now + SOON;
}

/** The sweep is about to list the images. */
export function listInTime({ state, now }: Context): void {
  if (state.listSoonAt !== undefined && state.listSoonAt <= now) delete state.listSoonAt;
}

/** The images of the app cannot be listed for long: pushes whose event is lost are not found meanwhile. */
export function listingFailed(ctx: Context, event: Extract<DomainEvent, { type: 'listingFailed' }>): string {
  const { app, now } = ctx;
  const minutes = Math.round((now - event.since) / 60_000);
  const why = event.why.replace(/\.$/, '');
  const sentence =
    `Fairway has been retrying for ${minutes} min to list the images of ${describeRepository(app.image)} for ${app.name}: ` +
    `${why}. It keeps retrying. A push whose event is lost is not found until then.`;
  announceApp(ctx, 'stuck', 'warning', sentence);
  return 'the images could not be listed for long';
}
