import { environmentsIn } from '../../shared/config/load.ts';
import { signatureIn } from '../../stack/changes.ts';
import type { Context } from '../command.ts';
import { installationOf } from '../connection.ts';
import { deployedTemplate } from './stackPlan.ts';

/** A stack, and the version of Fairway that was deployed to it. */
interface Deployed {
  readonly stack: string;
  readonly where: string;
  /** "Fairway 1.2.0", or why that is not known. */
  readonly runs: string;
}

/** What runs in the chosen environment, or in each one of the file. Throws a `Failure`. */
export async function versionsOf(context: Context): Promise<readonly Deployed[]> {
  const file = await context.file();
  const chosen = context.environment();
  const all = chosen === undefined ? environmentsIn(file) : [chosen];
  const found: Deployed[] = [];
  for (const environment of all.length === 0 ? [undefined] : all)
    found.push(await versionIn(file, environment, context));
  return found;
}

async function versionIn(file: string, environment: string | undefined, context: Context): Promise<Deployed> {
  const installation = installationOf(file, environment);
  const connection = await context.connect(() => installation);
  const template = await deployedTemplate(installation.stack, connection);
  const { version } = signatureIn(template);
  const known = version === undefined ? 'a version of Fairway before 0.2' : `Fairway ${version}`;
  const runs = template === undefined ? 'not deployed' : known;
  return { stack: installation.stack, where: connection.where, runs };
}
