import { createHash } from 'node:crypto';
import manifest from '../package.json' with { type: 'json' };
import type { Configuration } from '../shared/domain/app.ts';
import type { BuiltStack } from './built.ts';
import type { Template } from './names.ts';

/** "Fairway 1.2.0". */
export const VERSION = `Fairway ${manifest.version}`;
/** The member of a template's `Metadata` that identifies the installation. */
export const METADATA = 'Fairway';

/** What identifies an installation in its template, and what `fairway plan --stack` compares. */
export function signatureOf(configuration: Configuration): Template {
  const { installation, apps } = configuration;
  return {
    // CloudFormation refuses null.
    ...(installation === undefined ? {} : { installation }),
    apps: apps.map(({ name }) => name),
    version: manifest.version,
    configuration: createHash('sha256').update(JSON.stringify(configuration)).digest('hex'),
  };
}

/** The stack, whose template says which code it is made for. */
export function withCode(stack: BuiltStack, code: string): BuiltStack {
  const { Metadata, ...resources } = stack.resources;
  const signature = { ...Object(Metadata[METADATA]), code };
  return { ...stack, resources: { ...resources, Metadata: { ...Metadata, [METADATA]: signature } } };
}

/**
 * Why this template must not change the deployed stack: the stack belongs to another configuration. Undefined if it
 * is the same installation, or a stack of an earlier version, which has no metadata.
 */
export function otherInstallation(stack: string, deployed: unknown, ours: unknown): string | undefined {
  const there = appsIn(deployed);
  const here = appsIn(ours);
  if (there.length === 0 || here.some((app) => there.includes(app))) return undefined;
  return `the stack ${stack} belongs to another configuration: it has ${listed(there)}, and this file has ${listed(here)}. To create a separate stack, add \`installation: NAME\` to this file. If you replaced all apps on purpose, set FAIRWAY_REPLACE=${stack} once`;
}

function appsIn(template: unknown): readonly string[] {
  const apps = member(member(member(template, 'Metadata'), METADATA), 'apps');
  return Array.isArray(apps) ? apps.filter((app) => typeof app === 'string') : [];
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function listed(apps: readonly string[]): string {
  const shown = apps.slice(0, 5).join(', ');
  return apps.length > 5
    ? `the apps ${shown} and ${apps.length - 5} more`
    : `the app${apps.length === 1 ? '' : 's'} ${shown}`;
}
