import { compileConfiguration } from '../../shared/config/load.ts';
import { auditPermissions } from '../../stack/audit.ts';
import { sizeOf } from '../../stack/policies.ts';
import { buildStack } from '../../stack/serverless.ts';
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
