import { CHANNELS } from '../../shared/announce/channels.ts';

/** A file with every member and without faults; each case below replaces one piece of it. */
export const FAULTLESS = `# line 1
environment: production
channels:
  deploys:
    slack:
      channel: C0123456789
      token: { ssm: /fairway/slack-token }
  mail: { sns: {} }
defaults:
  cluster: app-prod
  channels: [mail]
apps:
  web:
    image:
      repository: team/web-app
      tags: { semver: ">=1.0.0" }
      ignore: ["*-dev"]
    channels: [deploys, mail]
    timeouts: { rollout: 30m, rollBack: 30m, capacity: 10m, task: 15m }
    baseRevision: live
    onFailure: rollBack
    before:
      - name: migrate
        taskDefinition: migrate
        container: main
        command: [npm, run, migrate]
        timeout: 15m
        reversible: false
        network: { subnets: [subnet-0a], securityGroups: [sg-0a], assignPublicIp: true }
        capacity: { launchType: FARGATE }
    services:
      - name: web-app
        taskDefinition: web-app
        containers: [web]
        wave: 1
        taskRole: web-task
        executionRole: web-execution
        logGroup: /ecs/web
    after:
      - name: smoke
        container: main
        capacity: { providers: [{ provider: FARGATE_SPOT, weight: 1, base: 0 }] }
  api:
    image: { repository: api, tags: { newest: "main-*" } }
    services: [{ name: api }]
    tasks:
      - name: report
        taskDefinition: report
        container: api
        environment: { DEPTH: "3" }
        cpu: 512
        image: pinned 1.4.2
        schedule: { expression: cron(0 3 * * ? *), timeZone: Europe/Berlin, start: "2026-03-01T00:00:00Z", end: "2027-03-01T00:00:00Z", jitter: 15m }
        overlap: queue
        retries: { times: 3, backoff: 1m, exitCodes: [75] }
        notify: { success: [mail], failure: [deploys], missed: [] }
`;

/** A replacement in the file, and the faults that it causes: line, path, what was expected, nearest name. */
export type Case = readonly [before: string, after: string, ...faults: string[]];

const KINDS = CHANNELS.map(({ kind }) => `"${kind}"`).join(', ');
const TOP =
  '"version", "environment", "installation", "environments", "region", "account", "stack", "command", "diagnosis", "audit", "channels", "defaults", "infrastructure", "apps"';
const TASK =
  '"name", "taskDefinition", "container", "command", "environment", "cpu", "memory", "ephemeralStorage", "timeout", "reversible", "retries", "network", "capacity", "exec", "taskRole", "executionRole", "volumeRole", "logGroup"';
const SERVICE =
  '"name", "taskDefinition", "containers", "wave", "taskRole", "executionRole", "volumeRole", "logGroup"';
const APP =
  '"cluster", "channels", "timeouts", "baseRevision", "onFailure", "onResetWeights", "image", "before", "services", "after", "tasks"';
const DEFAULTS =
  '"cluster", "channels", "timeouts", "baseRevision", "onFailure", "onResetWeights", "image", "taskRole", "executionRole", "volumeRole"';

const unknown = (known: string, meant: string) =>
  `unknown member, expected one of ${known}; did you mean "${meant}"?`;

export const MISSPELT: readonly Case[] = [
  ['defaults:', 'default:', `9 default: ${unknown(TOP, 'defaults')}`, ...['web', 'api'].map(needsCluster)],
  ['    slack:', '    slak:', `5 channels.deploys.slak: ${unknown(KINDS, 'slack')}`],
  ['{ ssm:', '{ smm:', `7 channels.deploys.slack.token.smm: ${unknown('"ssm", "secretsManager"', 'ssm')}`],
  ['sns: {}', 'sns: { topik: x }', `8 channels.mail.sns.topik: ${unknown('"topic"', 'topic')}`],
  ['  channels: [mail]', '  chanels: [mail]', `11 defaults.chanels: ${unknown(DEFAULTS, 'channels')}`],
  [
    'ignore:',
    'ignored:',
    `17 apps.web.image.ignored: ${unknown('"repository", "tags", "ignore"', 'ignore')}`,
  ],
  ['semver:', 'semvr:', `16 apps.web.image.tags.semvr: ${unknown('"semver", "newest", "digest"', 'semver')}`],
  ['baseRevision:', 'baserevision:', `20 apps.web.baserevision: ${unknown(APP, 'baseRevision')}`],
  [
    '{ rollout:',
    '{ rolout:',
    `19 apps.web.timeouts.rolout: ${unknown('"rollout", "rollBack", "putBack", "capacity", "task"', 'rollout')}`,
  ],
  ['reversible:', 'reversable:', `28 apps.web.before[0].reversable: ${unknown(TASK, 'reversible')}`],
  [
    'assignPublicIp:',
    'assignPublicIP:',
    `29 apps.web.before[0].network.assignPublicIP: ${unknown('"subnets", "securityGroups", "assignPublicIp"', 'assignPublicIp')}`,
  ],
  [
    'launchType:',
    'lauchType:',
    `30 apps.web.before[0].capacity.lauchType: ${unknown('"launchType", "providers"', 'launchType')}`,
  ],
  [
    'weight:',
    'wieght:',
    `42 apps.web.after[0].capacity.providers[0].wieght: ${unknown('"provider", "weight", "base"', 'weight')}`,
  ],
  ['wave:', 'waev:', `35 apps.web.services[0].waev: ${unknown(SERVICE, 'wave')}`],
  [
    'jitter:',
    'jiter:',
    `53 apps.api.tasks[0].schedule.jiter: ${unknown('"expression", "timeZone", "start", "end", "jitter"', 'jitter')}`,
  ],
  [
    'exitCodes:',
    'exitcodes:',
    `55 apps.api.tasks[0].retries.exitcodes: ${unknown('"times", "backoff", "exitCodes"', 'exitCodes')}`,
  ],
  [
    'success:',
    'succes:',
    `56 apps.api.tasks[0].notify.succes: ${unknown('"success", "failure", "missed"', 'success')}`,
  ],
  ['onFailure:', 'shoeSize:', `21 apps.web.shoeSize: unknown member, expected one of ${APP}`],
];

function needsCluster(app: string): string {
  const line = app === 'web' ? 13 : 43;
  return `${line} apps.${app}.cluster: missing, expected the name of an ECS cluster, here or in "defaults"`;
}

const NO_TAG = 'expected a glob that a tag can match: tags consist of letters, digits, _ . and -, not "/"';

export const CONTRADICTING: readonly Case[] = [
  [
    '        cpu: 512',
    '        exec: true',
    '51 apps.api.tasks[0].exec: expected a "taskRole", in the task or in "defaults": ECS Exec needs one',
  ],
  [
    '        reversible: false',
    '        exec: true',
    '28 apps.web.before[0].exec: expected a "taskRole", in the task or in "defaults": ECS Exec needs one',
  ],
  [
    '[{ provider: FARGATE_SPOT, weight: 1, base: 0 }]',
    `[${Array.from({ length: 21 }, (_, index) => `{ provider: own-${index} }`).join(', ')}]`,
    '42 apps.web.after[0].capacity.providers: expected at most 20 capacity providers',
  ],
  [
    '{ provider: FARGATE_SPOT, weight: 1, base: 0 }',
    '{ provider: FARGATE_SPOT }, { provider: big-instances }',
    '42 apps.web.after[0].capacity.providers: expected either FARGATE and FARGATE_SPOT, or your own providers: ECS does not accept both together',
  ],
  [
    '{ provider: FARGATE_SPOT, weight: 1, base: 0 }',
    '{ provider: FARGATE_SPOT, base: 1 }, { provider: FARGATE, base: 2 }',
    '42 apps.web.after[0].capacity.providers: expected a "base" above 0 for at most one capacity provider',
  ],
  [
    '{ provider: FARGATE_SPOT, weight: 1, base: 0 }',
    '{ provider: FARGATE_SPOT, weight: 0 }, { provider: FARGATE, weight: 0 }',
    '42 apps.web.after[0].capacity.providers: expected a "weight" above 0 for at least one capacity provider',
  ],
  [
    'taskDefinition: report',
    'like: apo',
    '48 apps.api.tasks[0].like: unknown service "apo", expected one of this app: "api"; did you mean "api"?',
  ],
  [
    'cpu: 512',
    'like: api',
    '48 apps.api.tasks[0].taskDefinition: expected only one of "like" and "taskDefinition": with "like", the task uses the task definition of that service',
  ],
  [
    '[deploys], missed: []',
    '[deploy], missed: [mail, mail]',
    '56 apps.api.tasks[0].notify.failure[0]: unknown channel "deploy", expected one of the top-level "channels": "deploys", "mail"; did you mean "deploys"?',
    '56 apps.api.tasks[0].notify.missed[1]: expected each channel once: "mail" is listed twice',
  ],
  [
    'cron(0 3 * * ? *), timeZone',
    'rate(10 minutes), timeZone',
    '53 apps.api.tasks[0].schedule.jitter: expected a jitter of at most the interval of the schedule, which is 10 min',
  ],
  ['2027-03-01', '2025-03-01', '53 apps.api.tasks[0].schedule.end: expected an "end" after the "start"'],
  [
    '      - name: report\n',
    '      - { name: report, container: api }\n      - name: report\n',
    '48 apps.api.tasks[1].name: expected a different name for each task of an app: "report" is taken',
  ],
  [
    '[deploys, mail]',
    '[deploy, mail]',
    '18 apps.web.channels[0]: unknown channel "deploy", expected one of the top-level "channels": "deploys", "mail"; did you mean "deploys"?',
  ],
  [
    '[deploys, mail]',
    '[mail, mail]',
    '18 apps.web.channels[1]: expected each channel once: "mail" is listed twice',
  ],
  [
    '  channels: [mail]',
    '  channels: [mial]',
    '11 defaults.channels[0]: unknown channel "mial", expected one of the top-level "channels": "deploys", "mail"; did you mean "mail"?',
  ],
  [
    'name: api }',
    'name: web-app }',
    '45 apps.api.services[0].name: expected each service in one app only: "web-app" in cluster "app-prod" belongs to the app "web"',
  ],
  [
    '{ name: api }',
    '{ name: api }, { name: api }',
    '45 apps.api.services[1].name: expected a different name for each service of an app: "api" is taken',
  ],
  [
    'name: smoke',
    'name: migrate',
    '40 apps.web.after[0].name: expected a different name for each release task of an app: "migrate" is taken',
  ],
  [
    'containers: [web]',
    'containers: [web, web]',
    '34 apps.web.services[0].containers[1]: expected each container once: "web" is listed twice',
  ],
  ['"main-*"', '"main/*"', `44 apps.api.image.tags.newest: ${NO_TAG}`],
  [
    '"main-*"',
    '{ pattern: "^main-\\\\d+$" }',
    '44 apps.api.image.tags.newest: expected a glob that matches tags, such as "main-*": regular expressions are no longer supported, write a glob instead of the pattern',
  ],
  [
    'newest: "main-*"',
    'pattern: "^main-"',
    '44 apps.api.image.tags.pattern: regular expressions are no longer supported: write a glob, such as newest: "main-*"',
  ],
  [
    '"main-*"',
    '{ pattern: "^main-" }',
    '44 apps.api.image.tags.newest: expected a glob that matches tags, such as "main-*": regular expressions are no longer supported, write "main-*" instead of the pattern',
  ],
  [
    '"main-*"',
    '"main-@(a|b)"',
    '44 apps.api.image.tags.newest: expected a glob of *, ?, [] and {} only: instead of a group such as "@(a|b)" write "{a,b}"',
  ],
  [
    '"*-dev"',
    '"!main"',
    '17 apps.web.image.ignore[0]: expected a glob without "!" in front: name the tags to leave out under "ignore"',
  ],
  ['"*-dev"', '"dev/*"', `17 apps.web.image.ignore[0]: ${NO_TAG}`],
  [
    '  cluster: app-prod\n',
    '',
    '12 apps.web.cluster: missing, expected the name of an ECS cluster, here or in "defaults"',
    '42 apps.api.cluster: missing, expected the name of an ECS cluster, here or in "defaults"',
  ],
  [
    ', tags: { newest: "main-*" }',
    '',
    '44 apps.api.image.tags: missing, expected exactly one of "semver", "newest", "digest", here or in "defaults.image.tags"',
  ],
  ['  api:\n', '  my api:\n', '43 apps["my api"]: expected a name of letters, digits, - and _, at most 64'],
  [
    '  api:\n',
    '  __proto__:\n',
    '43 apps.__proto__: expected a name of letters, digits, - and _, at most 64',
  ],
];
