import type { DomainEvent } from '../events.ts';
import { announceApp, type Turn } from './draft.ts';

/** The images of the app cannot be listed for long: pushes whose event is lost are not found meanwhile. */
export function listingFailed(turn: Turn, event: Extract<DomainEvent, { type: 'listingFailed' }>): string {
  const { app, now } = turn;
  const minutes = Math.round((now - event.since) / 60_000);
  const why = event.why.replace(/\.$/, '');
  const sentence =
    `Fairway has been trying for ${minutes} min to list the images of ${app.image.repository} for ${app.name}: ` +
    `${why}. It keeps retrying. A push whose event is lost is not found until then.`;
  announceApp(turn, 'stuck', 'warning', sentence);
  return 'the images could not be listed for long';
}
