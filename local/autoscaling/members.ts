import { AwsError, type Json, type JsonObject } from '../contract.ts';
import { number, text, texts } from '../ecs/read.ts';

/** Members that requests of Application Auto Scaling share, and the errors about them. */

export const DIMENSION = 'ecs:service:DesiredCount';
/** Largest and default page size. Source: Application Auto Scaling API reference. */
const PAGE = 50;

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A validation error about a member, in AWS's words. `path` as in the API: `PolicyName`. */
export function constraint(path: string, fault: string, value?: Json): AwsError {
  const at = `'${path.slice(0, 1).toLowerCase()}${path.slice(1)}'`;
  const what = value === undefined ? `Value at ${at}` : `Value '${String(value)}' at ${at}`;
  return invalid(`1 validation error detected: ${what} failed to satisfy constraint: ${fault}`);
}

/** A required string of 1 to `most` characters. */
export function required(input: JsonObject, member: string, most = 1600): string {
  const value = text(input, member);
  if (value === undefined) throw constraint(member, 'Member must not be null');
  if (value === '') throw constraint(member, 'Member must have length greater than or equal to 1', value);
  if (value.length > most)
    throw constraint(member, `Member must have length less than or equal to ${most}`, value);
  return value;
}

/** An optional whole number, not below `least`. */
export function whole(
  input: JsonObject,
  member: string,
  least = Number.NEGATIVE_INFINITY,
): number | undefined {
  const value = number(input, member);
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) throw constraint(member, 'Member must be a whole number', value);
  if (value < least)
    throw constraint(member, `Member must have value greater than or equal to ${least}`, value);
  return value;
}

/** An optional string that is one of `known`. */
export function choice(input: JsonObject, member: string, known: readonly string[]): string | undefined {
  const value = text(input, member);
  if (value === undefined || known.includes(value)) return value;
  throw constraint(member, `Member must satisfy enum value set: [${known.join(', ')}]`, value);
}

function namespaceOf(input: JsonObject): void {
  const namespace = required(input, 'ServiceNamespace');
  if (namespace !== 'ecs') throw invalid(`The local cloud scales the namespace ecs only, not ${namespace}`);
}

/** The resource ID of a request for one service: `service/CLUSTER/SERVICE`. */
export function resourceOf(input: JsonObject): string {
  namespaceOf(input);
  const id = required(input, 'ResourceId');
  dimensionOf(required(input, 'ScalableDimension'));
  if (/^service\/[^/]+\/[^/]+$/.test(id)) return id;
  throw invalid(`Unsupported resource ID: ${id}, expected service/CLUSTER/SERVICE`);
}

function dimensionOf(dimension: string): void {
  if (dimension !== DIMENSION)
    throw invalid(
      `Unsupported service namespace, resource type or scalable dimension: ${dimension}, expected ${DIMENSION}`,
    );
}

/** The services that a Describe request asks for: those in `member`, or all. */
export function about(
  input: JsonObject,
  member: 'ResourceId' | 'ResourceIds',
): (of: { readonly resourceId: string }) => boolean {
  namespaceOf(input);
  const single = member === 'ResourceId' ? text(input, member) : undefined;
  const named = member === 'ResourceIds' ? texts(input, member) : single === undefined ? [] : [single];
  const dimension = text(input, 'ScalableDimension');
  if (dimension !== undefined) {
    dimensionOf(dimension);
    if (named.length === 0) throw invalid(`${member} must be specified when ScalableDimension is`);
  }
  return ({ resourceId }) => named.length === 0 || named.includes(resourceId);
}

/** One page of `all` under `member`, with the token of the next. Throws InvalidNextTokenException. */
export function page(member: string, all: readonly JsonObject[], input: JsonObject): JsonObject {
  const limit = whole(input, 'MaxResults', 1) ?? PAGE;
  if (limit > PAGE)
    throw constraint('MaxResults', `Member must have value less than or equal to ${PAGE}`, limit);
  const token = text(input, 'NextToken');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString() || 'none');
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError('InvalidNextTokenException', `Invalid next token: ${token}`);
  const end = start + limit;
  const next = end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {};
  return { [member]: all.slice(start, end), ...next };
}
