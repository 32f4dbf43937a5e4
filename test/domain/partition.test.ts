import { domainOf, partitionOf } from '../../shared/domain/partition.ts';
import { hostOf, registryOf } from '../../shared/domain/registry.ts';

const ACCOUNT = '210987654321';

/** Source: partitions of the AWS SDKs. */
describe.each([
  ['us-east-1', 'aws', 'amazonaws.com', 'on.aws'],
  ['eu-isolated-1', 'aws', 'amazonaws.com', 'on.aws'],
  ['mx-central-1', 'aws', 'amazonaws.com', 'on.aws'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn', 'on.amazonwebservices.com.cn'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com', 'on.aws'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu', undefined],
  ['us-iso-east-1', 'aws-iso', 'c2s.ic.gov', undefined],
  ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov', undefined],
  ['eu-isoe-west-1', 'aws-iso-e', 'cloud.adc-e.uk', undefined],
  ['us-isof-south-1', 'aws-iso-f', 'csp.hci.ic.gov', undefined],
])('the region %s', (region, partition, domain, dualStack) => {
  it('is in its partition', () => {
    expect([partitionOf(region), domainOf(region)]).toEqual([partition, domain]);
  });

  it('has registries in the domains of its partition only', () => {
    expect(registryOf(hostOf({ account: ACCOUNT, region }))).toEqual({ account: ACCOUNT, region });
    const domains = [
      'amazonaws.com',
      'amazonaws.com.cn',
      'on.aws',
      'amazonaws.eu',
      'c2s.ic.gov',
      'sc2s.sgov.gov',
    ];
    for (const other of [...domains, 'on.amazonwebservices.com.cn', 'cloud.adc-e.uk', 'csp.hci.ic.gov']) {
      const isOwn = other === domain || other === dualStack;
      expect([other, registryOf(`${ACCOUNT}.dkr.ecr.${region}.${other}`) !== undefined]).toEqual([
        other,
        isOwn,
      ]);
    }
  });
});

it.each(['moon-1', 'us-east', 'cn-1', 'us-east-1-x'])(
  'has no registry in %s, which is no region',
  (region) => {
    expect(registryOf(`${ACCOUNT}.dkr.ecr.${region}.amazonaws.com`)).toBeUndefined();
  },
);
