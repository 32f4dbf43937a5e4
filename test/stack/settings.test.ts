import { compileConfiguration } from '../../shared/config/load.ts';
import { buildStack } from '../../stack/build.ts';

const source = (stack: string) => `environment: production
${stack}
apps:
  web:
    cluster: c
    image: { repository: web-app, tags: { semver: "*" } }
    services: [{ name: web-app }]
    tasks: [{ name: t, like: web-app, container: web, schedule: rate(1 hour) }]
`;

function partsFor(stack: string) {
  return buildStack(compileConfiguration(source(stack), 'fairway.yml'), 0);
}

function rolesOf(stack: string) {
  return Object.values(partsFor(stack).resources.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
}

describe('what an account requires of the stack', () => {
  it('is on every role, including that of the scheduler', () => {
    const roles = rolesOf('stack: { permissionsBoundary: boundary, rolePath: /fairway/ }');
    expect(roles.length).toBeGreaterThan(5);
    for (const { Properties } of roles) {
      expect(Properties).toMatchObject({
        Path: '/fairway/',
        PermissionsBoundary: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/boundary' },
      });
    }
  });

  it('can be a policy of AWS, by its ARN', () => {
    const [role] = rolesOf('stack: { permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess" }');
    expect(role?.Properties.PermissionsBoundary).toBe('arn:aws:iam::aws:policy/PowerUserAccess');
  });

  it('are tags of the stack', () => {
    expect(partsFor('stack: { tags: { team: platform, cost center: "42" } }').stackTags).toEqual({
      STAGE: 'production',
      team: 'platform',
      'cost center': '42',
    });
  });

  it('is nothing by default', () => {
    for (const { Properties } of rolesOf('')) {
      expect(Properties).not.toHaveProperty('Path');
      expect(Properties).not.toHaveProperty('PermissionsBoundary');
    }
    expect(partsFor('').stackTags).toEqual({ STAGE: 'production' });
  });

  it('replace the tag of the environment, in any case', () => {
    expect(partsFor('stack: { tags: { Stage: p } }').stackTags).toEqual({ Stage: 'p' });
  });

  it('have room for the tag of the environment', () => {
    const tags = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'x'])));
    expect(Object.keys(partsFor(`stack: { tags: ${tags(49)} }`).stackTags)).toHaveLength(50);
    expect(() => partsFor(`stack: { tags: ${tags(50)} }`)).toThrow(
      'expected at most 49 tags: CloudFormation allows 50, and the stack has also `STAGE`, the environment',
    );
  });

  it('fits the longest path and name that IAM allows', () => {
    const path = (length: number) => `/${'p'.repeat(length - 2)}/`;
    const [role] = rolesOf(`stack: { rolePath: ${path(464)} }`);
    expect(role?.Properties.Path).toHaveLength(464);
    expect(() => rolesOf(`stack: { rolePath: ${path(465)} }`)).toThrow('a path of at most 464 characters');
    const boundary = (length: number) => `"arn:aws:iam::123456789012:policy/${'p'.repeat(length)}"`;
    expect(() => rolesOf(`stack: { permissionsBoundary: ${boundary(128)} }`)).not.toThrow();
    expect(() => rolesOf(`stack: { permissionsBoundary: ${boundary(129)} }`)).toThrow('a managed policy');
  });

  it.each([
    ['rolePath: fairway', 'expected a path of at most 464 characters that starts and ends with a slash'],
    ['permissionsBoundary: "a policy"', 'expected the name or ARN of a managed policy'],
    ['tags: { "aws:x": "1" }', 'not starting with "aws:"'],
    ['tags: { cost: 42 }', 'expected the value of a tag as a string: put numbers in quotes'],
    ['tag: {}', 'unknown member'],
  ])('is checked: %s', (stack, message) => {
    expect(() => partsFor(`stack: { ${stack} }`)).toThrow(message);
  });
});
