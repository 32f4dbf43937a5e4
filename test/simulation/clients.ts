import { AwsError } from '../../local/contract.ts';
import type { Clients } from '../../shared/aws/clients.ts';
import type { loadBalancersClient } from '../../shared/aws/loadBalancers.ts';

/**
 * SDK clients without the SDK's wire: commands keep their own middleware and get the same answers and errors;
 * serializing, signing and sockets are left out. What they are called for is carried out by `carry`.
 */
export type Carry = (service: string, operation: string, input: object) => Promise<object>;

/** As the SDK's standard strategy: three attempts, for what may pass. */
const ATTEMPTS = 3;
const PASSING = ['ThrottlingException', 'TimeoutError', 'ServerException', 'InternalServerError'];

interface Command {
  readonly input: object;
  readonly schema: readonly [kind: number, namespace: string, operation: string];
  readonly middlewareStack: { resolve(handler: Handler, context: object): Handler };
}
type Handler = (args: Args) => Promise<{ output: object; response: { headers: object; body: Uint8Array } }>;
interface Args {
  readonly input: object;
  readonly request: { headers: Record<string, string>; body: string };
}

type Sleep = (span: number) => Promise<void>;

function clientOf(service: string, carry: Carry, sleep: Sleep) {
  return {
    async send(command: Command): Promise<object> {
      const [, , operation] = command.schema;
      const handler = command.middlewareStack.resolve(async ({ request }) => {
        const input = service === 'dynamodb' ? command.input : JSON.parse(request.body);
        const answer = await carry(service, operation, input);
        const body = service === 'ecs' ? new TextEncoder().encode(JSON.stringify(answer)) : new Uint8Array();
        return {
          output: service === 'dynamodb' ? answer : withDates(answer),
          response: { headers: {}, body },
        };
      }, {});
      for (let attempt = 1; ; attempt += 1) {
        try {
          const request = { headers: {}, body: service === 'dynamodb' ? '' : JSON.stringify(command.input) };
          return (await handler({ input: command.input, request })).output;
        } catch (error) {
          if (attempt === ATTEMPTS || !(error instanceof Error) || !PASSING.includes(error.name)) throw error;
          await sleep(100 * 2 ** attempt);
        }
      }
    },
  };
}

export function createClients(carry: Carry, sleep: Sleep): Clients {
  const client = (service: string) => clientOf(service, carry, sleep);
  // What the adapters use of a client is `send`; the rest of its type is the SDK's own business.
  const clients: object = {
    ecs: client('ecs'),
    ecr: client('ecr'),
    ecrIn: () => client('ecr'),
    sns: client('sns'),
    dynamodb: client('dynamodb'),
  };
  return clients as Clients;
}

/** What the adapter of load balancers uses of its client. */
type Balancing = ReturnType<typeof loadBalancersClient>;

export function createBalancing(carry: Carry, sleep: Sleep): Balancing {
  const client: object = clientOf('elasticloadbalancing', carry, sleep);
  return client as Balancing;
}

/** An error of a service as the SDK throws it. */
export function asSdkError(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const thrown = new Error(error.message);
  thrown.name = error.code;
  return Object.assign(thrown, error.members, { $metadata: { httpStatusCode: error.status } });
}

export function serviceError(name: string, message: string, status: number): Error {
  const error = new Error(message);
  error.name = name;
  return Object.assign(error, { $metadata: { httpStatusCode: status } });
}

/** A copy with times as the SDK's models have them: epoch seconds on the wire, in members whose names end in "At". */
function withDates(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'number' && name.endsWith('At') ? new Date(member * 1000) : copyOf(member),
    ]),
  );
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === 'object' && value !== null ? withDates(value) : value;
}
