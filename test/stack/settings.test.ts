import { compileConfiguration } from '../../shared/config/load.ts';
import { buildStack } from '../../stack/serverless.ts';

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
      team: 'platform',
      'cost center': '42',
    });
  });

  it('is nothing by default', () => {
    for (const { Properties } of rolesOf('')) {
      expect(Properties).not.toHaveProperty('Path');
      expect(Properties).not.toHaveProperty('PermissionsBoundary');
    }
    expect(partsFor('').stackTags).toEqual({});
  });

  it.each([
    ['rolePath: fairway', 'expected a path that starts and ends with a slash'],
    ['permissionsBoundary: "a policy"', 'expected the name or ARN of a managed policy'],
    ['tags: { "aws:x": "1" }', 'not starting with "aws:"'],
    ['tags: { cost: 42 }', 'expected the value of a tag as a string: put numbers in quotes'],
    ['tag: {}', 'unknown member'],
  ])('is checked: %s', (stack, message) => {
    expect(() => partsFor(`stack: { ${stack} }`)).toThrow(message);
  });
});
