import type { App } from '../../shared/domain/app.ts';
import { forwardingOf } from '../../stack/forwarding.ts';
import { anApp } from '../builders.ts';
import { stackOf } from './configurations.ts';
import { anEvent, listeners } from './events.ts';
import { grantsOf } from './grants.ts';

const CENTRAL = { account: '210987654321', region: 'eu-west-1' };
const REPLICA = { account: '123456789012', region: 'eu-west-1' };

const withRegistry = (name: string, registry: App['image']['registry']): App => {
  const app = anApp({ name });
  return { ...app, image: { ...app.image, ...(registry && { registry }) } };
};
const configurationOf = (...apps: readonly App[]) => ({ environment: 'test', channels: {}, apps });

describe('the rules of a stack with images in other registries', () => {
  const targetsOf = listeners(configurationOf(withRegistry('a', undefined), withRegistry('b', CENTRAL)));

  it.each([
    ['a push to the own registry', 'ecr-push', {}],
    ['an image replicated to it', 'ecr-replicated', {}],
    ['a forwarded push', 'ecr-push', CENTRAL],
    ['a forwarded replication', 'ecr-replicated', CENTRAL],
  ])('match %s once', (_, name, place) => {
    expect(targetsOf({ ...anEvent(name), ...place })).toEqual(['image-pushed']);
  });

  it.each([
    ['another region of the own account', REPLICA],
    ['another account', { ...CENTRAL, account: '333333333333' }],
    ['another region of the other account', { ...CENTRAL, region: 'us-east-1' }],
  ])('do not match a forwarded push to %s', (_, place) => {
    expect(targetsOf({ ...anEvent('ecr-push'), ...place })).toEqual([]);
  });
});

describe('the roles of a stack with images in other registries', () => {
  it('read exactly the configured repositories', () => {
    const apps = [withRegistry('a', undefined), withRegistry('b', CENTRAL), withRegistry('c', REPLICA)];
    const grants = grantsOf(stackOf(configurationOf(...apps)));
    const resources = grants
      .filter(({ actions }) => actions.some((action) => action.startsWith('ecr:')))
      .flatMap((grant) => grant.resources);
    expect(new Set(resources)).toEqual(
      new Set([
        'arn:aws:ecr:us-east-1:123456789012:repository/web-app',
        'arn:aws:ecr:eu-west-1:210987654321:repository/web-app',
        'arn:aws:ecr:eu-west-1:123456789012:repository/web-app',
      ]),
    );
  });
});

describe('the policy of a repository in another account', () => {
  const policyWith = (count: number) => {
    const services = Array.from({ length: count }, (_, index) => ({
      name: `web-${index}`,
      wave: 1,
      family: 'web',
      containers: ['web'],
      executionRole: `execution-${index}`,
    }));
    const app = { ...withRegistry('b', CENTRAL), services };
    const { registries } = forwardingOf(configurationOf(app), REPLICA);
    return JSON.stringify(registries[0]?.repositoryPolicies);
  };

  it('names the execution roles that may pull', () => {
    expect(policyWith(100)).toContain('role/execution-99"');
  });

  it('leaves them to the account where they do not fit into the limit of ECR', () => {
    expect(policyWith(400).length).toBeLessThanOrEqual(10_240);
    expect(policyWith(400)).not.toContain('role/execution-');
    expect(policyWith(400)).toContain('role/fairway-test/*');
  });
});
