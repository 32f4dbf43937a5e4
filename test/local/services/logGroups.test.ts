import { createClock } from '../../../local/clock.ts';
import { AwsError, type JsonObject } from '../../../local/contract.ts';
import { createLogs } from '../../../local/services/logs.ts';
import { START } from '../../builders.ts';
import { aWorld, definition, task } from '../ecs/world.ts';

const CALL = { caller: 'external', callerArn: 'arn', account: '123456789012', region: 'us-east-1' };
const GROUP = '/ecs/web';

function someLogs() {
  const logs = createLogs(createClock(START), '123456789012', 'us-east-1');
  const call = (operation: string, input: JsonObject) =>
    JSON.parse(JSON.stringify(logs.api.operations[operation]?.(input, CALL)));
  return { ...logs, call };
}

describe('an empty log group', () => {
  it('is read as empty, as `aws logs tail` does, once it is there', () => {
    const { call, createGroup } = someLogs();
    const tail = { logGroupName: GROUP, interleaved: true, startTime: START - 600_000 };
    expect(() => call('FilterLogEvents', tail)).toThrow('The specified log group does not exist.');
    createGroup(GROUP);
    expect(call('FilterLogEvents', tail)).toEqual({ events: [], searchedLogStreams: [] });
    expect(call('DescribeLogStreams', { logGroupName: GROUP })).toEqual({ logStreams: [] });
  });

  it('can be given by its ARN', () => {
    const { call, createGroup, write } = someLogs();
    createGroup(GROUP);
    write(GROUP, 'web/1', 'listening');
    const [{ arn, logGroupArn }] = call('DescribeLogGroups', {}).logGroups;
    expect(arn).toBe(`${logGroupArn}:*`);
    for (const logGroupIdentifier of [arn, logGroupArn, GROUP]) {
      expect(call('FilterLogEvents', { logGroupIdentifier }).events).toHaveLength(1);
      expect(call('GetLogEvents', { logGroupIdentifier, logStreamName: 'web/1' }).events).toHaveLength(1);
    }
  });
});

describe('FilterLogEvents', () => {
  it('reads the streams with a prefix', () => {
    const { call, write } = someLogs();
    write(GROUP, 'web/1', 'one');
    write(GROUP, 'job/1', 'two');
    const messages = (input: JsonObject) =>
      call('FilterLogEvents', { logGroupName: GROUP, ...input }).events.map(
        ({ message }: JsonObject) => message,
      );
    expect(messages({ logStreamNamePrefix: 'job/' })).toEqual(['two']);
    expect(messages({ logStreamNames: ['web/1'] })).toEqual(['one']);
    expect(() => messages({ logStreamNames: ['web/1'], logStreamNamePrefix: 'w' })).toThrow(AwsError);
  });

  it('refuses a filter pattern, which is not simulated', () => {
    const { call, createGroup } = someLogs();
    createGroup(GROUP);
    expect(() => call('FilterLogEvents', { logGroupName: GROUP, filterPattern: 'ERROR' })).toThrow(/pattern/);
    expect(call('FilterLogEvents', { logGroupName: GROUP, filterPattern: '' }).events).toEqual([]);
  });
});

describe('PutLogEvents', () => {
  it('that is refused for one event writes none', () => {
    const { call, createGroup } = someLogs();
    createGroup(GROUP);
    call('CreateLogStream', { logGroupName: GROUP, logStreamName: 'a' });
    const logEvents = [{ timestamp: START, message: 'one' }, { timestamp: START }];
    expect(() => call('PutLogEvents', { logGroupName: GROUP, logStreamName: 'a', logEvents })).toThrow();
    expect(call('FilterLogEvents', { logGroupName: GROUP }).events).toEqual([]);
  });
});

describe('a container', () => {
  it('has its log stream from its start, whether or not it writes', () => {
    const world = aWorld();
    const options = { 'awslogs-group': GROUP, 'awslogs-stream-prefix': 'ecs' };
    const [container] = definition.containerDefinitions;
    world.call('RegisterTaskDefinition', {
      ...definition,
      containerDefinitions: [{ ...container, logConfiguration: { logDriver: 'awslogs', options } }],
    });
    const { tasks } = world.call('RunTask', task);
    world.after(5);
    expect(world.streams).toEqual([]);
    world.after(60);
    const id = tasks[0].taskArn.split('/').at(-1);
    expect(world.streams).toEqual([[GROUP, `ecs/web/${id}`]]);
  });
});
