import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  ApplicationAutoScalingClient,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { run as fairway } from '../../cli/fairway.ts';
import type { Keyboard, Signal } from '../../cli/keyboard.ts';
import { recorded } from '../cli/fake-cloud.ts';
import { documentedCode, fairwayLines, ROOT, wordsOf } from '../documentedCommands.ts';
import { startTestCloud, type TestCloud } from './cloud.ts';
import { PAUSE, shiftTraffic, untilStatus } from './shifts.ts';

/** Every command of README and docs, run against the packaged example on the local cloud. */

const who = 'arn:aws:iam::123456789012:user/ann';

/** What must be so before a line is run. */
type Prepare = (cloud: TestCloud) => Promise<unknown>;

interface Step {
  /** As it is documented. */
  readonly line: string;
  /** What its placeholders stand for, as a line; `RUN` is the id of the newest run. */
  readonly as?: string;
  readonly before?: Prepare;
  /** It is interrupted, and ends with this code. */
  readonly interrupted?: number;
  readonly prints: RegExp;
  /** The exit code. Default: 0. */
  readonly code?: number;
}

/** Passes time until no release is open or waiting. */
const settle: Prepare = async (cloud) => {
  for (let minutes = 0; minutes < 60; minutes += 1) {
    await cloud.quiet();
    const { open, waiting, hold } = await cloud.status();
    if (!open && (!waiting || hold)) return;
    await cloud.control('clock', { advance: '1m' });
  }
  throw new Error(`no end after 60 simulated minutes: ${JSON.stringify(await cloud.status())}`);
};
const lift: Prepare = async (cloud) => {
  await settle(cloud);
  await cloud.operate({ command: 'resume', app: 'web', who });
  await settle(cloud);
};
/** Images that wait while the app is held. */
const fixes: Prepare = async (cloud) => {
  await cloud.push('1.4.1');
  await cloud.push('1.4.2');
  await settle(cloud);
};
/** A run that is still open when it is stopped. */
const longRun: Prepare = async (cloud) => {
  await cloud.control('clock', { speed: 1 });
  await cloud.behave({ for: 'task', exit: { after: '30m', code: 0 } });
  const id = randomUUID();
  await cloud.operate({ command: 'run', app: 'web', task: 'nightly-report', id, who });
};
const anotherLongRun: Prepare = async (cloud) => {
  await endOfRun(cloud);
  await longRun(cloud);
};
/** A release that is still open when it is canceled. */
const openRelease: Prepare = async (cloud) => {
  await settle(cloud);
  await cloud.control('clock', { speed: 1 });
  await cloud.operate({ command: 'deploy', app: 'web', tag: '1.4.0', who });
  await cloud.until(async () => (await cloud.status()).open !== undefined);
};
/** A release whose deployment waits for a person. */
const paused =
  (tag: string): Prepare =>
  async (cloud) => {
    await cloud.control('clock', { speed: 'max' });
    await settle(cloud);
    await shiftTraffic(cloud, 'BLUE_GREEN', PAUSE);
    await settle(cloud);
    await cloud.control('clock', { speed: 1 });
    await cloud.push(tag);
    await untilStatus(cloud, /waits for a person/);
  };
/** The service's tasks are new, and write a line. */
const talking: Prepare = async (cloud) => {
  await cloud.behave({ for: 'service', logs: ['listening on 8080'] });
  await cloud.operate({ command: 'deploy', app: 'web', live: true, restart: true, who });
  await settle(cloud);
};
const execEnabled: Prepare = async (cloud) => {
  const input = { cluster: 'app-prod', service: 'web-app', enableExecuteCommand: true };
  await cloud.ecs.send(new UpdateServiceCommand(input));
  await talking(cloud);
};
const endOfRun: Prepare = async (cloud) => {
  await cloud.control('clock', { speed: 'max' });
  await cloud.control('clock', { advance: '5m' });
  await cloud.quiet();
  await cloud.behave({ for: 'task', logs: ['all is well'], exit: { after: '2s', code: 0 } });
};

/** The example's own file declares no infrastructure. */
const DECLARED = '--config examples/infrastructure/fairway.yml';

/** Where the saved plan is. */
const SAVED = join(mkdtempSync(join(tmpdir(), 'fairway-documented-')), 'plan.json');

const STEPS: readonly Step[] = [
  { line: 'docs', prints: /^ +configuration +Configuration$/m },
  { line: 'docs configuration', prints: /^# Configuration$/m },
  { line: 'docs commands', prints: /^# Commands$/m },
  { line: 'version', prints: /^fairway \d+\.\d+\.\d+$/m },
  { line: 'version --json', prints: /^\{"version":"\d/ },
  { line: 'help', prints: /^Commands$/m },
  { line: 'help COMMAND', as: 'help why', prints: /^fairway why APP\[:TAG\]/ },
  { line: 'help deploy', prints: /^fairway deploy APP \[TAG\]/ },
  { line: 'check', prints: /fairway\.yml is valid: 1 app, 1 service/ },
  { line: 'migrate --dry-run', prints: /fairway\.yml: nothing to change/ },
  { line: 'check --config staging.yml', as: 'check --config fairway.yml', prints: /is valid/ },
  { line: 'verify', prints: /Checked 1 app in the local cloud at \S+: no differences/ },
  {
    line: 'verify --config staging.yml --region eu-central-1',
    as: 'verify --config fairway.yml --region us-east-1',
    prints: /no differences/,
  },
  { line: 'apply', as: `apply --yes --only cluster ${DECLARED}`, prints: /changed cluster app-prod/ },
  {
    line: 'apply --yes --no-wait',
    as: `apply --yes --no-wait --only logGroup ${DECLARED}`,
    prints: /changed log group \/ecs\/web-app/,
  },
  {
    line: 'apply --first-image 1.0.0',
    as: `apply --yes --first-image 1.0.0 --only cluster ${DECLARED}`,
    prints: /No changes/,
  },
  {
    line: 'plan --out plan.json',
    as: `plan --out ${SAVED} --only cluster ${DECLARED}`,
    prints: /No changes/,
  },
  { line: 'apply plan.json', as: `apply ${SAVED} ${DECLARED}`, prints: /No changes/ },
  { line: 'plan', as: `plan --only logGroup ${DECLARED}`, prints: /No changes/ },
  {
    line: 'plan --only web-app,cluster',
    as: `plan --only app-prod,cluster ${DECLARED}`,
    prints: /No changes/,
  },
  { line: 'plan --json', as: `plan --json --only cluster ${DECLARED}`, prints: /"changes": \[\]/ },
  { line: 'plan --stack', prints: /fairway-production in the local cloud.*\n\nNo changes\./ },
  { line: 'version --stack', prints: /fairway-production in the local cloud.*: Fairway \d/ },
  {
    line: 'permissions --for plan',
    as: `permissions --for plan ${DECLARED}`,
    prints: /ecs:DescribeServices/,
  },
  { line: 'permissions --for apply', as: `permissions --for apply ${DECLARED}`, prints: /iam:PassRole/ },
  { line: 'permissions --for logs', prints: /logs:FilterLogEvents/ },
  { line: 'permissions --for prune-revisions', prints: /ecs:DeregisterTaskDefinition/ },
  { line: 'tasks web', prints: /^[0-9a-f]{32} +web-app +web-app:\d+ +running/m },
  { line: 'tasks web --json', prints: /"service": "web-app"/ },
  { line: 'logs web', before: talking, prints: /^web [0-9a-f]{8} \| listening on 8080$/m },
  { line: 'logs web --since 1h --container web', prints: /listening on 8080/ },
  { line: 'logs web --follow', interrupted: 130, prints: /listening on 8080/ },
  {
    line: 'exec web',
    before: execEnabled,
    prints: /^aws ecs execute-command --cluster app-prod --task \S+ --container web /,
  },
  { line: 'exec web --container web -- ps aux', prints: /--command 'ps aux'$/m },
  { line: 'prune-revisions web', prints: /web has no old revisions beyond the newest 20/ },
  {
    line: 'prune-revisions web --keep 50 --yes',
    as: 'prune-revisions web --keep 1 --yes',
    before: settle,
    prints: /web has no old revisions|To deregister/,
  },
  {
    line: 'prune-revisions web --yes',
    before: settle,
    prints: /web has no old revisions beyond the newest 20/,
  },
  { line: 'permissions --for audit', prints: /iam:ListRolePolicies/ },
  { line: 'audit', code: 4, prints: /Audit of \d+ workloads: / },
  { line: 'audit web --fail-on high', prints: /\d+ medium/ },
  { line: 'audit --json', code: 4, prints: /"findings": \[/ },
  { line: 'scale web-app 5', as: 'scale web-app 3', prints: /web-app is scaled to 3 tasks/ },
  {
    line: 'scale web-app --min 2 --max 20',
    before: (cloud) =>
      fairway(
        ['--local', cloud.url, 'apply', '--yes', '--only', 'scaling', ...wordsOf(DECLARED)],
        recorded(ROOT).around,
      ),
    prints: /scales between 2 and 20/,
  },
  { line: 'permissions --for import', prints: /scheduler:ListSchedules/ },
  {
    line: 'import --cluster app-prod',
    as: 'import --cluster app-prod --json',
    prints: /"repository": "web-app"/,
  },
  {
    line: 'import --cluster app-prod --infrastructure --out imported.yml',
    as: 'import --cluster app-prod --infrastructure --json',
    prints: /"taskDefinitions": \{/,
  },
  { line: 'announce --test deploys', prints: /sent a test message to 1 channel/ },
  {
    line: 'announce --test incidents',
    as: 'announce --test mail',
    prints: /sent a test message to 1 channel/,
  },
  { line: 'announce --test', prints: /sent a test message to 2 channels/ },
  { line: 'status', prints: /live +1\.4\.0 .*\n(.*\n)*.*failed +v2 \(1\.2\.3\)/ },
  { line: 'status web', prints: /services +web-app +web-app:\d+ +\d\/\d running, steady/ },
  { line: 'status APP', as: 'status web', prints: /live +1\.4\.0/ },
  { line: 'status --json', prints: /"app": "web"/ },
  { line: '--local http://127.0.0.1:4566 status', as: 'status', prints: /live +1\.4\.0/ },
  { line: 'status --local http://127.0.0.1:4566', as: 'status', prints: /live +1\.4\.0/ },
  { line: 'why web:1.2.3', prints: /1\.2\.3 failed as v2: .*exited with code 1/ },
  { line: 'why web:1.4.0', prints: /1\.4\.0 is live as v6/ },
  { line: 'why web', prints: /1\.4\.0 is live as v6/ },
  { line: 'why APP:TAG', as: 'why web:1.3.0', prints: /1\.3\.0 was live as v3/ },
  { line: 'releases web', prints: /v4 +1\.4\.0 .*\n(.*\n)*v2 +1\.2\.3 .* failed/ },
  { line: 'releases web --limit 5', prints: /v4 +1\.4\.0/ },
  { line: 'show web', prints: /web v6 is live in production: restarted with 1\.4\.0/ },
  { line: 'show web v12', as: 'show web v1', prints: /web v1 is live in production: 1\.1\.0/ },
  { line: 'show APP vN', as: 'show web v2', prints: /AWS said +.*\n(.*\n)*.*cannot read PAYMENT_URL/ },

  { line: 'run web nightly-report', prints: /all is well/ },
  { line: 'run web nightly-report -- npm run report -- --since 2026-01-01', prints: /all is well/ },
  { line: 'follow web nightly-report', prints: /all is well/ },
  { line: 'run web nightly-report --detach', prints: /nightly-report \S+ as [0-9a-f-]{36}/ },
  { line: 'runs', before: endOfRun, prints: /nightly-report +[0-9a-f]{8} +succeeded/ },
  { line: 'runs nightly-report', prints: /nightly-report +[0-9a-f]{8} +succeeded/ },
  { line: 'runs nightly-report --limit 5', prints: /nightly-report +[0-9a-f]{8} +succeeded/ },
  { line: 'follow web 4f9c2e1b', as: 'follow web RUN', prints: /all is well/ },
  { line: 'runs --app APP', as: 'runs --app web', prints: /nightly-report +[0-9a-f]{8} +succeeded/ },
  { line: 'runs 4f9c2e1b', as: 'runs RUN', prints: /nightly-report of web\n +run +[0-9a-f-]{36}/ },
  { line: 'runs ID', as: 'runs RUN', prints: /nightly-report of web\n/ },
  { line: 'runs RUN', prints: /nightly-report of web\n/ },
  { line: 'stop web nightly-report', before: longRun, prints: /nightly-report .*stop/ },
  { line: 'stop web 4f9c2e1b', as: 'stop web RUN', before: anotherLongRun, prints: /nightly-report .*stop/ },

  { line: 'deploy web 1.4.0', before: endOfRun, prints: /1\.4\.0/ },
  { line: 'deploy web 1.4.0 --wait', before: settle, prints: /^$/ },
  { line: 'restart web', before: settle, prints: /web will be restarted with 1\.4\.0/ },
  { line: 'restart web --wait', before: settle, prints: /^$/ },
  { line: 'deploy APP TAG', as: 'deploy web 1.3.0', before: settle, prints: /1\.3\.0/ },
  { line: 'rollback web', before: settle, prints: /1\.4\.0/ },
  { line: 'resume web', before: settle, prints: /resumed/ },
  { line: 'rollback web to 1.3.0', before: settle, prints: /1\.3\.0/ },
  { line: 'resume APP', as: 'resume web', before: settle, prints: /resumed/ },
  // 1.4.0 was rolled back, and 1.2.3 has failed.
  { line: 'rollback APP', as: 'rollback web', before: settle, prints: /rolls back to 1\.1\.0/ },
  { line: 'rollback APP to vN', as: 'rollback web to v3', before: lift, prints: /1\.3\.0/ },
  { line: 'rollback web to v12', as: 'rollback web to v4', before: lift, prints: /1\.4\.0/ },
  { line: 'hold web --reason "incident"', before: lift, prints: /held/ },
  { line: 'hold APP --reason …', as: 'hold web --reason incident', before: lift, prints: /held/ },
  { line: 'hold APP --reason "removed"', as: 'hold web --reason removed', before: lift, prints: /held/ },
  { line: 'deploy web 1.4.1 --despite-hold --reason "fixes it"', before: fixes, prints: /1\.4\.1/ },
  {
    line: 'deploy APP TAG --despite-hold --reason TEXT',
    as: 'deploy web 1.4.2 --despite-hold --reason "fixes more"',
    before: settle,
    prints: /1\.4\.2/,
  },
  {
    line: 'resume APP --discard-waiting',
    as: 'resume web --discard-waiting',
    before: settle,
    prints: /resumed/,
  },
  {
    line: 'resume web --discard-waiting',
    before: (cloud) => cloud.operate({ command: 'hold', app: 'web', reason: 'to be resumed', who }),
    prints: /resumed/,
  },
  { line: 'cancel web', before: openRelease, prints: /^v\d+ is stopped/ },
  { line: 'continue web', before: paused('1.4.5'), prints: /^web-app continues at POST_TEST_TRAFFIC_SHIFT/ },
  {
    line: 'continue web --reason "checked on the test port"',
    before: paused('1.4.6'),
    prints: /^web-app continues at POST_TEST_TRAFFIC_SHIFT/,
  },
  { line: 'forwarding', prints: /nothing has to be forwarded/ },
  { line: 'forwarding --json', prints: /"registries": \[\]/ },
  { line: 'redrive', before: parkEvents, prints: /^[1-9]\d* parked events? / },
];

/** Two functions fail for so long that the events they were sent are parked. */
async function parkEvents(cloud: TestCloud): Promise<void> {
  await cloud.control('clock', { speed: 'max' });
  await settle(cloud);
  await cloud.fault({
    operation: 'GetItem',
    caller: 'image-pushed',
    error: 'AccessDeniedException',
    times: 20,
  });
  await cloud.push('1.5.0');
  await cloud.control('clock', { advance: '10m' });
  await settle(cloud);
}

/** Lines that another test runs, and which. */
const ELSEWHERE = [
  { line: 'init --example', by: 'package/installed.system.ts' },
  { line: 'init --foundation', by: 'cli/init/init.test.ts' },
  { line: 'init --foundation --region eu-west-1', by: 'cli/init/init.test.ts' },
  { line: 'init --cluster app-prod --region eu-west-1', by: 'cli/init/init.test.ts' },
  {
    line: 'init --cluster app-staging --region eu-west-1 --environment staging',
    by: 'cli/init/init.test.ts',
  },
  { line: 'migrate', by: 'cli/migrate.test.ts' },
  { line: 'forwarding --out dist', by: 'cli/forwarding.test.ts' },
  { line: 'deploy-stack', by: 'cli/package/deploy.test.ts' },
  { line: 'deploy-stack --config staging.yml --region eu-west-1', by: 'cli/package/deploy.test.ts' },
  { line: 'local', by: 'package/installed.system.ts' },
  { line: 'local --port 0 --speed max', by: 'package/installed.system.ts' },
  { line: 'local --environment dev --also staging', by: 'local/also.system.ts' },
  { line: 'local --package dist', by: 'package/installed.system.ts' },
  { line: 'package', by: 'package/installed.system.ts' },
  { line: 'package --out dist', by: 'package/installed.system.ts' },
  { line: 'package --out dist --json', by: 'package/installed.system.ts' },
];

/** The line, or the name of its command, as the start of a literal. */
function startOf(line: string): RegExp {
  return new RegExp(`'(?:fairway )?${line.split(' ')[0]}\\b`);
}

describe('every documented command', () => {
  let cloud: TestCloud;

  beforeAll(async () => {
    cloud = await startTestCloud();
    // Fairway sees the app for the first time.
    await cloud.adopted();
    await cloud.behave({
      image: 'web-app:1.2.3',
      for: 'service',
      exit: { after: '3s', code: 1 },
      logs: ['cannot read PAYMENT_URL'],
    });
    for (const tag of ['1.1.0', '1.2.3', '1.3.0', '1.4.0']) {
      await cloud.push(tag);
      await cloud.settled(tag);
    }
    await cloud.behave({ for: 'task', logs: ['all is well'], exit: { after: '2s', code: 0 } });
  }, 120_000);
  afterAll(async () => {
    rmSync(dirname(SAVED), { recursive: true });
    await cloud?.stop();
  });

  /** Time passes while a command waits. */
  const keyboard = (signal?: Signal): Keyboard => ({
    answers: true,
    interrupted: () => signal,
    ask: async () => undefined,
    confirm: async () => undefined,
    close: () => {},
    async wait() {
      await cloud.control('clock', { advance: '5s' });
      await cloud.quiet();
    },
  });

  async function newestRun(): Promise<string> {
    const answer = await cloud.operate({ command: 'runs' });
    return (answer.ok && answer.runs?.[0]?.id.slice(0, 8)) || 'no run';
  }

  it('of `fairway` has a step below, and each step is documented', () => {
    // A name alone may only mention its command; where it does something, it is run.
    const runnable = fairwayLines
      .map(({ line }) => line)
      .filter((line) => !/^(deploy|resume|run|why|show)$/.test(line));
    const known = [...STEPS, ...ELSEWHERE].map(({ line }) => line);
    expect([...new Set(runnable)].toSorted()).toEqual(known.toSorted());
  });

  it.each(ELSEWHERE)('fairway $line is run by $by', ({ line, by }) => {
    expect(readFileSync(join(ROOT, 'test', by), 'utf8')).toMatch(startOf(line));
  });

  it.each(STEPS)(
    'fairway $line',
    async ({ line, as = line, before, interrupted, prints, code: expected = interrupted ?? 0 }) => {
      await before?.(cloud);
      const argv = wordsOf(as.replace('RUN', await newestRun()));
      const { around, written } = recorded(ROOT);
      const code = await fairway(['--local', cloud.url, ...argv], {
        ...around,
        keyboard: () => keyboard(interrupted === undefined ? undefined : 'SIGINT'),
      });
      expect({ code, err: written.err.match(/^fairway: .*/m)?.[0] }).toEqual({ code: expected });
      expect(written.out).toMatch(prints);
      expect(written.out).not.toMatch(/undefined|\[object|NaN/);
    },
    60_000,
  );

  const curls = [
    ...new Set(documentedCode.map(({ line }) => line).filter((line) => line.startsWith('curl -X'))),
  ];

  it.each(curls)('%s', async (line) => {
    const [, path, body] = /\/_local\/(\w+) -d '(.*)'$/.exec(line) ?? [];
    if (path === undefined || body === undefined) throw new Error('this test cannot read the command');
    const given = body.replace(/arn:aws:autoscaling:[^"]*…/, await aStepPolicy(cloud.url));
    await expect(cloud.control(path, JSON.parse(given))).resolves.toEqual(expect.anything());
  });
});

/** The ARN of a step scaling policy of web-app. */
async function aStepPolicy(endpoint: string): Promise<string> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const scaling = new ApplicationAutoScalingClient({ region: 'us-east-1', credentials, endpoint });
  const target = {
    ServiceNamespace: 'ecs',
    ResourceId: 'service/app-prod/web-app',
    ScalableDimension: 'ecs:service:DesiredCount',
  } as const;
  await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 9 }));
  const { PolicyARN = '' } = await scaling.send(
    new PutScalingPolicyCommand({
      ...target,
      PolicyName: 'queue',
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        AdjustmentType: 'ChangeInCapacity',
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    }),
  );
  return PolicyARN;
}
