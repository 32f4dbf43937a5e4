import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

const MOST = 20;

/**
 * Finds what ECS refuses in a well-formed capacity provider strategy: every RunTask would fail.
 * Source: ECS API reference, CapacityProviderStrategyItem; ECS developer guide, "Capacity providers".
 */
export function faultsOfCapacity(root: unknown, path: Path): readonly Finding[] {
  const place: Path = [...path, 'capacity', 'providers'];
  const value = valueAt(root, place);
  const providers = Array.isArray(value) ? value.filter(isObject) : [];
  if (providers.length === 0) return [];
  const fault = (message: string): readonly Finding[] => [{ path: place, at: 'value', message }];
  const fargate = providers.filter(({ provider }) => isFargate(provider)).length;
  const based = providers.filter(({ base }) => typeof base === 'number' && base > 0).length;
  return [
    ...(providers.length > MOST ? fault(`expected at most ${MOST} capacity providers`) : []),
    ...(fargate > 0 && fargate < providers.length
      ? fault(
          'expected either FARGATE and FARGATE_SPOT, or your own providers: ECS does not accept both together',
        )
      : []),
    ...(based > 1 ? fault('expected a "base" above 0 for at most one capacity provider') : []),
    ...(providers.every(({ weight }) => weight === 0)
      ? fault('expected a "weight" above 0 for at least one capacity provider')
      : []),
  ];
}

function isFargate(provider: unknown): boolean {
  return provider === 'FARGATE' || provider === 'FARGATE_SPOT';
}
