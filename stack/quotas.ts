import { counted } from '../shared/domain/counted.ts';
import type { Resources } from './names.ts';

/** CloudFormation's quotas for a template, so that packaging reports them before a deployment does. */

const MOST_RESOURCES = 500;
/** Bytes of a template in S3. */
const LARGEST_TEMPLATE = 1_000_000;
/** What the functions, their log groups, the outputs and the bucket take at most, in bytes. */
const SIZE_OF_ADDED = 30_000;

const SPLIT = 'Split the configuration into several installations (`installation: NAME`, one file each)';

/**
 * Throws an Error that names the quota and what to split.
 * @param functions how many functions the stack has besides these resources
 */
export function refuseBeyondQuotas(resources: Resources, functions: number): void {
  refuseTooMany(resources, functions);
  refuseTooLarge(resources);
}

function refuseTooMany(resources: Resources, functions: number): void {
  // The Serverless Framework adds each function with its log group, the bucket and its policy.
  const count = Object.keys(resources).length + 2 * functions + 2;
  if (count <= MOST_RESOURCES) return;
  const scheduled = Object.values(resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule').length;
  throw new Error(
    `failed to build the stack: it needs ${count} resources, ${scheduled} of them schedules, and CloudFormation allows ${MOST_RESOURCES} per stack. ${SPLIT}`,
  );
}

/** As it is written, with indentation. */
function refuseTooLarge(resources: Resources): void {
  const size = sizeOf(resources) + SIZE_OF_ADDED;
  if (size <= LARGEST_TEMPLATE) return;
  const [{ type, count, bytes } = { type: '', count: 0, bytes: 0 }] = byType(resources);
  throw new Error(
    `failed to build the stack: its template has ${kilobytes(size)}, and CloudFormation allows ${kilobytes(LARGEST_TEMPLATE)}. Largest: ${counted(count, 'resource')} of ${type} with ${kilobytes(bytes)}. ${SPLIT}`,
  );
}

/** Count and size of each type, the largest first. */
function byType(resources: Resources) {
  const all = Object.values(resources);
  return [...new Set(all.map(({ Type }) => Type))]
    .map((type) => {
      const ofType = all.filter(({ Type }) => Type === type);
      return { type, count: ofType.length, bytes: sizeOf(ofType) };
    })
    .toSorted((a, b) => b.bytes - a.bytes);
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value, undefined, 2));
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
