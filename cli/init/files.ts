import { dirname, join, resolve } from 'node:path';
import type { Comment } from '../../shared/infrastructure/import/draft.ts';
import { yamlText } from '../../shared/infrastructure/import/text.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import { commandHere, ofPackage } from '../../stack/here.ts';
import { isCheckout, packageRoot } from '../../stack/root.ts';
import { installedIn, installsInto, pathFrom } from './folders.ts';
import { PACKAGE } from './manifest.ts';

/** The files that `fairway init` and `fairway import` write. */

/** What the command line says, and what was read from the account. */
export interface FileDraft {
  readonly environment: string;
  readonly region?: string;
  /** Twelve digits: credentials of other accounts are refused. */
  readonly account?: string;
  readonly cluster: string;
  /** `apps`, and `infrastructure` where it is wanted. */
  readonly value: JsonObject;
  readonly comments: readonly Comment[];
}

/** An app with a migration, a service and a nightly task, which the local cloud can run. */
export const example: FileDraft = {
  environment: 'production',
  cluster: 'app-prod',
  comments: [],
  value: {
    apps: {
      web: {
        image: { repository: 'web-app', tags: { semver: '>=1.0.0' } },
        before: [
          {
            name: 'db-migrate',
            container: 'migrate',
            command: ['npm', 'run', 'migrate'],
            taskRole: 'web-app-task',
            executionRole: 'web-app-execution',
            logGroup: '/ecs/db-migrate',
          },
        ],
        services: [
          {
            name: 'web-app',
            containers: ['web'],
            taskRole: 'web-app-task',
            executionRole: 'web-app-execution',
            logGroup: '/ecs/web-app',
          },
        ],
        tasks: [
          {
            name: 'nightly-report',
            like: 'web-app',
            container: 'web',
            command: ['npm', 'run', 'report'],
            schedule: { expression: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' },
          },
        ],
      },
    },
  },
};

/** How the file names the command and its schema. */
export interface Names {
  readonly fairway: string;
  readonly schema: string;
}

/**
 * In a folder whose package.json names the package.
 * @param file the configuration file, from the folder on
 */
export function namesInPackage(directory: string, file: string): Names {
  const folder = installedIn(directory, PACKAGE) ?? installsInto(directory);
  const schema = pathFrom(dirname(resolve(directory, file)), join(folder, 'node_modules', PACKAGE));
  return { fairway: ofPackage.fairway, schema };
}

/** Where this code runs. */
export function namesHere(directory: string, file: string): Names {
  const root = packageRoot();
  if (!isCheckout(root)) return namesInPackage(directory, file);
  return { fairway: commandHere().fairway, schema: pathFrom(dirname(resolve(directory, file)), root) };
}

/** The text of `fairway.yml`. */
export function configurationText(draft: FileDraft, names: Names): string {
  return `# yaml-language-server: $schema=${names.schema}/fairway.schema.json
#
# Which images go live where. \`${names.fairway} docs configuration\` describes every member.

${yamlText(configurationOf(draft, names), draft.comments)}`;
}

/** What `configurationText` writes, without its comments. */
export function configurationOf(
  { environment, region, account, cluster, value }: FileDraft,
  { fairway }: Names,
): JsonObject {
  return {
    environment,
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
    // Messages name a command that works in this folder.
    command: fairway,
    channels: { mail: { sns: {} } },
    defaults: { cluster, channels: ['mail'] },
    ...value,
  };
}
