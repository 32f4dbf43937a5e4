import { ownImagesOf } from './parts.ts';
import type { AuditedRepository, Workload } from './workload.ts';

/** The repositories of a workload's images, as far as they were read, each once. */
export function repositoriesOf(
  workload: Workload,
): readonly { readonly name: string; readonly facts: AuditedRepository }[] {
  const names = ownImagesOf(workload).map(({ repository }) => repository);
  return [...new Set(names)].flatMap((name) => {
    const facts = workload.repositories?.[name];
    return facts === undefined ? [] : [{ name, facts }];
  });
}
