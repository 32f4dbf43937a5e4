import { createClock } from '../../local/clock.ts';
import { createBusPolicy } from '../../local/events/busPolicy.ts';
import { answerPeer } from '../../local/peers.ts';
import { createRules } from '../../local/schedules/rules.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };
const TEAM = { account: '123456789012', region: 'us-east-1' };
const ROLE = 'arn:aws:iam::123456789012:role/fairway-production/fairway-production-SweepRole';

/** What a cloud answers to others. */
function aCloud(policy?: object) {
  const busPolicy = createBusPolicy(CENTRAL);
  const received: object[] = [];
  const shared = {
    ...CENTRAL,
    ecr: {
      service: 'ecr',
      operations: { DescribeImages: () => ({ imageDetails: [] }), PutImage: () => ({}) },
    },
    policyOf: () => (policy === undefined ? undefined : JSON.stringify(policy)),
    busPolicy,
    receive: (event: object) => void received.push(event),
    receiveImage: () => ({}),
  };
  const post = async (path: string, body: object) => {
    const request = {
      method: 'POST',
      path: `/_local/peer/${path}`,
      headers: {},
      body: Buffer.from(JSON.stringify(body)),
    };
    const { status, body: answer } = await answerPeer(shared, request);
    return { status, answer: JSON.parse(String(answer)) };
  };
  const look = (operation: string, account: string) =>
    post('ecr', {
      operation,
      input: { repositoryName: 'web-app' },
      account,
      callerArn: `arn:aws:sts::${account}:assumed-role/fairway-production-SweepRole/x`,
      principalArn: `arn:aws:iam::${account}:role/fairway-production/fairway-production-SweepRole`,
    });
  return { post, look, received, busPolicy };
}

const allowing = (role: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
      Action: ['ecr:DescribeImages'],
      Condition: { ArnLike: { 'aws:PrincipalArn': role } },
    },
  ],
});

describe('a local cloud that another one asks for an image', () => {
  it.each([
    ['has no policy', undefined],
    ['allows another role', allowing('arn:aws:iam::123456789012:role/other')],
    ['allows a role of another path', allowing('arn:aws:iam::123456789012:role/fairway-production-*')],
  ])('refuses another account when its repository %s', async (_, policy) => {
    expect(await aCloud(policy).look('DescribeImages', TEAM.account)).toMatchObject({
      status: 400,
      answer: {
        __type: 'AccessDeniedException',
        message: expect.stringContaining('no resource-based policy'),
      },
    });
  });

  it('answers another account that the policy of its repository allows', async () => {
    expect(await aCloud(allowing(ROLE)).look('DescribeImages', TEAM.account)).toMatchObject({ status: 200 });
  });

  it('answers the same account in another region without a policy', async () => {
    expect(await aCloud().look('DescribeImages', CENTRAL.account)).toMatchObject({ status: 200 });
  });

  it('changes nothing for another cloud', async () => {
    expect(await aCloud().look('PutImage', CENTRAL.account)).toMatchObject({
      answer: { __type: 'UnknownOperationException' },
    });
  });
});

const event = {
  version: '0',
  id: 'one',
  source: 'aws.ecr',
  'detail-type': 'ECR Image Action',
  ...TEAM,
  time: '2026-03-01T10:00:00Z',
  resources: [],
  detail: { result: 'SUCCESS' },
};

describe('a local cloud that an event is forwarded to', () => {
  it('refuses an account that the policy of its bus does not allow', async () => {
    const { post, received, busPolicy } = aCloud();
    busPolicy.operations.PutPermission({
      StatementId: 'a',
      Action: 'events:PutEvents',
      Principal: '333333333333',
    });
    expect(await post('events', { event })).toMatchObject({ answer: { __type: 'AccessDeniedException' } });
    expect(received).toEqual([]);
  });

  it('refuses an event whose source and type the policy of its bus does not allow', async () => {
    const { post, received, busPolicy } = aCloud();
    const Statement = [
      {
        Sid: 'a',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${TEAM.account}:root` },
        Action: 'events:PutEvents',
        Resource: 'arn:aws:events:eu-west-1:210987654321:event-bus/default',
        Condition: {
          'ForAllValues:StringEquals': { 'events:source': 'aws.ecr' },
          StringEquals: { 'events:detail-type': ['ECR Image Action'] },
        },
      },
    ];
    busPolicy.operations.PutPermission({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    for (const other of [{ source: 'aws.ecs' }, { 'detail-type': 'ECR Image Scan' }])
      expect(await post('events', { event: { ...event, ...other } })).toMatchObject({
        answer: { __type: 'AccessDeniedException' },
      });
    expect(received).toEqual([]);
    expect(await post('events', { event })).toMatchObject({ status: 200 });
  });

  it('has the whole policy that was put last', async () => {
    const { busPolicy } = aCloud();
    busPolicy.operations.PutPermission({
      StatementId: 'a',
      Action: 'events:PutEvents',
      Principal: TEAM.account,
    });
    const policy = { Version: '2012-10-17', Statement: [] };
    busPolicy.operations.PutPermission({ Policy: JSON.stringify(policy) });
    expect(busPolicy.operations.DescribeEventBus()).not.toHaveProperty('Policy');
  });

  it('takes the event with its account and region from an account that is allowed', async () => {
    const { post, received, busPolicy } = aCloud();
    busPolicy.operations.PutPermission({
      StatementId: 'a',
      Action: 'events:PutEvents',
      Principal: TEAM.account,
    });
    expect(await post('events', { event })).toMatchObject({ status: 200 });
    expect(received).toEqual([event]);
  });
});

describe('a rule whose target is the bus of another account', () => {
  function forwarding() {
    const rules = createRules({ clock: createClock(0), ...TEAM });
    const sent: object[] = [];
    rules.connectBuses((bus) => void sent.push(bus));
    rules.operations.PutRule({ Name: 'pushes', EventPattern: '{"source":["aws.ecr"]}' });
    const Arn = 'arn:aws:events:eu-west-1:210987654321:event-bus/default';
    rules.operations.PutTargets({ Rule: 'pushes', Targets: [{ Id: 'bus', Arn, RoleArn: ROLE }] });
    return { rules, sent };
  }

  it('forwards the events that it matches', () => {
    const { rules, sent } = forwarding();
    rules.deliver('default', event);
    rules.deliver('default', { ...event, source: 'aws.ecs' });
    expect(sent).toEqual([CENTRAL]);
  });

  it('does not forward an event again', () => {
    const { rules, sent } = forwarding();
    rules.deliver('default', event, true);
    expect(sent).toEqual([]);
  });
});
