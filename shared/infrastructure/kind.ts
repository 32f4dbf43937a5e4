import type { Difference } from './compare.ts';
import type { JsonObject } from './json.ts';
import type { Listing } from './lifecycleCheck.ts';

/** The kinds of resources, in the order in which they are created. */
export type KindName = 'logGroup' | 'repository' | 'cluster' | 'taskDefinition' | 'service' | 'scaling';

/** One resource as `fairway.yml` declares it, in AWS's own members. */
export interface Resource {
  readonly kind: KindName;
  /** Unique within its kind: "web-app", "app-prod/web-app". */
  readonly name: string;
  readonly members: JsonObject;
  readonly tags: Tags;
  /** Paths whose differences are left alone. */
  readonly ignore: readonly string[];
}

/** `null` removes a tag. */
export type Tags = Readonly<Record<string, string | null>>;

/** A resource as it is in AWS, in the members in which it is declared. */
export interface Actual {
  readonly members: JsonObject;
  readonly tags: Readonly<Record<string, string>>;
  readonly arn: string;
  /** The task definition that a service runs. */
  readonly running?: JsonObject;
  /** A service of Express Mode, whose settings ECS manages. */
  readonly isExpress?: true;
}

/** One call of an AWS API. `service` as in IAM's actions. */
export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly input: JsonObject;
}

/** Calls AWS with JSON as it is. Throws an `Error` whose name is AWS's error code. */
export type Aws = (service: string, operation: string, input: JsonObject) => Promise<JsonObject>;

/** Where the resources are. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** The name of the stack, which tags what `apply` creates. */
  readonly installation: string;
}

/** What has to be done by the functions, since it starts a deployment of a service of an app. */
export interface ReleaseOrder {
  readonly app: string;
  /** The service that gets it. */
  readonly service: string;
  /** Its new revision is made from the newest one of this family; absent: from the one that runs. */
  readonly family?: string;
  /** Members of UpdateService, and what the service has before. */
  readonly settings?: { readonly to: JsonObject; readonly from: JsonObject };
}

/** How a difference is removed. */
export interface Remedy {
  readonly calls: readonly Call[];
  /** What Fairway does not do, since it would replace or destroy something: how to do it by hand. */
  readonly byHand?: readonly string[];
  /** What to know about it. */
  readonly notes?: readonly string[];
  /** The release that brings the change. */
  readonly release?: ReleaseOrder;
}

/** How a resource is created: the calls, or the repository whose first image it waits for. */
export type Creation = Remedy | { readonly waitsFor: string };

/** What a kind may know of the others when it decides. */
export interface World {
  readonly place: Place;
  /** A resource as it is in AWS. */
  actual(kind: KindName, name: string): Actual | undefined;
  declared(kind: KindName, name: string): Resource | undefined;
  /** The image that a new task definition starts with: `sha256:…`. */
  firstImage(repository: string): string | undefined;
  /** The repository whose first image a resource waits for. */
  waitsFor(kind: KindName, name: string): string | undefined;
  /** The images of a repository whose lifecycle policy changes. */
  listing(repository: string): Listing | undefined;
  /** The app that deploys a service: "app-prod/web-app". */
  appOfService(name: string): string | undefined;
  /** What the functions may use for that service. */
  rightsFor(name: string): DeployRights | undefined;
}

/** What the functions may use to deploy a service, as `fairway.yml` says. */
export interface DeployRights {
  readonly family: string;
  /** Names of the roles that they may pass to ECS. */
  readonly roles: readonly string[];
}

/** What the operator needs for a kind: IAM actions, and the ARN of each resource that they act on; absent: `*`. */
export interface Grant {
  readonly actions: readonly string[];
  /** The declarations that need it; absent: each. */
  readonly when?: (resource: Resource) => boolean;
  readonly on?: (resource: Resource, place: Place) => string;
}

/** One kind of resources: how it is read, compared, created and changed. Only `read` calls AWS. */
export interface Kind {
  readonly name: KindName;
  /** As in messages: "log group". */
  readonly title: string;
  /** The declared resources that exist. */
  read(resources: readonly Resource[], aws: Aws): Promise<ReadonlyMap<string, Actual>>;
  compare(resource: Resource, actual: Actual, world: World): readonly Difference[];
  create(resource: Resource, world: World): Creation;
  change(resource: Resource, actual: Actual, found: readonly Difference[], world: World): Remedy;
  /** `plan` needs the first, `apply` both. */
  readonly grants: { readonly read: readonly Grant[]; readonly write: readonly Grant[] };
}

/** For `when`: whether one of these members is declared, with a value or to be reset. */
export function declares(...members: readonly string[]): (resource: Resource) => boolean {
  return ({ members: declared }) => members.some((member) => declared[member] !== undefined);
}

/** For `when`: whether this member is declared with a value. */
export function sets(...members: readonly string[]): (resource: Resource) => boolean {
  return ({ members: declared }) =>
    members.some((member) => declared[member] !== undefined && declared[member] !== null);
}

/** For `when`: whether this member is reset. */
export function resets(member: string): (resource: Resource) => boolean {
  return ({ members }) => members[member] === null;
}

/** For `when`: whether a tag is removed. */
export function removesTags({ tags }: Resource): boolean {
  return Object.values(tags).includes(null);
}

/** An ARN in the account and region of the installation. */
export function arnIn({ partition, region, account }: Place, service: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}

/** Whether one of these members, or a part of it, differs. */
export function concerns(found: readonly Difference[], ...members: readonly string[]): boolean {
  return found.some(({ path }) => members.some((member) => memberOfPath(path) === member));
}

/** "settings[containerInsights].value" → "settings". */
export function memberOfPath(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}
