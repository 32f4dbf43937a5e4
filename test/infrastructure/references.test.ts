import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import { resolveReferences } from '../../shared/infrastructure/references.ts';

const SUBNETS = ['subnet-2', 'subnet-1'];

/** AWS with two subnets, a stack with an output, and two parameters. */
const aws: Aws = async (service, _, input) => {
  if (service === 'tagging') return { ResourceTagMappingList: subnetsWith(input) };
  if (service === 'ssm') return parameter(String(input.Name));
  if (input.StackName !== 'network')
    throw Object.assign(new Error('Stack with id none does not exist'), { name: 'ValidationError' });
  return { Stacks: [{ Outputs: [{ OutputKey: 'PrivateSubnets', OutputValue: SUBNETS.join(',') }] }] };
};

function subnetsWith(input: JsonObject): JsonObject[] {
  const wanted = JSON.stringify(input.TagFilters);
  if (wanted.includes('"Values"') && !wanted.includes('"private"')) return [];
  if (!wanted.includes('"Tier"')) return [];
  return SUBNETS.map((id) => ({
    ResourceARN: `arn:aws:ec2:us-east-1:123456789012:subnet/${id}`,
    Tags: [{ Key: 'Tier', Value: 'private' }],
  }));
}

function parameter(name: string): JsonObject {
  if (name === '/network/subnets') return { Parameter: { Type: 'StringList', Value: 'subnet-1, subnet-2' } };
  if (name === '/secret') return { Parameter: { Type: 'SecureString', Value: 'k9Xq2LmZ' } };
  throw Object.assign(new Error(''), { name: 'ParameterNotFound' });
}

async function resolved(members: JsonObject): Promise<JsonObject | undefined> {
  const service = { kind: 'service', name: 'app-prod/web', members, tags: {}, ignore: [] } as const;
  return (await resolveReferences([service], aws))[0]?.members;
}

describe('a reference', () => {
  test.each([
    ['by tag', { fromTag: { resource: 'ec2:subnet', tags: { Tier: 'private' } } }],
    ['to the output of a stack', { fromStack: 'network.PrivateSubnets' }],
    ['to a parameter', { fromParameter: '/network/subnets' }],
  ])('%s becomes IDs, where AWS takes a list and inside of one', async (_, reference) => {
    const whole = await resolved({ subnets: reference });
    expect([...Object(whole?.subnets)].toSorted()).toEqual(['subnet-1', 'subnet-2']);
    const inside = await resolved({ subnets: ['subnet-0', reference] });
    expect(Object(inside?.subnets)).toHaveLength(3);
  });

  test('is the first value where AWS takes a single one', async () => {
    expect(await resolved({ roleArn: { fromParameter: '/network/subnets' } })).toEqual({
      roleArn: 'subnet-1',
    });
  });

  test('leaves everything else as it is', async () => {
    const members = { a: [{ b: 1 }, 'c'], d: { e: null } };
    expect(await resolved(members)).toEqual(members);
  });

  test.each([
    [{ fromTag: { resource: 'ec2:subnet', tags: { Tier: 'privat' } } }, 'did you mean Tier=private?'],
    [{ fromTag: { resource: 'ec2:subnet', tags: { Zone: 'a' } } }, 'none has a tag Zone'],
    [{ fromStack: 'network.PrivateSubnet' }, 'it has PrivateSubnets'],
    [{ fromStack: 'none.PrivateSubnets' }, 'the CloudFormation stack none does not exist'],
    [{ fromParameter: '/none' }, 'the parameter /none does not exist'],
    [{ fromParameter: '/secret' }, 'is a SecureString'],
  ])('that leads nowhere says what is like it: %j', async (reference, message) => {
    await expect(resolved({ subnets: reference })).rejects.toThrow(message);
  });

  test('reports all that lead nowhere at once, and no secret', async () => {
    const both = resolved({ subnets: { fromParameter: '/none' }, groups: { fromParameter: '/secret' } });
    const { faults } = await both.catch((error) => error);
    expect(faults).toHaveLength(2);
    expect(String(faults)).not.toContain('k9Xq2LmZ');
  });
});
