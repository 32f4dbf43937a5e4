/** Apart from the tables that use them: what only needs the words does not load the tables. */

/** Where to look where AWS's words are not known, or say nothing. */
export const UNKNOWN_ADVICE =
  "Check the stopped task and the service's events (aws ecs describe-tasks, aws ecs describe-services): ECS keeps stopped tasks for an hour.";

/** Advice for a container that ended on its own, with a code that has no meaning by convention. */
export const READ_ITS_LOG = 'Check the last lines of its log.';
