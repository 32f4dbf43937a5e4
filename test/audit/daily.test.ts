import { compose } from '../../shared/announce/compose.ts';
import { auditDaily, type DailyPorts } from '../../shared/audit/daily.ts';
import type { Finding } from '../../shared/audit/findings.ts';
import { type AuditMemory, newsOf } from '../../shared/audit/news.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { AppAnnouncement } from '../../shared/domain/announcement.ts';
import { EXAMPLE } from '../infrastructure/example.ts';
import { aRunningExample, type EmptyCloud } from '../infrastructure/world.ts';

const configuration = compileConfiguration(
  `environment: production
channels: { mail: { sns: {} } }
defaults: { cluster: app-prod, channels: [mail] }
apps: { web: { image: { repository: web-app, tags: { digest: latest } }, services: [{ name: web-app }] } }
audit: { daily: { severity: low } }`,
  'fairway.yml',
);

function aFinding(rule: string, severity: Finding['severity'] = 'medium'): Finding {
  const resource = 'service app-prod/web-app';
  return { rule, severity, app: 'web', resource, found: 'x', why: 'y', fix: 'z' };
}

describe('the news of an audit', () => {
  const audited = { isComplete: true, now: 2, severity: 'low' } as const;
  const last: AuditMemory = {
    at: 1,
    findings: [
      { rule: 'kept', resource: 'service app-prod/web-app', since: 1 },
      { rule: 'gone', resource: 'service app-prod/web-app', since: 1 },
    ],
  };

  it('are what is new and what is gone', () => {
    const findings = [aFinding('kept'), aFinding('new')];
    const news = newsOf({ ...audited, findings }, last);
    expect(news.appeared.map(({ rule }) => rule)).toEqual(['new']);
    expect(news.gone.map(({ rule }) => rule)).toEqual(['gone']);
    expect(news.memory.findings.map(({ rule, since }) => [rule, since])).toEqual([
      ['kept', 1],
      ['new', 2],
    ]);
  });

  it('leave out what is less severe', () => {
    expect(newsOf({ ...audited, findings: [aFinding('saves', 'hint')] }, undefined).appeared).toEqual([]);
  });

  it('call nothing gone that a raised severity leaves out', () => {
    const findings = [aFinding('kept'), aFinding('gone', 'low')];
    expect(newsOf({ ...audited, severity: 'medium', findings }, last).gone).toEqual([]);
  });

  it('call nothing gone that could not be read', () => {
    const { gone, memory } = newsOf({ ...audited, findings: [], isComplete: false }, last);
    expect(gone).toEqual([]);
    expect(memory.findings).toEqual(last.findings);
  });

  it('are remembered within bounds', () => {
    const findings = Array.from({ length: 2_000 }, (_, index) => aFinding(`rule-${index}`));
    const { memory } = newsOf({ ...audited, findings }, undefined);
    expect(memory.findings).toHaveLength(500);
  });
});

/** The ports of an audit of this cloud, with what was announced and remembered. */
function ports(cloud: EmptyCloud, memories = new Map<string, AuditMemory>()) {
  const announced: AppAnnouncement[] = [];
  const made: DailyPorts = {
    configuration,
    location: { environment: 'production', region: 'us-east-1', account: '123456789012' },
    aws: cloud.aws,
    memory: {
      read: async (app) => memories.get(app),
      write: async (app, memory) => void memories.set(app, memory),
    },
    announce: async (_, announcement) => void announced.push(announcement),
    now: () => cloud.clock.now(),
    deadline: () => cloud.clock.now() + 900_000,
    log: () => {},
  };
  return { made, announced, memories };
}

describe('the daily audit', () => {
  let cloud: EmptyCloud;
  beforeAll(async () => {
    cloud = await aRunningExample(EXAMPLE);
    cloud.clock.runUntil(cloud.clock.now() + 600_000);
  });

  it('announces what is new once, and what is gone', async () => {
    const memories = new Map<string, AuditMemory>();
    const first = ports(cloud, memories);
    await auditDaily(first.made);
    await auditDaily(first.made);
    expect(first.announced.map(({ sentence }) => sentence)).toEqual([
      'the audit has 1 new finding: `fairway audit web` shows how to fix them',
    ]);
    const enableExecuteCommand = true;
    await cloud.aws('ecs', 'UpdateService', {
      cluster: 'app-prod',
      service: 'web-app',
      enableExecuteCommand,
    });
    const second = ports(cloud, memories);
    await auditDaily(second.made);
    const [news] = second.announced;
    expect(news?.sentence).toBe(
      'the audit has 1 new finding, and 1 gone: `fairway audit web` shows how to fix them',
    );
    expect(news?.lists).toEqual([
      {
        title: 'New',
        items: ['medium: exec-in-production: service app-prod/web-app: enableExecuteCommand is true'],
      },
      { title: 'Gone', items: ['writable-root-filesystem: container web-app/web'] },
    ]);
    expect(news && compose(news, 'npm run fairway --').title).toContain('`npm run fairway -- audit web`');
  });

  it.each([
    [1, '1 finding of the audit is resolved'],
    [2, '2 findings of the audit are resolved'],
  ])('announces that findings are resolved, where none is new: %s', async (count, sentence) => {
    const { made, announced, memories } = ports(cloud);
    await auditDaily(made);
    const now = memories.get('web') ?? { at: 0, findings: [] };
    const gone = Array.from({ length: count }, (_, index) => ({
      rule: 'public-ip',
      resource: `service app-prod/old-${index}`,
      since: 1,
    }));
    memories.set('web', { ...now, findings: [...now.findings, ...gone] });
    await auditDaily(made);
    await auditDaily(made);
    expect(announced.slice(1)).toMatchObject([
      {
        severity: 'info',
        sentence,
        lists: [{ title: 'Gone', items: gone.map(({ resource }) => `public-ip: ${resource}`) }],
      },
    ]);
    expect(memories.get('web')?.findings).toEqual(now.findings);
  });

  it('announces again what a channel did not take', async () => {
    const { made, announced } = ports(cloud);
    const failing = { ...made, announce: () => Promise.reject(new Error('the channel is down')) };
    await expect(auditDaily(failing)).rejects.toThrow(/failed to audit web: Error: the channel is down/);
    await auditDaily(made);
    expect(announced).toHaveLength(1);
  });

  it('begins no reads that it has no time for', async () => {
    const { made, memories } = ports(cloud);
    await auditDaily({ ...made, deadline: () => cloud.clock.now() + 60_000 });
    expect(memories.size).toBe(0);
  });
});
