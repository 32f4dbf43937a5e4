import type { Resource } from '../../local/stack/template.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/build.ts';
import { aConfiguration, type Size, stackOf } from './configurations.ts';
import { grantsOf } from './grants.ts';

interface Made {
  readonly configuration: Configuration;
  readonly resources: readonly Resource[];
  /** The stack's output about permissions that are broader than needed. */
  readonly widened: unknown;
}

const made = new Map<Size, Made>();

/** A stack of 500 services takes a while to build: it is built once. */
export function stackFor(size: Size): Made {
  const known = made.get(size);
  if (known) return known;
  const configuration = aConfiguration(size);
  const parts = { configuration, resources: stackOf(configuration), widened: widened(configuration) };
  made.set(size, parts);
  return parts;
}

export function widened(configuration: Configuration): unknown {
  return JSON.parse(JSON.stringify(buildStack(configuration, 0).resources.Outputs)).WidenedPermissions.Value;
}

/** The resources of every statement with this action, the same for each function. */
export function resourcesOf(size: Size, action: string): readonly string[] {
  const grants = grantsOf(stackFor(size).resources).filter(({ actions }) => actions.includes(action));
  return [...new Set(grants.flatMap(({ resources }) => resources))];
}
