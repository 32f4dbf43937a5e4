import type { ServiceApi } from './contract.ts';
import { AwsError, type JsonObject } from './contract.ts';
import type { BusPolicy } from './events/busPolicy.ts';
import type { EventEnvelope } from './events/busState.ts';
import type { HttpRequest, HttpResponse } from './front/http.ts';
import { allowsPrincipal } from './iam/evaluate.ts';
import { parsePolicy } from './iam/policy.ts';
import { parseJson } from './json.ts';
import { isSamePlace, type Place } from './place.ts';
import { isObject, objectAt, stringAt } from './stack/json.ts';

/** Other local clouds, which stand for other accounts and regions: look-ups in their registries, and forwarded events. */

export interface Peer extends Place {
  readonly url: string;
}

/** Who calls a peer. */
interface Caller {
  readonly account: string;
  readonly callerArn: string;
  /** The role of the caller with its path, which the session in `callerArn` does not have. */
  readonly principalArn: string;
}

interface Peers {
  has(place: Place): boolean;
  /** Calls ECR in another place. Throws an AwsError if no cloud answers there. */
  ecr(place: Place, operation: string, input: JsonObject, caller: Caller): Promise<HttpResponse>;
  /** Sends an event to the default bus of another place. What does not arrive there is lost, and reported. */
  forward(place: Place, event: JsonObject): void;
  /** Sends an image that is replicated to another place, after those before it. What does not arrive is lost, too. */
  replicate(place: Place, image: JsonObject): void;
}

export function createPeers(peers: readonly Peer[], warn: (message: string) => void): Peers {
  const peerIn = (place: Place) => peers.find((peer) => isSamePlace(peer, place));
  const post = async (place: Place, path: string, body: object): Promise<HttpResponse> => {
    const peer = peerIn(place);
    if (!peer) throw new Error(`no local cloud is in ${place.account} and ${place.region}: see --peers`);
    const response = await fetch(`${peer.url}/_local/peer/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const type = response.headers.get('content-type') ?? 'application/json';
    return { status: response.status, headers: { 'content-type': type }, body: await response.text() };
  };
  const lost = async (what: string, place: Place, sent: Promise<HttpResponse>): Promise<void> => {
    const why = await sent.then(
      ({ status, body }) => (status === 200 ? undefined : String(body)),
      (error: unknown) => String(error),
    );
    if (why !== undefined) warn(`${what} to ${place.account}: ${why}`);
  };
  let replicated = Promise.resolve();
  return {
    has: (place) => peerIn(place) !== undefined,
    async ecr(place, operation, input, caller) {
      try {
        return await post(place, 'ecr', { operation, input, ...caller });
      } catch (error) {
        throw new AwsError(
          'ServerException',
          `The local cloud of ${place.region} failed: ${String(error)}`,
          503,
        );
      }
    },
    forward(place, event) {
      void lost('an event was not forwarded', place, post(place, 'events', { event }));
    },
    replicate(place, image) {
      replicated = replicated.then(() =>
        lost('an image was not replicated', place, post(place, 'replicas', { image })),
      );
    },
  };
}

/** What a peer may use of this cloud. */
interface Shared extends Place {
  readonly ecr: ServiceApi;
  /** The policy of a repository as text; absent: it has none. */
  readonly policyOf: (repository: string) => string | undefined;
  readonly busPolicy: BusPolicy;
  readonly receive: (event: EventEnvelope) => void;
  readonly receiveImage: (image: JsonObject) => JsonObject;
}

/** Answers requests of other local clouds, below `/_local/peer/`. */
export async function answerPeer(shared: Shared, { path, body }: HttpRequest): Promise<HttpResponse> {
  const headers = { 'content-type': 'application/json' };
  try {
    const request = objectAt(parseJson(body.toString()), 'request');
    const answer = await answerTo(shared, path, request);
    return { status: 200, headers, body: JSON.stringify(answer) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const fault = error instanceof AwsError ? error : new AwsError('ValidationException', message);
    return { status: fault.status, headers, body: JSON.stringify({ __type: fault.code, message }) };
  }
}

async function answerTo(shared: Shared, path: string, request: JsonObject) {
  if (path.endsWith('/events')) return receive(shared, request);
  if (path.endsWith('/replicas')) return shared.receiveImage(objectAt(request.image, 'image'));
  return callEcr(shared, request);
}

const READS: readonly string[] = [
  'BatchGetImage',
  'DescribeImageScanFindings',
  'DescribeImages',
  'DescribeRepositories',
  'GetDownloadUrlForLayer',
  'ListImages',
];

async function callEcr(shared: Shared, request: JsonObject) {
  const operation = stringAt(request.operation, 'operation');
  const callerArn = stringAt(request.callerArn, 'callerArn');
  const account = stringAt(request.account, 'account');
  const input = objectAt(request.input, 'input');
  const perform = READS.includes(operation) ? shared.ecr.operations[operation] : undefined;
  if (!perform)
    throw new AwsError('UnknownOperationException', `ecr:${operation} is not simulated between local clouds`);
  const principalArn = stringAt(request.principalArn, 'principalArn');
  if (account !== shared.account) refuse(shared, operation, input, { account, callerArn, principalArn });
  const { region } = shared;
  return perform(input, { caller: 'external', callerArn, account: shared.account, region });
}

/** Another account needs the policy of the repository, besides its role. Source: IAM User Guide, "Cross-account policy evaluation logic". */
function refuse(
  shared: Shared,
  operation: string,
  { repositoryName, repositoryNames }: JsonObject,
  { account, callerArn, principalArn }: Caller,
): void {
  const names = Array.isArray(repositoryNames) ? repositoryNames : [repositoryName];
  for (const name of names.map(String)) {
    const resource = `arn:aws:ecr:${shared.region}:${shared.account}:repository/${name}`;
    const action = `ecr:${operation}`;
    const text = shared.policyOf(name);
    const policies = text === undefined ? [] : [parsePolicy(`of ${name}`, parseJson(text))];
    const request = {
      action,
      resource,
      context: { 'aws:PrincipalArn': principalArn, 'aws:PrincipalAccount': account },
    };
    const principals = [`arn:aws:iam::${account}:root`, account, principalArn];
    if (principals.some((principal) => allowsPrincipal(policies, principal, request))) continue;
    const message = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} because no resource-based policy allows the ${action} action`;
    throw new AwsError('AccessDeniedException', message);
  }
}

function receive(shared: Shared, { event }: JsonObject): JsonObject {
  if (!isObject(event)) throw new AwsError('ValidationException', 'Parameter event is not valid.');
  const account = stringAt(event.account, 'account');
  const source = stringAt(event.source, 'source');
  const detailType = stringAt(event['detail-type'], 'detail-type');
  if (account !== shared.account && !shared.busPolicy.allows(account, source, detailType)) {
    const bus = `arn:aws:events:${shared.region}:${shared.account}:event-bus/default`;
    throw new AwsError(
      'AccessDeniedException',
      `The account ${account} is not authorized to perform: events:PutEvents on resource: ${bus}`,
    );
  }
  shared.receive({
    version: '0',
    id: stringAt(event.id, 'id'),
    source,
    'detail-type': detailType,
    account,
    region: stringAt(event.region, 'region'),
    time: stringAt(event.time, 'time'),
    resources: Array.isArray(event.resources) ? event.resources.map(String) : [],
    detail: objectAt(event.detail, 'detail'),
  });
  return {};
}
