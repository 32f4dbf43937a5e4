import { didYouMean, nearestOf } from '../../shared/domain/nearest.ts';
import type { Stack, StackFunction } from './stack.ts';

/** The functions of a package with these names, or all of them. Throws an Error for a name that it does not have. */
export function replacementsIn(
  { functions }: Pick<Stack, 'functions'>,
  names: readonly string[] | undefined,
): readonly StackFunction[] {
  if (names === undefined) return functions;
  const known = functions.map(({ name }) => name);
  return names.map((wanted) => {
    const found = functions.find(({ name }) => name === wanted);
    if (found) return found;
    throw new Error(
      `functions: the package has no function "${wanted}"${didYouMean(nearestOf(wanted, known))}`,
    );
  });
}
