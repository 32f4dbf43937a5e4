import { AwsError, type Clock, type JsonObject, type ServiceApi } from '../contract.ts';
import { object, objects, required, text } from '../ecs/read.ts';
import { allowsPrincipal } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy.ts';
import { parseJson } from '../json.ts';
import { isSamePlace, type Place } from '../place.ts';
import { isObject, objectAt, optionalString, stringAt } from '../stack/json.ts';
import { invalidAt, type Registry } from './registry.ts';
import type { Repository, StoredImage } from './repository.ts';

/** ECR's replication of pushes to other accounts and regions. Source: Amazon ECR User Guide, "Private image replication". */

/** AWS says that most images arrive within 30 minutes, milliseconds. */
const DELAY = 20_000;

interface ReplicationOptions {
  readonly clock: Clock;
  readonly place: Place;
  readonly registry: Pick<Registry, 'replicate' | 'repositories'>;
  /** Sends an image to another place. What does not arrive there is lost. */
  readonly send: (to: Place, image: JsonObject) => void;
}

interface Kept {
  configuration: JsonObject;
  /** Who may replicate into this registry, as JSON text. */
  policy: string | undefined;
}

export type Replication = ReturnType<typeof createReplication>;

export function createReplication(options: ReplicationOptions) {
  const { clock, place, send } = options;
  const kept: Kept = { configuration: { rules: [] }, policy: undefined };
  return {
    /** A push is replicated once: what arrives by replication is not replicated onward. */
    pushed(where: Repository, image: StoredImage, tag: string | undefined) {
      const message = messageOf(place, where, image, tag);
      for (const to of destinationsOf(kept.configuration, where.name))
        clock.after(DELAY, () => send(to, message));
    },
    /** An image of another registry arrives. */
    receive: (message: JsonObject) => receive(options, kept.policy, message),
    operations: operationsOn(place, kept),
    keep: () => kept,
    resume: (old: unknown) => void Object.assign(kept, old),
    reset: () => void Object.assign(kept, { configuration: { rules: [] }, policy: undefined }),
  };
}

function operationsOn({ account, region }: Place, kept: Kept): ServiceApi['operations'] {
  const registryId = account;
  return {
    PutReplicationConfiguration(input) {
      const configuration = object(input, 'replicationConfiguration') ?? {};
      for (const rule of listAt(configuration, 'rules')) {
        for (const to of listAt(rule, 'destinations'))
          if (isSamePlace(placeOf(to), { account, region }))
            throw invalidAt('replicationConfiguration', 'A registry does not replicate to itself');
        for (const filter of objects(rule, 'repositoryFilters'))
          if (required(filter, 'filter') === '' || required(filter, 'filterType') !== 'PREFIX_MATCH')
            throw invalidAt('repositoryFilters', 'Member must satisfy enum value set: [PREFIX_MATCH]');
      }
      kept.configuration = configuration;
      return { replicationConfiguration: configuration };
    },
    DescribeRegistry: () => ({ registryId, replicationConfiguration: kept.configuration }),
    PutRegistryPolicy(input) {
      const policyText = required(input, 'policyText');
      try {
        parsePolicy('of the registry', parseJson(policyText));
      } catch (error) {
        throw invalidAt('policyText', `Invalid registry policy provided: ${String(error)}`);
      }
      kept.policy = policyText;
      return { registryId, policyText };
    },
    GetRegistryPolicy() {
      if (kept.policy !== undefined) return { registryId, policyText: kept.policy };
      const message = `Registry policy does not exist in the registry with id '${account}'`;
      throw new AwsError('RegistryPolicyNotFoundException', message);
    },
  };
}

/** A list that has to be there. */
function listAt(from: JsonObject, member: string): readonly JsonObject[] {
  if (from[member] === undefined) throw invalidAt(member, 'Member must not be null');
  return objects(from, member);
}

function placeOf(destination: JsonObject): Place {
  return { account: required(destination, 'registryId'), region: required(destination, 'region') };
}

/** Of all rules for this repository. A rule without filters is for all. */
function destinationsOf(configuration: JsonObject, name: string): readonly Place[] {
  return objects(configuration, 'rules').flatMap((rule) => {
    const prefixes = objects(rule, 'repositoryFilters').map((filter) => text(filter, 'filter') ?? '');
    const applies = prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix));
    return applies ? objects(rule, 'destinations').map(placeOf) : [];
  });
}

function messageOf(from: Place, where: Repository, image: StoredImage, tag: string | undefined): JsonObject {
  return {
    from: { ...from },
    repository: where.name,
    manifest: image.manifest,
    mediaType: image.mediaType,
    ...(tag === undefined ? {} : { tag }),
    blobs: [...where.blobs.values()].map((content) => Buffer.from(content).toString('base64')),
  };
}

function receive({ place, registry }: ReplicationOptions, policy: string | undefined, message: JsonObject) {
  const source = objectAt(message.from, 'from');
  const from = { account: stringAt(source.account, 'account'), region: stringAt(source.region, 'region') };
  const repository = stringAt(message.repository, 'repository');
  const actions = [
    'ecr:ReplicateImage',
    ...(registry.repositories.has(repository) ? [] : ['ecr:CreateRepository']),
  ];
  if (from.account !== place.account)
    for (const action of actions) refuse(place, policy, from.account, action, repository);
  registry.replicate({
    repository,
    manifest: stringAt(message.manifest, 'manifest'),
    mediaType: stringAt(message.mediaType, 'mediaType'),
    tag: optionalString(message.tag, 'tag'),
    from,
    blobs: Array.isArray(message.blobs)
      ? message.blobs.map((content) => Buffer.from(String(content), 'base64'))
      : [],
  });
  return {};
}

/** Another account needs the policy of the registry. */
function refuse(
  { account, region }: Place,
  policy: string | undefined,
  source: string,
  action: string,
  repository: string,
): void {
  const resource = `arn:aws:ecr:${region}:${account}:repository/${repository}`;
  const document = policy === undefined ? undefined : parseJson(policy);
  const policies = isObject(document) ? [parsePolicy('of the registry', document)] : [];
  const request = { action, resource, context: { 'aws:PrincipalAccount': source } };
  if (allowsPrincipal(policies, `arn:aws:iam::${source}:root`, request)) return;
  throw new AwsError(
    'AccessDeniedException',
    `The account ${source} is not authorized to perform: ${action} on resource: ${resource}`,
  );
}
