import { counted } from '../shared/domain/counted.ts';
import type { BuiltStack } from './built.ts';
import { withCode } from './installation.ts';
import type { Resource } from './names.ts';
import { templateText } from './template.ts';

/** CloudFormation's quotas for a template, so that packaging reports them before a deployment does. */

const MOST_RESOURCES = 500;
/** Bytes of a template in S3. */
const LARGEST_TEMPLATE = 1_000_000;
/** Resources that the Serverless Framework adds: its bucket and the bucket's policy. */
const ADDED_BY_FRAMEWORK = 2;
/** EventBridge quotas, "Rules" per event bus in the smaller regions, which AWS can increase. */
const MOST_RULES = 100;

const SPLIT = 'Split the configuration into several installations (`installation: NAME`, one file each)';

/** Throws an Error that names the quota and what to split. */
export function refuseBeyondQuotas(stack: BuiltStack): void {
  // Digests as long as those that packaging adds.
  const text = templateText(withCode(stack, '0'.repeat(64)), (name) => `${name}-${'0'.repeat(12)}.zip`);
  const resources: readonly Resource[] = Object.values(JSON.parse(text).Resources);
  const failed = `failed to build the stack ${stack.service}-${stack.stage}`;
  refuseTooMany(failed, resources);
  refuseTooLarge(failed, text, resources);
}

/** Quotas that the stack exceeds unless AWS increased them. */
export function quotaWarnings({ resources: { Resources } }: BuiltStack): readonly string[] {
  const rules = countOf('AWS::Events::Rule', Object.values(Resources));
  if (rules <= MOST_RULES) return [];
  return [
    `the stack needs ${rules} rules, and some regions allow only ${MOST_RULES} on the default event bus, which all stacks of an account and region share. Request an increase of the EventBridge quota "Rules" before you deploy, or use shorter names, fewer clusters, or another account or region for some of the apps`,
  ];
}

function refuseTooMany(failed: string, resources: readonly Resource[]): void {
  const count = resources.length + ADDED_BY_FRAMEWORK;
  if (count <= MOST_RESOURCES) return;
  const scheduled = countOf('AWS::Scheduler::Schedule', resources);
  throw new Error(
    `${failed}: it needs ${count} resources, ${scheduled} of them schedules, and CloudFormation allows ${MOST_RESOURCES} per stack. ${SPLIT}`,
  );
}

function refuseTooLarge(failed: string, text: string, resources: readonly Resource[]): void {
  const size = Buffer.byteLength(text);
  if (size <= LARGEST_TEMPLATE) return;
  const [{ type, count, bytes } = { type: '', count: 0, bytes: 0 }] = byType(resources);
  throw new Error(
    `${failed}: its template is ${kilobytes(size)}, and CloudFormation allows ${kilobytes(LARGEST_TEMPLATE)}. Largest: ${counted(count, 'resource')} of ${type}, ${kilobytes(bytes)}. ${SPLIT}`,
  );
}

/** Count and size of each type, the largest first. */
function byType(resources: readonly Resource[]) {
  return [...new Set(resources.map(({ Type }) => Type))]
    .map((type) => {
      const ofType = resources.filter(({ Type }) => Type === type);
      return { type, count: ofType.length, bytes: sizeOf(ofType) };
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

function countOf(type: string, resources: readonly Resource[]): number {
  return resources.filter(({ Type }) => Type === type).length;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, undefined, 2));
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString('en-US')} kB`;
}
