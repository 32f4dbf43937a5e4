import { causesInEvents, causesInTargetGroups, causesOfEcs, causesOfTasks } from '../../shared/later.ts';

/**
 * Loads what the functions load when they first need it. Files take real time to load, in which a simulated clock would
 * go on.
 */
export async function loadEverything(): Promise<void> {
  await Promise.all([causesInEvents(), causesInTargetGroups(), causesOfEcs(), causesOfTasks()]);
}
