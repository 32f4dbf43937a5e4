import { GIVEN } from './given.ts';
import { COMMAND, PLATFORM } from './image.ts';
import { LOGGING } from './logging.ts';
import { NETWORK } from './network.ts';
import { PULLING } from './pulling.ts';
import { CAPACITY, ROLES, THROTTLED } from './resources.ts';
import { RUNNING } from './running.ts';
import { SECRETS } from './secrets.ts';
import { VOLUMES } from './volumes.ts';
import type { Wording } from './wording.ts';

/**
 * Reasons why a task stopped, most specific first: the first that matches is taken. They are matched with text
 * whose names are masked, so that "401" in a digest or "denied" in a repository's name says nothing.
 * On Fargate a container that cannot start is worded "CannotStartContainerError: ResourceInitializationError: …",
 * so what is wrong with a command comes before what is wrong with resources. Logs come before secrets, since a
 * missing log group is a ResourceNotFoundException, too.
 */
export const WORDINGS: readonly Wording[] = [
  ...PLATFORM,
  ...GIVEN,
  ...COMMAND,
  ...THROTTLED,
  ...PULLING,
  ...LOGGING,
  ...SECRETS,
  ...ROLES,
  ...NETWORK,
  ...VOLUMES,
  ...CAPACITY,
  ...RUNNING,
];
