import { compileConfiguration } from '../../shared/config/load.ts';
import { buildStack } from '../../stack/build.ts';
import { guard, refuseWithoutRegion } from '../../stack/guards.ts';
import { otherInstallation } from '../../stack/installation.ts';
import { functionName, stackName } from '../../stack/names.ts';
import { aSource } from './configurations.ts';

const production = compileConfiguration(aSource({ apps: 2, services: 1 }), 'fairway.yml');
const template = buildStack(production, 0).resources;
const prepared = { ...buildStack(production, 0), stack: 'fairway-production', region: 'eu-west-1' };

const wanted = { stack: 'fairway-production' };

function templateWith(...apps: string[]) {
  return { Metadata: { Fairway: { apps } } };
}

describe('the stack of an installation', () => {
  it('keeps its earlier name without an installation', () => {
    expect(stackName(production)).toBe('fairway-production');
  });

  it('contains the name of the installation, within the limits of AWS', () => {
    const longest = { ...production, installation: 'a'.repeat(15), environment: 'e'.repeat(23) };
    expect(stackName({ ...production, installation: 'payments' })).toBe('fairway-payments-production');
    expect(functionName(longest, 'image-pushed').length).toBeLessThanOrEqual(64 - '-100'.length);
  });
});

describe('otherInstallation', () => {
  it.each([
    ['the same apps', template],
    ['some of the apps', templateWith('app-1', 'other')],
    ['nothing of its apps, as earlier versions did', { Resources: {} }],
    ['nothing that can be read', { Metadata: { Fairway: { apps: 'app-1' } } }],
  ])('accepts a stack that has %s', (_, deployed) => {
    expect(otherInstallation('fairway-production', deployed, template)).toBeUndefined();
  });

  it('refuses a stack with none of its apps, and shows both solutions', () => {
    const reason = otherInstallation(
      'fairway-production',
      templateWith('a', 'b', 'c', 'd', 'e', 'f'),
      template,
    );
    expect(reason).toContain(
      'it has the apps a, b, c, d, e and 1 more, and this file has the apps app-0, app-1',
    );
    expect(reason).toContain('`installation: NAME`');
    expect(reason).toContain('FAIRWAY_REPLACE=fairway-production');
  });
});

describe('guard', () => {
  const others = {
    id: async () => '111111111111',
    template: async () => JSON.stringify(templateWith('billing')),
  };
  const none = { id: async () => '111111111111', template: async () => undefined };

  it.each(['deploy', 'deploy function', 'remove', 'rollback'])(
    'keeps `serverless %s` from the stack of others',
    async (command) => {
      await expect(guard(command.split(' '), wanted, prepared, others, {})).rejects.toThrow(
        /another configuration/,
      );
      await expect(guard(command.split(' '), wanted, prepared, none, {})).resolves.toBeUndefined();
    },
  );

  it('accepts that all apps of exactly this stack are replaced on purpose', async () => {
    const env = { FAIRWAY_REPLACE: 'fairway-production' };
    await expect(guard(['deploy'], wanted, prepared, others, env)).resolves.toBeUndefined();
    await expect(guard(['deploy'], wanted, prepared, others, { FAIRWAY_REPLACE: 'yes' })).rejects.toThrow();
  });

  it('refuses to skip versions without FAIRWAY_REPLACE', async () => {
    const [text, Fairway] = [
      JSON.stringify(template),
      { ...Object(template.Metadata.Fairway), version: '9.9.9' },
    ];
    const skipping = {
      ...none,
      template: async () => JSON.stringify({ ...JSON.parse(text), Metadata: { Fairway } }),
    };
    await expect(guard(['deploy'], wanted, prepared, skipping, {})).rejects.toThrow('Deploy 9.8 first');
    const env = { FAIRWAY_REPLACE: 'fairway-production' };
    await expect(guard(['deploy'], wanted, prepared, skipping, env)).resolves.toBeUndefined();
  });

  it.each(['deploy', 'deploy function', 'remove', 'rollback'])(
    'keeps `serverless %s` from another account than that of the configuration',
    async (command) => {
      const fixed = { ...prepared, account: '222222222222' };
      await expect(guard(command.split(' '), wanted, fixed, none, {})).rejects.toThrow(
        /belongs to the account 222222222222, and these credentials are of 111111111111/,
      );
      const right = { ...prepared, account: '111111111111' };
      await expect(guard(command.split(' '), wanted, right, none, {})).resolves.toBeUndefined();
      await expect(guard(['info'], wanted, fixed, none, {})).resolves.toBeUndefined();
    },
  );

  it('needs neither region nor account to package', async () => {
    const nowhere = { ...prepared, region: undefined };
    const unreachable = {
      id: async () => '111111111111',
      template: () => Promise.reject(new Error('no credentials')),
    };
    await expect(guard(['package'], wanted, nowhere, unreachable, {})).resolves.toBeUndefined();
    expect(() => refuseWithoutRegion(['package'], undefined)).not.toThrow();
    expect(() => refuseWithoutRegion(['invoke', 'local'], undefined)).not.toThrow();
    expect(() => refuseWithoutRegion(['info'], undefined)).toThrow(/no AWS region is set/);
  });
});
