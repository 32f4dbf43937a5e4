import type { ReleaseAnnouncement } from '../../shared/domain/announcement.ts';
import { anImage, MINUTE, START } from '../builders.ts';

/** A release that is in progress, to be changed by tests. */
export function aStory(overrides: Partial<ReleaseAnnouncement> = {}): ReleaseAnnouncement {
  return {
    kind: 'release',
    app: 'web',
    environment: 'production',
    account: '123456789012',
    region: 'us-east-1',
    cluster: 'app-prod',
    releaseId: 'r-2',
    release: 2,
    image: anImage('1.2.0', {
      labels: {
        revision: 'b81d04f7c2e96a51',
        source: 'https://git.example/web',
        author: 'platform@example.com',
      },
    }),
    previous: { tag: '1.1.0', digest: anImage('1.1.0').digest },
    trigger: { kind: 'push' },
    startedAt: START,
    at: START + 2 * MINUTE,
    step: 'rolling',
    steps: [
      { name: 'db-migrate', kind: 'task', state: 'done', startedAt: START, endedAt: START + 42_000 },
      { name: 'roll', kind: 'roll', state: 'running', startedAt: START + 42_000 },
    ],
    services: [
      { service: 'web-app', state: 'rolling', running: 1, desired: 3, from: 'web-app:11', to: 'web-app:12' },
    ],
    notes: [],
    ...overrides,
  };
}

export function aFailedStory(overrides: Partial<ReleaseAnnouncement> = {}): ReleaseAnnouncement {
  return aStory({
    failure: {
      service: 'web-app',
      cause: {
        kind: 'crash',
        sentence: 'Container web exited with code 1.',
        evidence: ['Essential container in task exited'],
        canHeal: true,
        exitCode: 1,
      },
    },
    outcome: { kind: 'failed', reason: 'Container web exited with code 1. Everything was rolled back.' },
    services: [
      {
        service: 'web-app',
        state: 'back',
        running: 3,
        desired: 3,
        from: 'web-app:11',
        to: 'web-app:12',
        runs: 'web-app:11 at 3/3 tasks',
      },
    ],
    ...overrides,
  });
}
