import type { App, TaskSettings } from '../app.ts';
import type { Run } from '../run.ts';

/** The release task of this name, as configured now; undefined: it was taken out of the configuration. */
export function releaseTaskOf({ before, after }: App, name: string) {
  return [...before, ...after].find((task) => task.name === name);
}

/** What a run is to do, as configured now; undefined: its task was taken out of the configuration. */
export function settingsOf(app: App, { task, owner }: Pick<Run, 'task' | 'owner'>): TaskSettings | undefined {
  if (owner.kind === 'release') return releaseTaskOf(app, task);
  return app.tasks.find(({ name }) => name === task);
}
