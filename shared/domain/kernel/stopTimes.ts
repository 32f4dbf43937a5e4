/** How long a task that is to be stopped is waited for, in milliseconds. */

const MINUTE = 60_000;

/**
 * From the time ECS accepts the order: it kills what has not stopped after its stopTimeout, two minutes at most (ECS API,
 * ContainerDefinition).
 */
export const STOP_WITHIN = 10 * MINUTE;
/** Until ECS accepts the order: it may throttle, or the functions that would give it may die. */
export const ACCEPT_WITHIN = 30 * MINUTE;
