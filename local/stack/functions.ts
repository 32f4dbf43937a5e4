import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { allowsPrincipal } from '../iam/evaluate.ts';
import { isObject, objectAt, optionalNumber, optionalString, stringAt } from './json.ts';
import type { Role } from './roles.ts';
import type { EventInvoke, StackFunction } from './stack.ts';
import type { Resource } from './template.ts';

/** Lambda's limit for all environment variables together, in bytes (Lambda developer guide, "Lambda quotas"). */
const ENVIRONMENT_LIMIT = 4096;

const ALIAS = 'AWS::Lambda::Alias';

/** The functions of a template. Throws if one has no zip, no role, or a role that Lambda cannot assume. */
export function readFunctions(
  resources: readonly Resource[],
  roles: readonly Role[],
  directory: string,
): readonly StackFunction[] {
  const functions = resources
    .filter(({ type }) => type === 'AWS::Lambda::Function')
    .map((resource) => readFunction(resource, resources, roles, directory));
  for (const alias of resources.filter(({ type }) => type === ALIAS)) checkAlias(alias, functions);
  return functions;
}

function readFunction(
  resource: Resource,
  resources: readonly Resource[],
  roles: readonly Role[],
  directory: string,
): StackFunction {
  const { properties, name } = resource;
  const where = `function ${name}`;
  const role = roleOf(properties.Role, roles, where);
  const deadLetterArn = optionalString(
    objectAt(properties.DeadLetterConfig, where).TargetArn,
    `${where}, DeadLetterConfig`,
  );
  const reserved = optionalNumber(
    properties.ReservedConcurrentExecutions,
    `${where}, ReservedConcurrentExecutions`,
  );
  const description = optionalString(properties.Description, `${where}, Description`);
  return {
    name,
    arn: resource.attributes.Arn ?? '',
    ...(description === undefined ? {} : { description }),
    handler: stringAt(properties.Handler, `${where}, Handler`),
    runtime: stringAt(properties.Runtime, `${where}, Runtime`),
    zipPath: zipOf(resource, directory),
    environment: readEnvironment(resource),
    roleArn: role.arn,
    roleName: role.name,
    policies: role.policies,
    timeoutSeconds: optionalNumber(properties.Timeout, `${where}, Timeout`) ?? 3,
    memory: optionalNumber(properties.MemorySize, `${where}, MemorySize`) ?? 128,
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    eventInvoke: readEventInvoke(resource, resources),
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    aliases: resources
      .filter((each) => each.type === ALIAS && isOf(each, resource.name, resource.attributes.Arn))
      .map((alias) => alias.name),
  };
}

/** Whether a resource refers to this function, by name or ARN. */
function isOf({ properties }: Resource, name: string, arn: string | undefined): boolean {
  return properties.FunctionName === name || properties.FunctionName === arn;
}

function checkAlias(alias: Resource, functions: readonly StackFunction[]): void {
  const { logicalId, properties } = alias;
  const where = `alias ${alias.name}, Resources.${logicalId}`;
  const version = stringAt(properties.FunctionVersion, `${where}, FunctionVersion`);
  if (version !== '$LATEST')
    throw new Error(`${where}: version ${version} is not simulated by the local cloud, only $LATEST`);
  if (functions.some(({ name, arn }) => isOf(alias, name, arn))) return;
  throw new Error(`${where}: its function ${String(properties.FunctionName)} is not in the template`);
}

function roleOf(value: Resource['properties'][string], roles: readonly Role[], where: string): Role {
  const arn = stringAt(value, `${where}, Role`);
  const role = roles.find((each) => each.arn === arn);
  if (!role) throw new Error(`${where}: its role ${arn} is not in the template`);
  const assume = { action: 'sts:AssumeRole', resource: arn, context: {} };
  if (!allowsPrincipal([role.trust], 'lambda.amazonaws.com', assume)) {
    throw new Error(`${where}: role ${role.name} cannot be assumed by Lambda`);
  }
  return role;
}

/** `serverless package` writes one zip per function next to the template, which has its key in S3. */
function zipOf({ properties, name }: Resource, directory: string): string {
  const code = objectAt(properties.Code, `function ${name}, Code`);
  const key = optionalString(code.S3Key, `function ${name}, S3Key`);
  const candidates = [...(key === undefined ? [] : [basename(key)]), `${name}.zip`].map((each) =>
    join(directory, each),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(`function ${name}: there is no ${candidates.join(' or ')}; run serverless package`);
}

function readEnvironment({ properties, name }: Resource): Readonly<Record<string, string>> {
  const where = `function ${name}, Environment`;
  const variables = objectAt(objectAt(properties.Environment, where).Variables, where);
  const environment = Object.fromEntries(
    Object.entries(variables).map(([key, value]) => [key, scalar(value, `${where}, ${key}`)]),
  );
  const size = Object.entries(environment).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (size > ENVIRONMENT_LIMIT) {
    throw new Error(`${where}: ${size} bytes exceed Lambda's limit of ${ENVIRONMENT_LIMIT}`);
  }
  return environment;
}

function scalar(value: Resource['properties'][string], where: string): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : stringAt(value, where);
}

/** Defaults: two retries within six hours (Lambda developer guide, "Asynchronous invocation"). */
function readEventInvoke(resource: Resource, resources: readonly Resource[]): EventInvoke {
  const where = `function ${resource.name}, EventInvokeConfig`;
  const properties =
    resources.find(
      (each) =>
        each.type === 'AWS::Lambda::EventInvokeConfig' && isOf(each, resource.name, resource.attributes.Arn),
    )?.properties ?? {};
  const destinations = objectAt(properties.DestinationConfig, where);
  if (isObject(destinations.OnSuccess))
    throw new Error(`${where}: OnSuccess is not simulated by the local cloud`);
  const onFailure = optionalString(objectAt(destinations.OnFailure, where).Destination, where);
  return {
    maximumRetryAttempts: optionalNumber(properties.MaximumRetryAttempts, where) ?? 2,
    maximumEventAgeSeconds: optionalNumber(properties.MaximumEventAgeInSeconds, where) ?? 21_600,
    ...(onFailure === undefined ? {} : { onFailure }),
  };
}
