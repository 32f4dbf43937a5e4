import type { Finding, Path } from './faults.ts';
import { isObject, valueAt } from './shape.ts';

const MOST = 20;

/**
 * What ECS refuses of a capacity provider strategy that is well-formed: RunTask would, every time.
 * Source: ECS API reference, CapacityProviderStrategyItem; ECS developer guide, "Capacity providers".
 */
export function faultsOfCapacity(root: unknown, path: Path): readonly Finding[] {
  const place: Path = [...path, 'capacity', 'providers'];
  const value = valueAt(root, place);
  const providers = Array.isArray(value) ? value.filter(isObject) : [];
  if (providers.length === 0) return [];
  const told = (message: string): readonly Finding[] => [{ path: place, at: 'value', message }];
  const fargate = providers.filter(({ provider }) => isFargate(provider)).length;
  const based = providers.filter(({ base }) => typeof base === 'number' && base > 0).length;
  return [
    ...(providers.length > MOST ? told(`expected at most ${MOST} capacity providers`) : []),
    ...(fargate > 0 && fargate < providers.length
      ? told('expected either FARGATE and FARGATE_SPOT, or providers of your own: ECS takes no mixture')
      : []),
    ...(based > 1 ? told('expected a "base" above 0 for one capacity provider at most') : []),
    ...(providers.every(({ weight }) => weight === 0)
      ? told('expected a "weight" above 0 for at least one capacity provider')
      : []),
  ];
}

function isFargate(provider: unknown): boolean {
  return provider === 'FARGATE' || provider === 'FARGATE_SPOT';
}
