import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Surroundings } from '../../cli/surroundings.ts';

export interface Received {
  readonly path: string;
  readonly target: string;
  readonly body: string;
  /** The region that it is signed for. */
  readonly region: string | undefined;
}

export interface Answered {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that answers what a test says and keeps what it was asked. Undefined becomes a 501. */
export async function fakeCloud(answer: (request: Received) => Answered | undefined) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const asked = {
      path: request.url ?? '',
      target: String(request.headers['x-amz-target'] ?? ''),
      body: await bodyOf(request),
      // "AWS4-HMAC-SHA256 Credential=KEY/20260101/eu-west-1/lambda/aws4_request, …"
      region: String(request.headers.authorization).split('/')[2],
    };
    received.push(asked);
    const { status = 200, headers = {}, body } = answer(asked) ?? { status: 501, body: '{}' };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Grants nothing: where a request went is all that matters. */
export function denyingCloud() {
  return fakeCloud(() => ({
    status: 400,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    body: JSON.stringify({ __type: 'AccessDeniedException', message: 'nothing is granted' }),
  }));
}

/** Leaves the SDK nothing but a cloud and credentials for it: no region, and no profile of this machine. */
export function useOnly({ url }: { readonly url: string }): void {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/none',
    AWS_CONFIG_FILE: '/none',
  });
}

export function restoreVariables(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
}

export const identity: Answered = {
  headers: { 'content-type': 'text/xml' },
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
    </GetCallerIdentityResult></GetCallerIdentityResponse>`,
};

const ARN = 'arn:aws:ecs:eu-west-1:123456789012';

/** A cluster `app` with the service `web`, and nothing else. */
const CLUSTER: Readonly<Record<string, object>> = {
  DescribeClusters: {
    clusters: [{ clusterName: 'app', clusterArn: `${ARN}:cluster/app`, status: 'ACTIVE' }],
  },
  ListServices: { serviceArns: [`${ARN}:service/app/web`] },
  DescribeServices: { services: [{ serviceName: 'web', status: 'ACTIVE', taskDefinition: 'web:1' }] },
  DescribeTaskDefinition: {
    taskDefinition: {
      family: 'web',
      containerDefinitions: [
        { name: 'web', image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1.0.0' },
      ],
    },
  },
  ListTaskDefinitionFamilies: { families: [] },
  ListEventBuses: { EventBuses: [{ Name: 'default' }] },
  ListRuleNamesByTarget: { RuleNames: [] },
};

export function aCluster({ path, target, region = '' }: Received): Answered | undefined {
  if (path.startsWith('/schedules')) return { body: '{"Schedules":[]}' };
  const answer = CLUSTER[target.replace(/^.*\./, '')];
  return answer && { body: JSON.stringify(answer).replaceAll('eu-west-1', region) };
}

/** Surroundings that keep what was written. */
export function recorded(directory = '/') {
  const written = { out: '', err: '' };
  const around: Surroundings = {
    env: {},
    out: { write: (text) => (written.out += text) },
    err: { write: (text) => (written.err += text) },
    directory,
    now: () => Date.parse('2026-01-01T12:00:00Z'),
  };
  return { around, written };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
