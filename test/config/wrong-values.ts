import type { Case } from './faulty.ts';

const NAME = '(letters, digits, - and _; not an ARN)';
const EXPRESSION =
  'expected a schedule expression of EventBridge Scheduler, such as "cron(0 3 * * ? *)" (minutes, hours, day of month, month, day of week, year) or "rate(15 minutes)"';
const OR_MAPPING = 'or a mapping with the members "expression", "timeZone", "start", "end", "jitter"';
const WHOLE_SCHEDULE =
  'schedule: { expression: cron(0 3 * * ? *), timeZone: Europe/Berlin, start: "2026-03-01T00:00:00Z", end: "2027-03-01T00:00:00Z", jitter: 15m }';
const DURATION = 'such as "90s", "30m" or "1h30m"';

export const WRONG: readonly Case[] = [
  [
    'environment: production',
    'environment: 7',
    '2 environment: expected a short name of lowercase letters, digits and -, such as "production", at most 23 characters',
  ],
  [
    'C0123456789',
    '"#deploys"',
    '6 channels.deploys.slack.channel: expected the ID of a Slack channel, such as "C0123456789" (in Slack: at the bottom of the channel details)',
  ],
  [
    '{ ssm: /fairway/slack-token }',
    'xoxb-1-2',
    '7 channels.deploys.slack.token: expected a mapping with exactly one of "ssm", "secretsManager"',
  ],
  ['{ sns: {} }', '{ sns: }', '8 channels.mail.sns: expected a mapping with the members "topic"'],
  [
    'cluster: app-prod',
    'cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/app-prod"',
    `10 defaults.cluster: expected the name of an ECS cluster ${NAME}; did you mean "app-prod"?`,
  ],
  [
    'team/web-app',
    'team/Web-App',
    '15 apps.web.image.repository: expected the name of an ECR repository, such as "team/app", or its URI in another account or region, such as "210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app" (no tag); did you mean "team/web-app"?',
  ],
  [
    'team/web-app',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web-app:latest',
    '15 apps.web.image.repository: expected the name of an ECR repository, such as "team/app", or its URI in another account or region, such as "210987654321.dkr.ecr.eu-west-1.amazonaws.com/team/app" (no tag); did you mean "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/web-app"?',
  ],
  [
    '">=1.0.0"',
    '">=one"',
    '16 apps.web.image.tags.semver: expected a range of versions as npm writes them, such as ">=1.0.0", "^2.1" or "1.x"',
  ],
  ['">=1.0.0"', '1.2', '16 apps.web.image.tags.semver: expected a range of versions, such as ">=1.0.0"'],
  [
    '">=1.0.0"',
    '">2 <1"',
    '16 apps.web.image.tags.semver: expected a range that some version satisfies: this one contradicts itself',
  ],
  [
    '{ semver: ">=1.0.0" }',
    'semver',
    '16 apps.web.image.tags: expected a mapping with exactly one of "semver", "newest", "digest"',
  ],
  [
    '{ semver: ">=1.0.0" }',
    '{ newest: 3 }',
    '16 apps.web.image.tags.newest: expected a glob that matches tags, such as "main-*"',
  ],
  [
    '{ semver: ">=1.0.0" }',
    '{ digest: .latest }',
    '16 apps.web.image.tags.digest: expected a tag, such as "latest": letters, digits, _ . -, not starting with . or -',
  ],
  [
    '">=1.0.0" }',
    '">=1.0.0", digest: latest }',
    '16 apps.web.image.tags: expected exactly one of "semver", "newest", "digest"',
  ],
  ['["*-dev"]', '"*-dev"', '17 apps.web.image.ignore: expected a list of globs, such as ["*-dev"]'],
  [
    'rollout: 30m',
    'rollout: 1d',
    `19 apps.web.timeouts.rollout: expected a duration between 1m and 6h, ${DURATION}`,
  ],
  [
    'rollout: 30m',
    'rollout: 30m1h',
    `19 apps.web.timeouts.rollout: expected a duration between 1m and 6h, ${DURATION}`,
  ],
  [
    'rollBack: 30m',
    'rollBack: 59s',
    `19 apps.web.timeouts.rollBack: expected a duration between 1m and 6h, ${DURATION}`,
  ],
  [
    'capacity: 10m',
    'capacity: 31m',
    `19 apps.web.timeouts.capacity: expected a duration between 10s and 30m, ${DURATION}`,
  ],
  [
    'timeout: 15m',
    'timeout: 15',
    `27 apps.web.before[0].timeout: expected a duration between 10s and 12h, ${DURATION}`,
  ],
  [
    'baseRevision: live',
    'baseRevision: latst',
    '20 apps.web.baseRevision: expected one of "live", "latest"; did you mean "latest"?',
  ],
  [
    'onFailure: rollBack',
    'onFailure: rollback',
    '21 apps.web.onFailure: expected one of "rollBack", "leave", "putBack"; did you mean "rollBack"?',
  ],
  [
    '        container: main\n        command',
    '        command',
    `23 apps.web.before[0].container: missing, expected the name of a container ${NAME}`,
  ],
  [
    '[npm, run, migrate]',
    'npm run migrate',
    '26 apps.web.before[0].command: expected the command as a list, such as [npm, run, migrate]',
  ],
  ['[npm, run, migrate]', '[npm, 3]', '26 apps.web.before[0].command[1]: expected a string'],
  ['reversible: false', 'reversible: no', '28 apps.web.before[0].reversible: expected true or false'],
  [
    'subnet-0a',
    'eu-west-1a',
    '29 apps.web.before[0].network.subnets[0]: expected the ID of a subnet, such as "subnet-0a1b2c3d"',
  ],
  [
    'FARGATE }',
    'FARGAET }',
    '30 apps.web.before[0].capacity.launchType: expected one of "FARGATE", "EC2", "EXTERNAL"; did you mean "FARGATE"?',
  ],
  [
    'FARGATE }',
    'FARGATE, providers: [] }',
    '30 apps.web.before[0].capacity: expected exactly one of "launchType", "providers"',
  ],
  [
    'containers: [web]',
    'containers: web',
    '34 apps.web.services[0].containers: expected a list of container names',
  ],
  ['wave: 1', 'wave: 51', '35 apps.web.services[0].wave: expected a whole number from 1 to 50'],
  ['wave: 1', 'wave: 1.5', '35 apps.web.services[0].wave: expected a whole number from 1 to 50'],
  [
    'weight: 1',
    'weight: 1001',
    '42 apps.web.after[0].capacity.providers[0].weight: expected a whole number from 0 to 1000',
  ],
  [
    'base: 0',
    'base: -1',
    '42 apps.web.after[0].capacity.providers[0].base: expected a whole number from 0 to 100000',
  ],
  [
    'taskRole: web-task',
    'taskRole: "a role"',
    '36 apps.web.services[0].taskRole: expected the name of an IAM role, with its path if it has one, or its ARN',
  ],
  ['[{ name: api }]', '', '45 apps.api.services: expected a list of services'],
  [
    'services: [{ name: api }]',
    'gates: []',
    '45 apps.api.gates: gates were never supported: delete this member',
  ],
  [
    'cron(0 3 * * ? *)',
    'cron(0 3 * * *)',
    `53 apps.api.tasks[0].schedule.expression: ${EXPRESSION}; expected six fields; did you mean "cron(0 3 * * ? *)"?`,
  ],
  ['cron(0 3 * * ? *)', 'every night', `53 apps.api.tasks[0].schedule.expression: ${EXPRESSION}`],
  [
    'Europe/Berlin',
    'Berlin',
    '53 apps.api.tasks[0].schedule.timeZone: expected the name of an IANA time zone, spelled as in the IANA database, such as "Europe/Berlin"; did you mean "Europe/Berlin"?',
  ],
  [
    'Europe/Berlin',
    'Nowhere',
    '53 apps.api.tasks[0].schedule.timeZone: expected the name of an IANA time zone, spelled as in the IANA database, such as "Europe/Berlin"',
  ],
  [
    'Europe/Berlin',
    'europe/berlin',
    '53 apps.api.tasks[0].schedule.timeZone: expected the name of an IANA time zone, spelled as in the IANA database, such as "Europe/Berlin"; did you mean "Europe/Berlin"?',
  ],
  [
    'cron(0 3 * * ? *)',
    'cron(0 3 30 2 ? *)',
    `53 apps.api.tasks[0].schedule.expression: ${EXPRESSION}; cron(0 3 30 2 ? *) never matches a date`,
  ],
  [
    'cron(0 3 * * ? *)',
    'cron(0 3 ? * 8 *)',
    `53 apps.api.tasks[0].schedule.expression: ${EXPRESSION}; the day of week "8" is not taken, expected 1-7 or SUN-SAT, 1 being Sunday, with , - * ? L #`,
  ],
  [
    'jitter: 15m',
    'jitter: 90s',
    '53 apps.api.tasks[0].schedule.jitter: expected whole minutes, such as "15m"',
  ],
  ['pinned 1.4.2', 'pinned', '52 apps.api.tasks[0].image: expected "live" or "pinned TAG"'],
  [
    'overlap: queue',
    'overlap: wait',
    '54 apps.api.tasks[0].overlap: expected one of "skip", "queue", "replace"',
  ],
  [
    WHOLE_SCHEDULE,
    'schedule: "0 3 * * *"',
    `53 apps.api.tasks[0].schedule: ${EXPRESSION}; did you mean "cron(0 3 * * ? *)"?`,
  ],
  [WHOLE_SCHEDULE, 'schedule: at(2026-03-01T00:00:00)', `53 apps.api.tasks[0].schedule: ${EXPRESSION}`],
  [WHOLE_SCHEDULE, 'schedule: "cron(0 3 * * ? *"', `53 apps.api.tasks[0].schedule: ${EXPRESSION}`],
  [WHOLE_SCHEDULE, 'schedule: 5', `53 apps.api.tasks[0].schedule: ${EXPRESSION}, ${OR_MAPPING}`],
  [WHOLE_SCHEDULE, 'schedule: []', `53 apps.api.tasks[0].schedule: ${EXPRESSION}, ${OR_MAPPING}`],
  [WHOLE_SCHEDULE, 'schedule: {}', `53 apps.api.tasks[0].schedule: ${EXPRESSION}, ${OR_MAPPING}`],
  [WHOLE_SCHEDULE, 'schedule: ', `53 apps.api.tasks[0].schedule: ${EXPRESSION}, ${OR_MAPPING}`],
  ['[75]', '75', '55 apps.api.tasks[0].retries.exitCodes: expected "any" or a list of exit codes'],
  ['[75]', 'some', '55 apps.api.tasks[0].retries.exitCodes: expected "any" or a list of exit codes'],
  ['[75]', '{ a: 1 }', '55 apps.api.tasks[0].retries.exitCodes: expected "any" or a list of exit codes'],
  ['[75]', '["75"]', '55 apps.api.tasks[0].retries.exitCodes[0]: expected a whole number from 1 to 255'],
  ['[75]', '[0]', '55 apps.api.tasks[0].retries.exitCodes[0]: expected a whole number from 1 to 255'],
  [
    'DEPTH: "3"',
    'DEPTH: 3',
    '50 apps.api.tasks[0].environment.DEPTH: expected a string: put numbers, true and false in quotes',
  ],
];
