/**
 * Parts that are loaded when something has failed: the tables of causes are a tenth of a function. What was loaded
 * before is there at once.
 */

export const causesOfEcs = once(() => import('./aws/causes.ts'));
export const causesOfTasks = once(() => import('./domain/diagnosis.ts'));
export const causesInEvents = once(() => import('./domain/diagnosis/serviceEvents.ts'));
export const causesInTargetGroups = once(() => import('./domain/diagnosis/targetGroups.ts'));

function once<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
