import type { Cloud } from '../../../local/cloud.ts';
import type { HttpRequest } from '../../../local/front/http.ts';
import { startWorld } from '../../models/world.ts';

const signed = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
});
const NOT_SIMULATED = 'is not simulated by the local cloud';

describe('the error of an operation that is not simulated contains its name', () => {
  let cloud: Cloud;
  beforeAll(async () => {
    cloud = await startWorld();
  });
  afterAll(() => cloud.stop());

  async function ask(request: Partial<HttpRequest>) {
    const answer = await cloud.answer({
      method: 'POST',
      path: '/',
      headers: {},
      body: Buffer.from(''),
      ...request,
    });
    if (!answer) throw new Error('no answer');
    expect(answer.status).toBeGreaterThanOrEqual(400);
    return { ...answer, text: Buffer.from(answer.body).toString('latin1') };
  }

  it.each([
    ['ecs', 'AmazonEC2ContainerServiceV20141113.PutAccountSetting', 'ecs:PutAccountSetting'],
    ['ecr', 'AmazonEC2ContainerRegistry_V20150921.StartImageScan', 'ecr:StartImageScan'],
    ['dynamodb', 'DynamoDB_20120810.TransactWriteItems', 'dynamodb:TransactWriteItems'],
    ['monitoring', 'GraniteServiceVersion20100801.DescribeAlarms', 'monitoring:DescribeAlarms'],
    ['states', 'AWSStepFunctions.StartExecution', 'states:StartExecution'],
    ['kms', 'TrentService.Decrypt', 'kms:Decrypt'],
  ])('in JSON: %s %s', async (service, target, name) => {
    const { text } = await ask({
      headers: { ...signed(service), 'x-amz-target': target },
      body: Buffer.from('{}'),
    });
    expect(JSON.parse(text)).toEqual({
      __type: 'UnknownOperationException',
      message: `${name} ${NOT_SIMULATED}`,
    });
  });

  it.each([
    ['sns', 'Action=CreateTopic&Version=2010-03-31', 'sns:CreateTopic'],
    ['rds', 'Action=DescribeDBInstances&Version=2014-10-31', 'rds:DescribeDBInstances'],
    [
      'elasticloadbalancing',
      'Action=ModifyTargetGroup&Version=2015-12-01',
      'elasticloadbalancing:ModifyTargetGroup',
    ],
    ['cloudformation', 'Action=DescribeStacks&Version=2010-05-15', 'cloudformation:DescribeStacks'],
  ])('in the query protocol: %s %s', async (service, body, name) => {
    const { text } = await ask({ headers: signed(service), body: Buffer.from(body) });
    expect(text).toMatch(/^<ErrorResponse>/);
    expect(text).toContain('<Code>UnknownOperationException</Code>');
    expect(text).toContain(`<Message>${name} ${NOT_SIMULATED}</Message>`);
  });

  it('in the protocol of EC2', async () => {
    const body = Buffer.from('Action=DescribeSubnets&Version=2016-11-15');
    const { text } = await ask({ headers: signed('ec2'), body });
    expect(text).toMatch(/^<Response><Errors><Error><Code>UnknownOperationException<\/Code>/);
    expect(text).toContain(`ec2:DescribeSubnets ${NOT_SIMULATED}`);
  });

  it.each([
    ['GET', '/2015-03-31/functions/', 'lambda:ListFunctions'],
    ['PUT', '/2015-03-31/functions/web/configuration', 'lambda:UpdateFunctionConfiguration'],
    ['POST', '/2015-03-31/functions', 'lambda:CreateFunction'],
    ['PUT', '/2015-03-31/functions/web/code', 'lambda:UpdateFunctionCode'],
    ['DELETE', '/2015-03-31/functions/web', 'lambda:DeleteFunction'],
    ['GET', '/2099-01-01/wonders', 'lambda:GET /2099-01-01/wonders'],
  ])('of Lambda: %s %s', async (method, path, name) => {
    const { text, headers } = await ask({ method, path, headers: signed('lambda') });
    expect(JSON.parse(text)).toMatchObject({ message: `${name} ${NOT_SIMULATED}` });
    expect(headers['x-amzn-errortype']).toBe('UnknownOperationException');
  });

  it.each([
    ['scheduler', 'POST', '/tags/nightly', 'scheduler:TagResource'],
    ['batch', 'POST', '/v1/describejobs', 'batch:POST /v1/describejobs'],
  ])('of other services with paths: %s %s %s', async (service, method, path, name) => {
    const { text } = await ask({ method, path, headers: signed(service), body: Buffer.from('{}') });
    expect(JSON.parse(text)).toMatchObject({ message: `${name} ${NOT_SIMULATED}` });
  });

  it('of services with paths and XML', async () => {
    const { text } = await ask({ method: 'GET', path: '/bucket?list-type=2', headers: signed('s3') });
    expect(text).toMatch(/^<Error><Code>UnknownOperationException<\/Code>/);
    expect(text).toContain(`s3:GET /bucket ${NOT_SIMULATED}`);
  });

  it('in CBOR, which the newest clients use for CloudWatch', async () => {
    const { text, headers } = await ask({
      path: '/service/GraniteServiceVersion20100801/operation/DescribeAlarms',
      headers: { ...signed('monitoring'), 'smithy-protocol': 'rpc-v2-cbor' },
    });
    expect(headers).toMatchObject({ 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' });
    expect(text).toContain(`monitoring:DescribeAlarms ${NOT_SIMULATED}`);
    expect(text.charCodeAt(0)).toBe(0xa2);
  });

  it('is in the list of calls', async () => {
    await ask({ headers: signed('rds'), body: Buffer.from('Action=DescribeDBClusters') });
    const { body = '' } =
      (await cloud.answer({
        method: 'GET',
        path: '/_local/calls',
        headers: {},
        body: Buffer.from(''),
      })) ?? {};
    expect(JSON.parse(String(body))).toContainEqual(
      expect.objectContaining({ service: 'rds', operation: 'DescribeDBClusters', status: 400 }),
    );
  });
});
