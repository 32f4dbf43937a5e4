import { compileConfiguration } from '../../shared/config/load.ts';
import { auditPermissions } from '../../stack/audit.ts';
import { buildStack } from '../../stack/build.ts';
import { longest, ref } from '../../stack/names.ts';
import { sizeOf } from '../../stack/policies.ts';
import { aSource } from './configurations.ts';

const DAILY = { audit: { daily: { at: '06:30', timeZone: 'Europe/Berlin' } } };

function stackOf(source: object) {
  return buildStack(compileConfiguration(JSON.stringify(source), 'fairway.yml'), 0);
}

describe('the daily audit in the stack', () => {
  const source = JSON.parse(aSource({ apps: 2, services: 2 }));
  const parts = stackOf({ ...source, ...DAILY });
  const { Resources } = parts.resources;

  it('is there only where it is asked for', () => {
    const names = Object.keys(stackOf(source).resources.Resources);
    expect(names.filter((name) => name.startsWith('Audit'))).toEqual([]);
    expect(stackOf(source).functions.audit).toBeUndefined();
  });

  it('runs at its time of day', () => {
    expect(Resources.AuditSchedule?.Properties).toMatchObject({
      ScheduleExpression: 'cron(30 6 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    expect(parts.functions.audit?.timeout).toBe(900);
    expect(Resources.AuditErrors?.Type).toBe('AWS::CloudWatch::Alarm');
  });

  it('reads, and writes nothing but its log, its memory and messages', () => {
    const text = JSON.stringify(Resources.AuditRole);
    const actions = [...text.matchAll(/"([a-z-]+:[A-Z]\w+)"/g)].flatMap(([, action]) => action ?? []);
    const writing = actions.filter((action) => !/:(?:Describe|Get|List|BatchGet)/.test(action));
    expect(writing.toSorted()).toEqual([
      'dynamodb:PutItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sns:Publish',
      'sts:AssumeRole',
    ]);
    expect(text).toContain('service/app-prod/service-0');
  });

  describe('with many channels', () => {
    const withChannels = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `channel-${index}`);
      const channel = (name: string) => ({ slack: { channel: 'C0123456789', token: { ssm: `/${name}` } } });
      return stackOf({
        ...source,
        ...DAILY,
        channels: Object.fromEntries(names.map((name) => [name, channel(name)])),
        defaults: { channels: names },
      }).resources.Resources;
    };

    it('has managed policies for what does not fit into its role', () => {
      const { AuditRole, ...others } = withChannels(300);
      expect(longest(AuditRole?.Properties.Policies ?? null).length).toBeLessThanOrEqual(10_240);
      const own = Object.keys(others).filter((id) => id.startsWith('AuditPermissions'));
      expect(AuditRole?.Properties.ManagedPolicyArns).toEqual(own.map(ref));
      expect(own.length).toBeGreaterThan(1);
      const documents = own.map((id) => longest(others[id]?.Properties.PolicyDocument ?? null));
      expect(Math.max(...documents.map(({ length }) => length))).toBeLessThanOrEqual(6_144);
      const text = [longest(AuditRole?.Properties.Policies ?? null), ...documents].join('');
      expect(text.match(/parameter\/channel-\d+"/g)).toHaveLength(300);
    });

    it('is refused beyond the limits of IAM, with the largest statement', () => {
      expect(() => withChannels(1_000)).toThrow(
        /^failed to build the roles of fairway-production: .* Largest: ssm:GetParameter on 1000 resources/,
      );
    });
  });

  it.each([
    ['many services', { apps: 10, services: 50 }],
    ['many clusters', { apps: 200, services: 1, clusterOf: (app: number) => `cluster-${app}` }],
  ])('fits into a role with %s', (_, size) => {
    const configuration = compileConfiguration(
      JSON.stringify({ ...JSON.parse(aSource(size)), ...DAILY }),
      'fairway.yml',
    );
    expect(sizeOf(auditPermissions(configuration))).toBeLessThan(6_000);
  });
});
