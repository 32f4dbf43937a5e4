import { compileConfiguration } from '../../shared/config/load.ts';

function imageOf(repository: string, top = '') {
  const text = `
environment: test
${top}
apps:
  web: { cluster: c, image: { repository: ${repository}, tags: { digest: latest } }, services: [{ name: web }] }
`;
  return compileConfiguration(text, 'fairway.yml').apps[0]?.image;
}

describe('compileConfiguration, for a repository in another account or region', () => {
  it.each([
    ['210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app', 'eu-west-1'],
    ['210987654321.dkr.ecr-fips.us-gov-west-1.amazonaws.com/team/app', 'us-gov-west-1'],
    ['210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/team/app', 'cn-north-1'],
    ['210987654321.dkr-ecr.eu-west-1.on.aws/team/app', 'eu-west-1'],
    ['210987654321.dkr-ecr-fips.us-east-1.on.aws/team/app', 'us-east-1'],
    ['210987654321.dkr.ecr.us-iso-east-1.c2s.ic.gov/team/app', 'us-iso-east-1'],
  ])('reads the registry of %s', (uri, region) => {
    expect(imageOf(uri)).toMatchObject({
      repository: 'team/app',
      registry: { account: '210987654321', region },
    });
  });

  it.each([
    '210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app:1',
    '210987654321.dkr.ecr.eu-west-1.amazonaws.com',
    'ghcr.io/team/app:1',
    '210987654321.dkr.ecr.eu-west-1.evil.com/team/app',
    '210987654321.dkr.ecr.eu-west-1.amazonaws.com.evil.com/team/app',
    '210987654321.dkr.ecr.eu-west-1.amazonaws.com.cn/team/app',
    '210987654321.dkr.ecr.moon-1.amazonaws.com/team/app',
  ])('refuses %s', (written) => {
    expect(() => imageOf(written)).toThrow(/expected the name of an ECR repository/);
  });

  it('reads no registry from a name', () => {
    expect(imageOf('team/app')).not.toHaveProperty('registry');
  });
});

describe('compileConfiguration, for a repository in another partition', () => {
  it.each([
    ['cn-north-1', '210987654321.dkr.ecr.eu-west-1.amazonaws.com/app'],
    ['eu-west-1', '210987654321.dkr.ecr.cn-north-1.amazonaws.com.cn/app'],
    ['us-east-1', '210987654321.dkr.ecr.us-gov-west-1.amazonaws.com/app'],
    ['us-east-1', '210987654321.dkr.ecr.us-iso-east-1.c2s.ic.gov/app'],
    ['us-iso-east-1', '210987654321.dkr.ecr.us-isob-east-1.sc2s.sgov.gov/app'],
    ['eu-central-1', '210987654321.dkr.ecr.eusc-de-east-1.amazonaws.eu/app'],
  ])('refuses it: from %s, %s', (region, uri) => {
    expect(() => imageOf(uri, `region: ${region}`)).toThrow(/another partition/);
  });

  it('knows the regions of all partitions', () => {
    const uri = '210987654321.dkr.ecr.eusc-de-east-1.amazonaws.eu/app';
    expect(imageOf(uri, 'region: eusc-de-east-1')).toHaveProperty('registry');
    expect(() => imageOf('app', 'region: moon-1')).toThrow(/name of an AWS region/);
  });

  it('accepts another region of the partition', () => {
    const uri = '210987654321.dkr.ecr.cn-northwest-1.amazonaws.com.cn/app';
    expect(imageOf(uri, 'region: cn-north-1')).toHaveProperty('registry');
  });
});
