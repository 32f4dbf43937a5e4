import { cronMeant, durationMeant } from '../../shared/config/hints.ts';
import { compileConfiguration } from '../../shared/config/load.ts';

describe('durationMeant', () => {
  it.each([
    ['5min', '5m'],
    ['5 minutes', '5m'],
    ['30sec', '30s'],
    ['30 seconds', '30s'],
    ['2hrs', '2h'],
    ['2 H', '2h'],
    ['1 d', undefined],
    ['5', undefined],
    ['5 parsecs', undefined],
  ])('of %j is %j', (text, meant) => {
    expect(durationMeant(text)).toBe(meant);
  });
});

describe('cronMeant', () => {
  it.each([
    ['0 3 * * *', 'cron(0 3 * * ? *)'],
    ['cron(0 3 * * *)', 'cron(0 3 * * ? *)'],
    ['*/5 * * * *', 'cron(*/5 * * * ? *)'],
    ['0 3 1 * *', 'cron(0 3 1 * ? *)'],
    // crontab counts weekdays from 0, Sunday; EventBridge from 1.
    ['0 3 * * 1-5', 'cron(0 3 ? * 2-6 *)'],
    ['0 3 * * 0,6', 'cron(0 3 ? * 1,7 *)'],
    ['0 3 * * 7', 'cron(0 3 ? * 1 *)'],
    ['0 3 * * MON-FRI', 'cron(0 3 ? * MON-FRI *)'],
    // EventBridge has no such schedule in one expression.
    ['0 3 1 * 1', undefined],
    ['0 3 * * */2', undefined],
    ['0 3 * *', undefined],
    ['every night', undefined],
    ['0 99 * * *', undefined],
  ])('of %j is %j', (text, meant) => {
    expect(cronMeant(text)).toBe(meant);
  });
});

/** The error message after one replacement in the example. */
function messageFor(before: string, after: string): string {
  const text = `environment: production
defaults: { cluster: c, timeouts: { rollout: 30m } }
apps:
  web:
    image:
      repository: web-app
      tags: { semver: "*" }
      ignore: ["*-dev"]
    services: [{ name: web-app }]
    tasks: [{ name: t, like: web-app, container: web, schedule: cron(0 3 * * ? *) }]
`.replace(before, after);
  try {
    compileConfiguration(text, 'fairway.yml');
    return 'no fault';
  } catch (error) {
    return String(error);
  }
}

describe('a common mistake', () => {
  it.each([
    ['rollout: 30m', 'rollout: 5min', 'did you mean "5m"?'],
    ['cron(0 3 * * ? *)', 'cron(0 3 * * *)', 'expected six fields; did you mean "cron(0 3 * * ? *)"?'],
    ['cron(0 3 * * ? *)', '"30 2 * * 1"', 'did you mean "cron(30 2 ? * 2 *)"?'],
    ['["*-dev"]', '[*-dev]', 'expected quotes around a value that starts with "*", such as "*-dev"'],
    [
      '["*-dev"]',
      '\n        - *-dev',
      'expected quotes around a value that starts with "*", such as "*-dev"',
    ],
    ['["*-dev"]', '[*]', 'expected quotes around a value that starts with "*", such as "*"'],
    [
      '{ semver: "*" }',
      '\n        semver: >=1.0.0',
      'around a value that starts with ">", such as ">=1.0.0"',
    ],
    ['{ semver: "*" }', '\n        semver: >1.0', 'around a value that starts with ">", such as ">1.0"'],
    [
      'repository: web-app',
      'repository: 123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web-app:1.0.0',
      'did you mean "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/web-app"?',
    ],
  ])('gets a hint: %s → %s', (before, after, hint) => {
    expect(messageFor(before, 'unchanged')).not.toBe('no fault');
    expect(messageFor(before, after)).toContain(hint);
  });
});
