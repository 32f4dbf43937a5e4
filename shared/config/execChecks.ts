import type { Finding, Path } from './faults.ts';
import { indexesOf } from './nameChecks.ts';
import { valueAt } from './shape.ts';

/**
 * Finds a task with ECS Exec and without a task role, which Fairway would refuse to start.
 * Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with Amazon ECS Exec", prerequisites.
 */
export function execWithoutRole(root: unknown, app: Path, task: Path): readonly Finding[] {
  if (valueAt(root, [...task, 'exec']) !== true) return [];
  const places: readonly Path[] = [task, ...servicesLike(root, app, task), ['defaults']];
  if (places.some((place) => valueAt(root, [...place, 'taskRole']) !== undefined)) return [];
  const message = 'expected a "taskRole", in the task or in "defaults": ECS Exec needs one';
  return [{ path: [...task, 'exec'], at: 'value', message }];
}

/** The service whose role the task takes. */
function servicesLike(root: unknown, app: Path, task: Path): readonly Path[] {
  const like = valueAt(root, [...task, 'like']);
  if (typeof like !== 'string') return [];
  return indexesOf(root, [...app, 'services'])
    .map((index): Path => [...app, 'services', index])
    .filter((service) => valueAt(root, [...service, 'name']) === like);
}
