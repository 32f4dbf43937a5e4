import { nearestOf } from '../domain/nearest.ts';
import { isList, isObject, type Json, type JsonObject, objectAt, objectsAt, textAt } from './json.ts';
import type { Aws, Resource } from './kind.ts';
import { pages } from './reading.ts';

/**
 * What is made elsewhere, by tag, by CloudFormation output or by SSM parameter:
 * `{ fromTag: { resource: ec2:subnet, tags: { Tier: private } } }`, `{ fromStack: network.PrivateSubnets }`,
 * `{ fromParameter: /network/subnets }`. A value with commas is a list where a list is expected.
 */

/** Every reference that leads nowhere, in one error. */
export class UnresolvedError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      ['failed to resolve the references of fairway.yml:', ...faults.map((fault) => `  ${fault}`)].join('\n'),
    );
    this.name = 'UnresolvedError';
    this.faults = faults;
  }
}

const KINDS = ['fromTag', 'fromStack', 'fromParameter'] as const;
type ReferenceKind = (typeof KINDS)[number];

/** The resources with what their references stand for. Throws a `UnresolvedError`. */
export async function resolveReferences(
  resources: readonly Resource[],
  aws: Aws,
): Promise<readonly Resource[]> {
  const faults = new Set<string>();
  const answers = new Map<string, Promise<readonly string[]>>();
  const lookUp = async (reference: JsonObject, path: string): Promise<readonly string[]> => {
    const key = JSON.stringify(reference);
    const answer = answers.get(key) ?? valuesOf(reference, aws);
    answers.set(key, answer);
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      faults.add(`${path}: ${error.message}`);
      return [];
    }
  };
  const resolved = await Promise.all(
    resources.map(async (resource) => {
      const members = await resolvedIn(resource.members, `${resource.kind} ${resource.name}`, lookUp);
      return { ...resource, members: isObject(members) ? members : {} };
    }),
  );
  if (faults.size > 0) throw new UnresolvedError([...faults]);
  return resolved;
}

type LookUp = (reference: JsonObject, path: string) => Promise<readonly string[]>;

async function resolvedIn(value: Json, path: string, lookUp: LookUp): Promise<Json> {
  if (isList(value)) {
    const items = await Promise.all(
      value.map(async (item) =>
        isReference(item) ? lookUp(item, path) : [await resolvedIn(item, path, lookUp)],
      ),
    );
    return items.flat();
  }
  if (!isObject(value)) return value;
  const members = await Promise.all(
    Object.entries(value).map(async ([member, item]): Promise<[string, Json | undefined]> => {
      const at = `${path}.${member}`;
      if (item === undefined || !isReference(item))
        return [member, item && (await resolvedIn(item, at, lookUp))];
      const found = await lookUp(item, at);
      return [member, takesList(member) ? [...found] : found[0]];
    }),
  );
  return Object.fromEntries(members);
}

/** AWS names members that take a list in the plural. */
function takesList(member: string): boolean {
  return member.endsWith('s') && !member.endsWith('ss');
}

function isReference(value: Json): value is JsonObject {
  return isObject(value) && Object.keys(value).length === 1 && kindOf(value) !== undefined;
}

function kindOf(reference: JsonObject): ReferenceKind | undefined {
  return KINDS.find((kind) => reference[kind] !== undefined);
}

class NotFound extends Error {}

async function valuesOf(reference: JsonObject, aws: Aws): Promise<readonly string[]> {
  switch (kindOf(reference)) {
    case 'fromTag':
      return byTag(objectAt(reference, 'fromTag'), aws);
    case 'fromStack':
      return split(await output(textAt(reference, 'fromStack') ?? '', aws));
    case 'fromParameter':
      return split(await parameter(textAt(reference, 'fromParameter') ?? '', aws));
    default:
      return [];
  }
}

function split(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

async function byTag(wanted: JsonObject, aws: Aws): Promise<readonly string[]> {
  const type = textAt(wanted, 'resource') ?? '';
  const tags = Object.entries(objectAt(wanted, 'tags')).map(([key, value]) => [key, String(value)] as const);
  const filters = tags.map(([Key, value]) => ({ Key, Values: [value] }));
  const found = await tagged({ ResourceTypeFilters: [type], TagFilters: filters }, aws);
  if (found.length > 0) return found.map(({ arn }) => idOf(arn)).toSorted();
  const described = tags.map(([key, value]) => `${key}=${value}`).join(', ');
  const like = await alike(type, tags, aws);
  throw new NotFound(`no ${type} has the tags ${described}${like}`);
}

async function alike(type: string, tags: readonly (readonly [string, string])[], aws: Aws): Promise<string> {
  const [[key, value] = ['', '']] = tags;
  const others = await tagged({ ResourceTypeFilters: [type], TagFilters: [{ Key: key }] }, aws);
  const values = [...new Set(others.flatMap(({ tags: own }) => own[key] ?? []))];
  if (values.length === 0) return `, and none has a tag ${key}`;
  const nearest = nearestOf(value, values);
  return nearest === undefined
    ? `: values of ${key} are ${values.slice(0, 5).join(', ')}`
    : `: did you mean ${key}=${nearest}?`;
}

interface Tagged {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

async function tagged(input: JsonObject, aws: Aws): Promise<readonly Tagged[]> {
  const found = await pages(
    aws,
    'tagging',
    'GetResources',
    input,
    'ResourceTagMappingList',
    'PaginationToken',
  );
  return found.map((mapping) => ({
    arn: textAt(mapping, 'ResourceARN') ?? '',
    tags: Object.fromEntries(
      objectsAt(mapping, 'Tags').map((tag) => [textAt(tag, 'Key') ?? '', textAt(tag, 'Value') ?? '']),
    ),
  }));
}

/** EC2 takes IDs: "subnet-1" of an ARN that ends in "subnet/subnet-1". Everything else is named by its ARN. */
function idOf(arn: string): string {
  return arn.startsWith('arn:') && arn.split(':')[2] === 'ec2' ? (arn.split('/').pop() ?? arn) : arn;
}

/** @param reference "STACK.OUTPUT" */
async function output(reference: string, aws: Aws): Promise<string> {
  const [stack = '', name = ''] = reference.split('.');
  const answer = await describeStack(stack, aws);
  const outputs = objectsAt(objectsAt(answer, 'Stacks')[0] ?? {}, 'Outputs');
  const found = outputs.find(({ OutputKey }) => OutputKey === name);
  if (found !== undefined) return textAt(found, 'OutputValue') ?? '';
  const names = outputs.map(({ OutputKey }) => String(OutputKey));
  const nearest = nearestOf(name, names) ?? names.join(', ');
  throw new NotFound(`the stack ${stack} has no output ${name}: it has ${nearest === '' ? 'none' : nearest}`);
}

async function describeStack(stack: string, aws: Aws): Promise<JsonObject> {
  try {
    return await aws('cloudformation', 'DescribeStacks', { StackName: stack });
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError')
      throw new NotFound(`the CloudFormation stack ${stack} does not exist`);
    throw error;
  }
}

async function parameter(name: string, aws: Aws): Promise<string> {
  const answer = await getParameter(name, aws);
  const found = objectAt(answer, 'Parameter');
  if (textAt(found, 'Type') === 'SecureString')
    throw new NotFound(
      `the parameter ${name} is a SecureString, whose value would be shown in plans: use another one`,
    );
  return textAt(found, 'Value') ?? '';
}

async function getParameter(name: string, aws: Aws): Promise<JsonObject> {
  try {
    return await aws('ssm', 'GetParameter', { Name: name });
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound')
      throw new NotFound(`the parameter ${name} does not exist`);
    throw error;
  }
}

/** ARNs of everything with this tag. */
export async function arnsWithTag(key: string, value: string, aws: Aws): Promise<readonly string[]> {
  const found = await tagged({ TagFilters: [{ Key: key, Values: [value] }] }, aws);
  return found.map(({ arn }) => arn);
}
