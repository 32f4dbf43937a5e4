import type {
  AppAnnouncement,
  ReleaseAnnouncement,
  RunAnnouncement,
  ServiceFact,
  StepFact,
} from '../../shared/domain/announcement.ts';
import type { Cause } from '../../shared/domain/release.ts';
import { anImage, digestOf, START } from '../builders.ts';

/** Announcements as releases of the example application make them. */

const SECOND = 1_000;
const PLACE = {
  environment: 'production',
  account: '123456789012',
  region: 'eu-central-1',
  cluster: 'app-prod',
} as const;

const ANN = 'arn:aws:sts::123456789012:assumed-role/Admin/ann@example.com';

export function aStep(
  name: string,
  kind: StepFact['kind'],
  state: StepFact['state'],
  from?: number,
  to?: number,
): StepFact {
  return {
    name,
    kind,
    state,
    ...(from === undefined ? {} : { startedAt: START + from * SECOND }),
    ...(to === undefined ? {} : { endedAt: START + to * SECOND }),
  };
}

export function aService(state: ServiceFact['state'], overrides: Partial<ServiceFact> = {}): ServiceFact {
  return {
    service: 'web-app',
    state,
    running: 3,
    desired: 3,
    from: 'web-app:10',
    to: 'web-app:11',
    ...overrides,
  };
}

/** In progress: the migration is done and the rollout has started; overrides change that. */
export function aStory(overrides: Partial<ReleaseAnnouncement> = {}): ReleaseAnnouncement {
  return {
    kind: 'release',
    app: 'web',
    ...PLACE,
    releaseId: 'b2f1c0de',
    release: 12,
    image: anImage('1.2.0', {
      digest: digestOf('the image 1.2.0'),
      platforms: [{ os: 'linux', architecture: 'amd64' }],
      labels: {
        revision: '4be1f0cb7cb0e1a1c9d1b5b7a3f2e6d8c9b0a1f2',
        source: 'https://github.com/example/web-app',
        author: 'Ann Example <ann@example.com>',
        description: 'The shop',
      },
    }),
    previous: { tag: '1.1.0', digest: digestOf('an image, 1.1.0') },
    trigger: { kind: 'push' },
    startedAt: START,
    at: START + 47 * SECOND,
    step: 'rolling',
    steps: [
      aStep('prepare', 'prepare', 'done', 0, 3),
      aStep('db-migrate', 'task', 'done', 3, 21),
      aStep('roll', 'roll', 'running', 21),
      aStep('smoke-test', 'task', 'pending'),
    ],
    services: [aService('rolling', { running: 1 })],
    notes: [],
    ...overrides,
  };
}

export const CRASH: Cause = {
  kind: 'crash',
  sentence: 'Container web of web-app exited with code 1.',
  evidence: ['Essential container in task exited', 'web: exit code 1'],
  exitCode: 1,
  container: 'web',
  canHeal: true,
};

/** As `npm start` shows it. */
const UNSET: Cause = {
  kind: 'configurationMissing',
  sentence:
    'Container web exited with code 1: the environment variable PAYMENT_URL is missing or invalid; its log says "Error: PAYMENT_URL is not set".',
  advice:
    'Add it to environment or secrets of the container in the task definition, or to the environment file. Fairway copies them from the revision before, so change that one.',
  evidence: ['Essential container in task exited'],
  exitCode: 1,
  container: 'web',
  canHeal: false,
};

const HELD_BY_FAIRWAY = { by: 'Fairway', at: START + 140 * SECOND };
const failedSteps = (...last: StepFact[]) => [
  aStep('prepare', 'prepare', 'done', 0, 3),
  aStep('db-migrate', 'task', 'done', 3, 21),
  aStep('roll', 'roll', 'failed', 21, 66),
  aStep('smoke-test', 'task', 'skipped'),
  ...last,
];

/** One story for each step and each way to end. */
export const STORIES: Readonly<Record<string, ReleaseAnnouncement>> = {
  preparing: aStory({
    at: START + 2 * SECOND,
    step: 'preparing',
    steps: [
      aStep('prepare', 'prepare', 'running', 0),
      aStep('db-migrate', 'task', 'pending'),
      aStep('roll', 'roll', 'pending'),
    ],
    services: [{ service: 'web-app', state: 'pending', running: 0, desired: 0 }],
  }),
  migrating: aStory({
    at: START + 12 * SECOND,
    step: 'migrating',
    steps: [
      aStep('prepare', 'prepare', 'done', 0, 3),
      aStep('db-migrate', 'task', 'running', 3),
      aStep('roll', 'roll', 'pending'),
    ],
    services: [aService('pending', { running: 0, desired: 0 })],
  }),
  rolling: aStory(),
  verifying: aStory({
    at: START + 100 * SECOND,
    step: 'verifying',
    steps: [
      aStep('prepare', 'prepare', 'done', 0, 3),
      aStep('roll', 'roll', 'done', 3, 95),
      aStep('smoke-test', 'task', 'running', 95),
    ],
    services: [aService('live')],
  }),
  live: aStory({
    at: START + 112 * SECOND,
    step: 'verifying',
    steps: [
      aStep('prepare', 'prepare', 'done', 0, 3),
      aStep('db-migrate', 'task', 'done', 3, 21),
      aStep('roll', 'roll', 'done', 21, 93),
      aStep('smoke-test', 'task', 'done', 93, 112),
    ],
    services: [aService('live')],
    outcome: { kind: 'live', reason: '1.2.0 is live' },
  }),
  'rolling back': aStory({
    at: START + 80 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'running', 66)),
    services: [aService('goingBack', { running: 2 })],
    failure: { service: 'web-app', cause: CRASH },
  }),
  'failed, rolled back': aStory({
    at: START + 128 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'done', 66, 128)),
    services: [aService('back', { runs: 'web-app:10 at 3/3 tasks' })],
    failure: { service: 'web-app', cause: UNSET },
    outcome: { kind: 'failed', reason: `${UNSET.sentence} Everything was rolled back.` },
  }),
  'failed before anything changed': aStory({
    at: START + 25 * SECOND,
    step: 'migrating',
    steps: [
      aStep('prepare', 'prepare', 'done', 0, 3),
      aStep('db-migrate', 'task', 'failed', 3, 25),
      aStep('roll', 'roll', 'skipped'),
    ],
    services: [{ service: 'web-app', state: 'pending', running: 0, desired: 0, from: 'web-app:10' }],
    failure: {
      task: 'db-migrate',
      cause: {
        kind: 'crash',
        sentence: 'Container migrate of db-migrate exited with code 3.',
        evidence: ['Essential container in task exited'],
        exitCode: 3,
        container: 'migrate',
        canHeal: true,
      },
    },
    outcome: { kind: 'failed', reason: 'Container migrate exited with code 3. No service was changed.' },
  }),
  'failed, left to a person': aStory({
    at: START + 70 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(),
    services: [aService('failed', { runs: 'web-app:11 at 1/3 tasks' })],
    notes: ['left as it is, because db-migrate has run and is marked not reversible'],
    failure: { service: 'web-app', cause: CRASH },
    hold: { ...HELD_BY_FAIRWAY, reason: 'v12 failed and db-migrate has run: decide, then resume' },
    outcome: { kind: 'failed', reason: 'It was left as it is: a person decides.' },
  }),
  'failed, partly rolled back': aStory({
    at: START + 90 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'done', 66, 90)),
    services: [
      aService('back', { runs: 'web-app:10 at 3/3 tasks' }),
      aService('failed', { service: 'worker', runs: 'worker:5 at 1/1 tasks' }),
    ],
    failure: { service: 'web-app', cause: CRASH },
    outcome: { kind: 'failed', reason: 'It was left as it is: a person decides.' },
  }),
  'rollback failed': aStory({
    at: START + 1_900 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'failed', 66, 1_900)),
    services: [
      aService('stuck', { running: 1, runs: 'web-app:10 at 1/3 tasks' }),
      aService('back', {
        service: 'worker',
        running: 2,
        desired: 2,
        from: 'worker:4',
        to: 'worker:5',
        runs: 'worker:4 at 2/2 tasks',
      }),
    ],
    failure: { service: 'web-app', cause: CRASH },
    hold: { ...HELD_BY_FAIRWAY, reason: 'v12 failed and the rollback of web-app failed' },
    outcome: { kind: 'stranded', reason: 'The rollback of web-app failed: act now.' },
  }),
  'being canceled by a person': aStory({
    at: START + 80 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'running', 66)),
    services: [aService('goingBack', { running: 2 })],
    failure: {
      cause: { kind: 'person', sentence: `${ANN} canceled v12.`, evidence: [], canHeal: false },
    },
  }),
  'cancelled by a person': aStory({
    at: START + 90 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(aStep('roll back', 'putBack', 'done', 66, 90)),
    services: [aService('back', { runs: 'web-app:10 at 3/3 tasks' })],
    failure: {
      cause: { kind: 'person', sentence: `${ANN} canceled v12.`, evidence: [], canHeal: false },
    },
    outcome: { kind: 'rolledBack', reason: 'Everything was rolled back.' },
  }),
  superseded: aStory({
    at: START + 50 * SECOND,
    step: 'rollingBack',
    steps: failedSteps(),
    services: [aService('unchanged', { runs: 'web-app:14' })],
    failure: {
      service: 'web-app',
      cause: {
        kind: 'foreignDeployment',
        sentence: 'web-app:14 was deployed to web-app outside Fairway while v12 was in progress.',
        evidence: [],
        canHeal: false,
      },
    },
    hold: { ...HELD_BY_FAIRWAY, reason: 'web-app:14 was deployed to web-app outside Fairway.' },
    outcome: { kind: 'superseded', reason: 'web-app:14 was deployed outside Fairway.' },
  }),
  'rolled back by a person': aStory({
    release: 13,
    at: START + 60 * SECOND,
    image: anImage('1.1.0', { digest: digestOf('an image, 1.1.0') }),
    previous: { tag: '1.2.0', digest: digestOf('the image 1.2.0') },
    trigger: { kind: 'rollback', who: ANN, to: 11 },
    steps: [aStep('prepare', 'prepare', 'done', 0, 3), aStep('roll', 'roll', 'done', 3, 60)],
    services: [aService('live', { from: 'web-app:11', to: 'web-app:12' })],
    hold: { by: ANN, reason: 'rolled back by hand', at: START },
    outcome: { kind: 'live', reason: '1.1.0 is live' },
  }),
};

export function aStoryOf(name: string): ReleaseAnnouncement {
  const story = STORIES[name];
  if (story) return story;
  throw new Error(`there is no story named ${name}`);
}

export function news(overrides: Partial<AppAnnouncement> = {}): AppAnnouncement {
  return {
    kind: 'app',
    app: 'web',
    ...PLACE,
    at: START,
    topic: 'held',
    severity: 'warning',
    sentence: `${ANN} holds web: release freeze until Monday`,
    hold: { by: ANN, reason: 'release freeze until Monday', at: START },
    ...overrides,
  };
}

/** Fifty services, long texts and every character with a meaning in Slack, a terminal or JSON. */
export function aHostileStory(overrides: Partial<ReleaseAnnouncement> = {}): ReleaseAnnouncement {
  const nasty = '<!channel> & <http://evil|click> *b* _i_ `c` ``` 🚢 é\u202e\u001b[31m\r\n';
  // Longer than the 4,000 characters of a text in Slack, the longest limit there is.
  const long = nasty.repeat(70);
  const services = Array.from({ length: 50 }, (_, index) =>
    aService('stuck', {
      service: `service-${index}-${'x'.repeat(200)}`,
      runs: `${nasty}family-${index}:12 at 1/3 tasks`,
      to: `${'f'.repeat(255)}:123456`,
    }),
  );
  return aStory({
    app: `web-${'a'.repeat(180)}`,
    environment: long,
    image: anImage(`1.2.0-${'b'.repeat(120)}`, {
      platforms: Array.from({ length: 5 }, () => ({ os: long, architecture: long })),
      labels: { revision: long, source: `https://example.com/${long}`, author: long, description: long },
    }),
    trigger: { kind: 'deploy', who: long },
    steps: Array.from({ length: 12 }, () => aStep(long, 'task', 'failed', 0, 90_000)),
    services,
    notes: Array.from({ length: 12 }, () => long),
    failure: {
      service: services[0]?.service ?? '',
      cause: { ...CRASH, sentence: long, evidence: Array.from({ length: 10 }, () => long) },
    },
    hold: { by: long, reason: long, at: START },
    outcome: { kind: 'stranded', reason: long },
    ...overrides,
  });
}

/** A run that failed at night, on its schedule. */
export function aRun(overrides: Partial<RunAnnouncement> = {}): RunAnnouncement {
  const due = Date.parse('2026-03-01T02:00:00Z');
  const said = (seconds: number, text: string) => ({ at: due + seconds * 1_000, container: 'web', text });
  return {
    kind: 'run',
    app: 'web',
    environment: 'production',
    account: '123456789012',
    region: 'eu-central-1',
    cluster: 'app-prod',
    at: due + 95_000,
    task: 'nightly-report',
    runId: '4f9c2e1b-7a3d-4f60-8e1b-0a1b2c3d4e5f',
    trigger: { kind: 'schedule', at: due },
    outcome: 'failed',
    reason: 'Container web exited with code 3.',
    cause: { ...CRASH, exitCode: 3, sentence: 'Container web exited with code 3.' },
    exitCode: 3,
    image: { tag: '1.2.0', digest: `sha256:${'7468652069'.repeat(7).slice(0, 64)}` },
    revision: 'web-app:11',
    taskArns: ['arn:aws:ecs:eu-central-1:123456789012:task/app-prod/0f1e2d3c4b5a69788796a5b4c3d2e1f0'],
    askedAt: due,
    startedAt: due + 3_000,
    endedAt: due + 95_000,
    earlier: [],
    tail: {
      lines: [said(40, 'reading orders of 2026-02-28'), said(92, 'Error: relation "refunds" does not exist')],
      elsewhere: [],
    },
    ...overrides,
  };
}
