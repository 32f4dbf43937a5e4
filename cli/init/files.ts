import { stringify } from 'yaml';

/** The files that `fairway init` writes. */

const SCHEMA_LINE = '# yaml-language-server: $schema=./node_modules/fairway-ecs/fairway.schema.json';

/** What a person chose, and what was read from the account. */
export interface Draft {
  readonly environment: string;
  readonly region?: string;
  readonly cluster: string;
  readonly apps: Readonly<Record<string, DraftApp>>;
}

export interface DraftApp {
  readonly image: { readonly repository: string; readonly tags: Readonly<Record<string, string>> };
  readonly before?: readonly Readonly<Record<string, unknown>>[];
  readonly services: readonly DraftService[];
  readonly tasks?: readonly Readonly<Record<string, unknown>>[];
}

export interface DraftService {
  readonly name: string;
  readonly taskDefinition?: string;
  readonly containers?: readonly string[];
  readonly taskRole?: string;
  readonly executionRole?: string;
  readonly logGroup?: string;
}

/** An app with a migration, a service and a nightly task, which the local cloud can run. */
export const example: Draft = {
  environment: 'production',
  cluster: 'app-prod',
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
};

/** The text of `fairway.yml`. */
export function configurationText({ environment, region, cluster, apps }: Draft): string {
  const file = {
    environment,
    ...(region === undefined ? {} : { region }),
    // Messages name a command that works in this folder.
    command: 'npx --no fairway',
    channels: { mail: { sns: {} } },
    defaults: { cluster, channels: ['mail'] },
    apps,
  };
  const text = stringify(file, { lineWidth: 100, flowCollectionPadding: true });
  return `${SCHEMA_LINE}\n#\n# Which images go live where. \`npx --no fairway docs configuration\` describes every member.\n\n${text}`;
}

export const serverlessText = `service: fairway
frameworkVersion: ">=4.3.1 <5"
plugins: [fairway-ecs]
provider: { name: aws }
`;

/** `package.json` with this package among the development dependencies, unless it is there already. */
export function packageText(before: string | undefined, version: string): string {
  const manifest = before === undefined ? { private: true } : parsedManifest(before);
  const { dependencies, devDependencies } = manifest;
  if (Object.hasOwn(Object(dependencies), NAME) || Object.hasOwn(Object(devDependencies), NAME))
    return before ?? '';
  const changed = { ...manifest, devDependencies: { ...Object(devDependencies), [NAME]: version } };
  const indent = /^[ \t]+/m.exec(before ?? '')?.[0] ?? '  ';
  return `${JSON.stringify(changed, undefined, indent)}\n`;
}

const NAME = 'fairway-ecs';

function parsedManifest(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch (cause) {
    throw new Error('failed to read package.json: it is not JSON, fix it first', { cause });
  }
}
