import type { App } from '../domain/app.ts';
import { didYouMean, nearestOf } from '../domain/nearest.ts';
import type { OperatorAnswer } from '../domain/operator.ts';

/** Answers about names that are not in fairway.yml. */

export function unknownApp(apps: readonly App[], name: string): OperatorAnswer {
  const names = apps.map((app) => app.name);
  const owner = ownerOf(apps, name);
  return notFound(`app "${name}"`, names, owner ?? didYouMean(nearestOf(name, names)));
}

/**
 * @param what such as `task or run "report"`
 * @param hint the end of the sentence, such as `; did you mean "reports"?`
 */
export function notFound(what: string, known: readonly string[], hint: string): OperatorAnswer {
  const names = known.join(', ') || 'none';
  return { ok: false, error: 'notFound', message: `there is no ${what}: fairway.yml has ${names}${hint}` };
}

/** The app whose service, task or image it is: people often know these names better. */
function ownerOf(apps: readonly App[], name: string): string | undefined {
  for (const app of apps) {
    const what = roleOf(app, name);
    if (what) return `; "${name}" is ${what} "${app.name}"`;
  }
  return undefined;
}

function roleOf(app: App, name: string): string | undefined {
  if (app.services.some((service) => service.name === name)) return 'a service of app';
  if (app.tasks.some((task) => task.name === name)) return 'a task of app';
  return app.image.repository === name ? 'the image repository of app' : undefined;
}
