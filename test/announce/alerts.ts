import type { AlertAnnouncement } from '../../shared/domain/announcement.ts';
import { MINUTE, START } from '../builders.ts';

const SECOND = 1_000;

/** A crash loop, to be changed by tests. */
export function anAlert(overrides: Partial<AlertAnnouncement> = {}): AlertAnnouncement {
  return {
    kind: 'alert',
    app: 'web',
    environment: 'production',
    account: '123456789012',
    region: 'eu-central-1',
    cluster: 'app-prod',
    alertId: `web-app:crashLoop:${START}`,
    service: 'web-app',
    trouble: 'crashLoop',
    cause: {
      kind: 'crash',
      sentence: 'Container web exited with code 1; its log says "Error: PAYMENT_URL is not set".',
      evidence: ['Essential container in task exited'],
      canHeal: true,
      exitCode: 1,
      container: 'web',
    },
    count: 14,
    tasks: { crash: 12, killed: 2 },
    firstAt: START,
    lastAt: START + 6 * MINUTE + 12 * SECOND,
    at: START + 7 * MINUTE,
    ...overrides,
  };
}

export const ALERTS: Readonly<Record<string, AlertAnnouncement>> = {
  'crash loop': anAlert({
    runs: { what: 'web-app:11 at 1/3 tasks', at: START + MINUTE },
    release: { number: 12, tag: '1.2.0', state: 'live', at: START - 4 * MINUTE, back: '1.1.0' },
  }),
  'another cause': anAlert({
    lately: {
      kind: 'imageNotFound',
      sentence: 'Container web: its image does not exist in the repository.',
      advice: 'It was deleted (by a lifecycle policy, perhaps) or never pushed; push it again.',
      evidence: [],
      canHeal: false,
    },
    count: 300,
    more: true,
    tasks: { imageNotFound: 210, crash: 90 },
  }),
  'out of memory': anAlert({
    trouble: 'outOfMemory',
    cause: {
      kind: 'outOfMemory',
      sentence: 'Container web exceeded its memory limit and was killed.',
      advice: 'Raise its memory limit, or reduce its memory use.',
      evidence: ['OutOfMemoryError: Container killed due to memory usage'],
      canHeal: true,
    },
    count: 1,
    tasks: { outOfMemory: 1 },
    lastAt: START,
  }),
  'no room': anAlert({
    trouble: 'placement',
    cause: {
      kind: 'capacity',
      sentence: 'There is no capacity for the task (FARGATE): it has to be tried again.',
      evidence: ['(service web-app) was unable to place a task. Reason: RESOURCE:FARGATE.'],
      canHeal: true,
    },
    count: 3,
    tasks: {},
  }),
  'start impaired': anAlert({
    trouble: 'startImpaired',
    cause: {
      kind: 'imageNotFound',
      sentence: 'Container web: the image does not exist.',
      evidence: ['CannotPullContainerError: not found'],
      canHeal: false,
    },
    count: 0,
    tasks: {},
  }),
  'foreign deployment': anAlert({
    trouble: 'deploymentFailed',
    count: 1,
    tasks: {},
    lastAt: START,
  }),
  'foreign loop': anAlert({ trouble: 'deploymentFailed', count: 3, tasks: { crash: 3 } }),
  recovered: anAlert({
    at: START + 17 * MINUTE,
    end: { at: START + 17 * MINUTE, how: 'recovered', reason: 'web-app:11 at 3/3 tasks' },
  }),
  gone: anAlert({
    at: START + 17 * MINUTE,
    end: { at: START + 17 * MINUTE, how: 'over', reason: 'the service is gone' },
  }),
  'scaled to nothing': anAlert({
    at: START + 17 * MINUTE,
    end: { at: START + 17 * MINUTE, how: 'over', reason: 'scaled to 0 tasks' },
  }),
};

export function anAlertOf(name: string): AlertAnnouncement {
  const alert = ALERTS[name];
  if (alert) return alert;
  throw new Error(`there is no alert named ${name}`);
}
