import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECS_RATES } from '../../local/quotas/ecs.ts';
import { loadConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';

/** Many services at once: what is pushed, and how fast it could possibly be deployed. */
export interface Scenario {
  readonly name: string;
  readonly apps: number;
  /** Of each app. */
  readonly services: number;
  /** One repository for all apps, and so one push; otherwise one each. */
  readonly shared: boolean;
  /** Over how many milliseconds the pushes are spread. */
  readonly spread: number;
  /** Whether ECS has the rates that AWS documents. */
  readonly quotas: boolean;
  /** Seconds from the first push to the last UpdateService: what ECS's rates allow, or else what is aimed at. */
  readonly bound: number;
}

const SHARED = { shared: true, spread: 0, quotas: true };

export const SCENARIOS: readonly Scenario[] = [
  { ...SHARED, name: '20 apps × 50 services, one push', apps: 20, services: 50, bound: bucketBound(1_000) },
  {
    name: '500 apps × 1 service, a push each within a minute',
    apps: 500,
    services: 1,
    shared: false,
    spread: 60_000,
    quotas: true,
    bound: bucketBound(500),
  },
  { ...SHARED, name: '20 apps × 1 service, one push', apps: 20, services: 1, bound: 1.5 },
  { ...SHARED, name: '1 app × 50 services', apps: 1, services: 50, quotas: false, bound: 6 },
  { ...SHARED, name: '1 app × 10 services', apps: 1, services: 10, quotas: false, bound: 3 },
  { ...SHARED, name: '1 app × 1 service', apps: 1, services: 1, quotas: false, bound: 1.5 },
];

/** Seconds that the bucket of RegisterTaskDefinition takes for so many revisions. */
function bucketBound(revisions: number): number {
  const { burst, refill } = ECS_RATES.taskDefinitionModify;
  return Math.max(0, revisions - burst) / refill;
}

/** Each app has two channels: a bot's and a topic. */
export function configurationOf({ apps, services, shared }: Scenario): Configuration {
  const lines = [
    'environment: bench',
    'channels:',
    '  chat: { slack: { channel: C0123456789, token: { ssm: /fairway/slack } } }',
    '  mail: { sns: {} }',
    'apps:',
    ...numbered(apps).flatMap((app) => [
      `  app${app}:`,
      '    cluster: big',
      '    channels: [chat, mail]',
      `    image: { repository: ${repositoryOf(app, shared)}, tags: { semver: ">=1.0.0" } }`,
      '    services:',
      ...numbered(services).map((one) => `      - { name: s${app}-${one}, taskRole: t, executionRole: e }`),
    ]),
    '',
  ];
  const directory = mkdtempSync(join(tmpdir(), 'fairway-fleet-'));
  try {
    const file = join(directory, 'fairway.yml');
    writeFileSync(file, lines.join('\n'));
    return loadConfiguration(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function repositoryOf(app: number, shared: boolean): string {
  return shared ? 'big' : `big${app}`;
}

export function numbered(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
