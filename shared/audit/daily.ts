import type { AppAnnouncement } from '../domain/announcement.ts';
import type { App, Configuration, DailyAudit } from '../domain/app.ts';
import { counted } from '../domain/counted.ts';
import type { Location } from '../domain/facts.ts';
import type { Aws } from '../infrastructure/kind.ts';
import { batches } from '../infrastructure/reading.ts';
import { judge } from './accepting.ts';
import { type Finding, findingsOf } from './findings.ts';
import { type AuditMemory, type AuditNews, newsOf } from './news.ts';
import { readWorkloads } from './read/workloads.ts';

/** The audit of every day: reads, judges, and announces to each app's channels what is new and what is gone. */

export interface DailyPorts {
  readonly configuration: Configuration;
  readonly location: Location;
  readonly aws: Aws;
  readonly memory: {
    read(app: string): Promise<AuditMemory | undefined>;
    write(app: string, memory: AuditMemory): Promise<void>;
  };
  /** Throws where the channel does not take it. */
  readonly announce: (channel: string, announcement: AppAnnouncement) => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly deadline: () => number;
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
}

/** Apps that are read together: in batches where ECS has them. */
const TOGETHER = 10;
/** Milliseconds that the reads of as many apps may take. */
const TIME_FOR_SOME = 120_000;

/** Throws where the audit of some apps failed, when the others are done. */
export async function auditDaily(ports: DailyPorts): Promise<void> {
  const { configuration, now, deadline, log } = ports;
  const { daily } = configuration.audit ?? {};
  if (daily === undefined) return;
  const failures: string[] = [];
  const waiting = await longestFirst(ports);
  for (const some of batches(waiting, TOGETHER)) {
    if (deadline() - now() < TIME_FOR_SOME) {
      log('audit ends before all apps were read: the others are the first ones tomorrow', {
        apps: some.map(({ app }) => app.name),
      });
      break;
    }
    failures.push(...(await auditSome(some, daily, ports)));
  }
  if (failures.length > 0) throw new Error(`failed to audit ${failures.join('; ')}`);
}

interface Remembered {
  readonly app: App;
  readonly last: AuditMemory | undefined;
}

/** The app that was audited longest ago is the first one. */
async function longestFirst({ configuration, memory }: DailyPorts): Promise<readonly Remembered[]> {
  const remembered = await Promise.all(
    configuration.apps.map(async (app) => ({ app, last: await memory.read(app.name) })),
  );
  return remembered.toSorted((a, b) => (a.last?.at ?? 0) - (b.last?.at ?? 0));
}

/** Returns what failed. */
async function auditSome(
  some: readonly Remembered[],
  daily: DailyAudit,
  ports: DailyPorts,
): Promise<readonly string[]> {
  const { configuration, aws, now, log } = ports;
  const names = some.map(({ app }) => app.name);
  try {
    const { environment, audit } = configuration;
    const read = await readWorkloads({ apps: some.map(({ app }) => app), environment, now: now() }, aws);
    if (read.notes.length > 0) log('audit could not check everything', { apps: names, notes: read.notes });
    const { findings } = judge(findingsOf(read.workloads), audit?.accepted ?? [], now());
    const told = await Promise.all(some.map((one) => report(one, findings, read.isComplete, daily, ports)));
    return told.flat();
  } catch (error) {
    return [`${names.join(', ')}: ${String(error)}`];
  }
}

/** Announces the news of an app, then remembers them: what was not announced is new again tomorrow. */
async function report(
  { app, last }: Remembered,
  all: readonly Finding[],
  isComplete: boolean,
  { severity }: DailyAudit,
  { memory, announce, location, now }: DailyPorts,
): Promise<readonly string[]> {
  const findings = all.filter((finding) => finding.app === app.name);
  const news = newsOf({ findings, isComplete, now: now(), severity }, last);
  try {
    if (news.appeared.length + news.gone.length > 0) {
      const announcement = announcementOf(app, location, news);
      await Promise.all(app.channels.map((channel) => announce(channel, announcement)));
    }
    await memory.write(app.name, news.memory);
    return [];
  } catch (error) {
    return [`${app.name}: ${String(error)}`];
  }
}

/** Findings that a message lists. */
const MOST_LISTED = 15;

function announcementOf(
  app: App,
  location: Location,
  { appeared, gone, memory }: AuditNews,
): AppAnnouncement {
  const urgent = appeared.filter(({ severity }) => severity === 'high').length;
  const fresh = `${counted(appeared.length, 'new finding')}${urgent > 0 ? `, ${urgent} of them high` : ''}`;
  return {
    kind: 'app',
    app: app.name,
    cluster: app.cluster,
    ...location,
    at: memory.at,
    topic: 'audit',
    severity: urgent > 0 ? 'warning' : 'info',
    sentence:
      appeared.length === 0
        ? `${counted(gone.length, 'finding')} of the audit ${gone.length === 1 ? 'is' : 'are'} resolved`
        : `the audit has ${fresh}${gone.length > 0 ? `, and ${gone.length} gone` : ''}: \`fairway audit ${app.name}\` shows how to fix them`,
    lists: [
      {
        title: 'New',
        items: listed(appeared.map((one) => `${one.severity}: ${one.rule}: ${one.resource}: ${one.found}`)),
      },
      { title: 'Gone', items: listed(gone.map(({ rule, resource }) => `${rule}: ${resource}`)) },
    ].filter(({ items }) => items.length > 0),
  };
}

function listed(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LISTED) return lines;
  return [...lines.slice(0, MOST_LISTED), `and ${lines.length - MOST_LISTED} more`];
}
