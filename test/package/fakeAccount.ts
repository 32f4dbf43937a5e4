import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of CloudFormation, S3 and STS as a deployment by the Serverless Framework uses, for one stack. */

const CLOUDFORMATION = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const USUAL = 'fairway-production';

interface Answer {
  readonly status?: number;
  readonly body: string;
}

export interface Account {
  readonly url: string;
  /** "CreateChangeSet eu-west-1 AKIAONE", in order. */
  readonly calls: readonly string[];
  /** The SHA-256 of each object in the bucket, by its key. */
  readonly objects: ReadonlyMap<string, string>;
  /** The template that was deployed last, and the tags of the stack. */
  template(stack?: string): string | undefined;
  tags(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * @param owners the account of each access key; 123456789012 for others
 * @param before the template that is deployed
 */
export async function fakeAccount(
  owners: Readonly<Record<string, string>> = {},
  before?: string,
): Promise<Account> {
  const calls: string[] = [];
  const objects = new Map<string, string>();
  const bodies = new Map<string, string>();
  let proposed: string | undefined;
  const stacks = new Map<string, string>(before === undefined ? [] : [[USUAL, before]]);
  let tags: Readonly<Record<string, string>> = {};

  function query(input: URLSearchParams, key: string): Answer {
    const operation = input.get('Action') ?? '';
    const stack = input.get('StackName') ?? '';
    const deployed = stacks.get(stack);
    const result = (xml: string) => ({
      body: `<${operation}Response xmlns="${CLOUDFORMATION}"><${operation}Result>${xml}</${operation}Result></${operation}Response>`,
    });
    switch (operation) {
      case 'GetCallerIdentity':
        return result(
          `<Arn>arn:aws:iam::x:user/x</Arn><UserId>x</UserId><Account>${owners[key] ?? '123456789012'}</Account>`,
        );
      case 'GetTemplate':
        return deployed === undefined
          ? failure(`Stack with id ${stack} does not exist`)
          : result(`<TemplateBody>${escaped(deployed)}</TemplateBody>`);
      case 'DescribeStacks':
        return deployed === undefined ? failure(`Stack with id ${stack} does not exist`) : result(STACKS);
      case 'CreateChangeSet':
        proposed = input.get('TemplateBody') ?? bodies.get(keyOf(input.get('TemplateURL')));
        if (proposed?.includes('"Parameters":')) return failure('Parameters: [CodeBucket] must have values');
        tags = tagsIn(input);
        return result('<Id>change</Id><StackId>stack</StackId>');
      case 'DescribeChangeSet':
        return result('<Status>CREATE_COMPLETE</Status><StackId>stack</StackId><Changes/>');
      case 'ExecuteChangeSet':
        stacks.set(stack, proposed ?? '');
        return result('');
      case 'DescribeStackEvents':
        return result(EVENTS);
      case 'DescribeStackResource':
        if (!deployed?.includes('"ServerlessDeploymentBucket"'))
          return failure('Resource ServerlessDeploymentBucket does not exist for stack fairway-production');
        return result(
          '<StackResourceDetail><PhysicalResourceId>the-bucket</PhysicalResourceId></StackResourceDetail>',
        );
      default:
        return result('');
    }
  }

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const [, key = '', , region = '', service = ''] =
      /Credential=([^/]+)\/(\d+)\/([^/]+)\/([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
    let answer: Answer = { body: '' };
    if (service === 's3') {
      calls.push(`${request.method} ${region} ${key}`);
      const object = keyOf(request.url ?? '');
      if (request.method === 'PUT') {
        objects.set(object, createHash('sha256').update(body).digest('hex'));
        bodies.set(object, body.toString());
      }
      if (request.method === 'GET')
        answer = { body: '<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>' };
    } else if (service === 'lambda') {
      calls.push(`${request.method} ${region} ${key}`);
      answer = { status: 404, body: '{"Type":"User","Code":"ResourceNotFoundException","message":"none"}' };
    } else {
      const input = new URLSearchParams(body.toString());
      calls.push(`${input.get('Action')} ${region} ${key}`);
      answer = query(input, key);
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'text/xml' }).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    objects,
    template: (stack = USUAL) => stacks.get(stack),
    tags: () => tags,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** "Tags.member.1.Key" and "Tags.member.1.Value" of a request. */
function tagsIn(input: URLSearchParams): Readonly<Record<string, string>> {
  const keys = [...input].filter(([name]) => /^Tags\.member\.\d+\.Key$/.test(name));
  return Object.fromEntries(keys.map(([name, key]) => [key, input.get(name.replace(/Key$/, 'Value')) ?? '']));
}

const STACKS = `<Stacks><member><StackName>fairway-production</StackName><StackId>stack</StackId>
  <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs/></member></Stacks>`;

/** Newest first, as CloudFormation lists them. Both kinds of deployment find their end. */
const EVENTS = `<StackEvents>${[
  'UPDATE_COMPLETE',
  'UPDATE_IN_PROGRESS',
  'CREATE_COMPLETE',
  'CREATE_IN_PROGRESS',
]
  .map(
    (
      status,
    ) => `<member><EventId>${status}</EventId><StackId>stack</StackId><StackName>fairway-production</StackName>
  <LogicalResourceId>fairway-production</LogicalResourceId><ResourceType>AWS::CloudFormation::Stack</ResourceType>
  <ResourceStatus>${status}</ResourceStatus><Timestamp>2026-01-01T00:00:00Z</Timestamp></member>`,
  )
  .join('')}</StackEvents>`;

function failure(message: string): Answer {
  const body = `<ErrorResponse xmlns="${CLOUDFORMATION}"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`;
  return { status: 400, body };
}

/** The key in "/the-bucket/serverless/…?x-id=PutObject", with or without a host. */
function keyOf(address: string | null): string {
  const { pathname } = new URL(address ?? '', 'http://127.0.0.1');
  return decodeURIComponent(pathname).replace(/^\/[^/]*\//, '');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
