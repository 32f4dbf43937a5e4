import type { Publish } from '../../shared/announce/channel.ts';
import { compose } from '../../shared/announce/compose.ts';
import { createSnsSender } from '../../shared/announce/sns.ts';
import type { AlertAnnouncement, AlertReleaseFact } from '../../shared/domain/announcement.ts';
import { MINUTE, START } from '../builders.ts';
import { ALERTS, anAlert, anAlertOf } from './alerts.ts';
import { renderSlack, renderSns } from './rendered.ts';

const HEADLINES = [
  ['crash loop', 'web in production: web-app keeps stopping: 14 tasks in 6 min 12 s'],
  ['out of memory', 'web in production: web-app runs out of memory: 1 task killed'],
  ['no room', 'web in production: tasks of web-app cannot be placed'],
  ['start impaired', 'web in production: tasks of web-app repeatedly fail to start'],
  ['foreign deployment', 'web in production: a deployment of web-app made outside Fairway failed'],
  ['recovered', 'web in production: web-app has recovered after 17 min: 14 tasks had stopped'],
  ['gone', 'web in production: the alert for web-app is closed after 17 min: 14 tasks had stopped'],
  ['another cause', 'web in production: web-app keeps stopping: more than 300 tasks in 6 min 12 s'],
  [
    'foreign loop',
    'web in production: a deployment of web-app made outside Fairway failed: 3 tasks stopped in 6 min 12 s',
  ],
] as const;

describe('an alert', () => {
  it.each(HEADLINES)('says what it is about, the same in Slack and by e-mail: %s', (name, headline) => {
    const { subject, message } = renderSns(anAlertOf(name));
    expect(message.split('\n')[0]).toBe(`${headline}.`);
    expect(subject).toBe(headline.length < 100 ? headline : `${headline.slice(0, 96)}...`);
    expect(JSON.stringify(renderSlack(anAlertOf(name)))).toContain(headline);
  });

  it('says why in AWS words, how many of each cause, where, and where to look', () => {
    for (const text of [JSON.stringify(renderSlack(anAlert())), renderSns(anAlert()).message]) {
      expect(text.replaceAll('\\"', '"')).toContain(
        'Container web exited with code 1; its log says "Error: PAYMENT_URL is not set".',
      );
      expect(text).toContain('Essential container in task exited');
      expect(text).toContain('crash 12, killed 2');
      expect(text).toContain('123456789012 eu-central-1');
      expect(text).toContain('/clusters/app-prod/services/web-app/tasks?region=eu-central-1');
    }
  });

  it('says what runs now when it is over', () => {
    expect(JSON.stringify(renderSlack(anAlertOf('recovered')))).toContain('*Now:* web-app:11 at 3/3 tasks');
    expect(renderSns(anAlertOf('recovered')).message).toMatch(/^Now: {6}web-app:11 at 3\/3 tasks$/m);
  });

  it.each(Object.keys(ALERTS))('posts nothing to the thread: %s', (name) => {
    expect(renderSlack(anAlertOf(name)).replies).toEqual([]);
  });

  it.each<[string, Partial<AlertReleaseFact>, string]>([
    ['went live before', { at: START - 4 * MINUTE }, '4 min after v12 (1.2.0) went live'],
    ['went live meanwhile', { at: START + MINUTE }, '1 min before v12 (1.2.0) went live'],
    ['failed', { state: 'failed', at: START - MINUTE }, '1 min after v12 (1.2.0) failed'],
    ['is open', { state: 'open' }, 'while v12 (1.2.0) was in progress'],
    ['was canceled', { state: 'rolledBack', at: START - 1_000 }, '1 s after v12 (1.2.0) was canceled'],
  ])('says since when, and how long before or after a release that %s', (_, more, words) => {
    const release = { number: 12, tag: '1.2.0', state: 'live', at: START, ...more } as const;
    const when = `since 2026-03-01 10:00 UTC, ${words}`;
    const news = anAlert({ release });
    expect(JSON.stringify(renderSlack(news))).toContain(`*When:* ${when}\\n`);
    expect(renderSns(news).message).toMatch(new RegExp(`^When: {5}${when.replace(/[().]/g, '.')}$`, 'm'));
  });

  it('says what the service ran when it was checked, while it lasts', () => {
    const now = 'web-app:11 at 1/3 tasks (10:01 UTC)';
    expect(JSON.stringify(renderSlack(anAlertOf('crash loop')))).toContain(`*Now:* ${now}`);
    expect(renderSns(anAlertOf('crash loop')).message).toContain(`Now:      ${now}`);
  });

  it('says from when until when it lasted', () => {
    expect(renderSns(anAlertOf('recovered')).message).toContain('2026-03-01 10:00 to 10:06 UTC');
    const { end } = anAlertOf('recovered');
    const overnight = anAlert({ ...(end ? { end } : {}), lastAt: START + 14 * 60 * MINUTE });
    expect(renderSns(overnight).message).toContain('2026-03-01 10:00 to 2026-03-02 00:00 UTC');
  });

  it.each<[string, boolean, Partial<AlertAnnouncement>]>([
    ['soon after a release went live', true, {}],
    ['hours after', false, { firstAt: START + 90 * MINUTE }],
    ['before it went live', false, { firstAt: START - 10 * MINUTE }],
    ['where there is no room', false, { trouble: 'placement' }],
    ['that is over', false, { end: { at: START, how: 'recovered', reason: 'web-app:11 at 3/3 tasks' } }],
  ])('advises a rollback: %s, %s', (_, offers, more) => {
    const news = anAlert({ ...anAlertOf('crash loop'), ...more });
    for (const text of [JSON.stringify(renderSlack(news)), renderSns(news).message])
      expect(text.includes('roll back to 1.1.0: fairway rollback web')).toBe(offers);
  });

  it('says what stops tasks now, where the first cause was another one', () => {
    for (const text of [
      JSON.stringify(renderSlack(anAlertOf('another cause'))),
      renderSns(anAlertOf('another cause')).message,
    ]) {
      expect(text).toContain('Container web exited with code 1');
      expect(text).toMatch(
        /Lately:\*? +Container web: its image does not exist in the repository. It was deleted/,
      );
    }
  });

  it('does not call a service recovered that no longer runs tasks', () => {
    const { message } = renderSns(anAlertOf('scaled to nothing'));
    expect(message).not.toContain('recovered');
    expect(message).toMatch(/^Now: {6}scaled to 0 tasks$/m);
    expect(JSON.stringify(renderSlack(anAlertOf('scaled to nothing')))).not.toMatch(/✅|🔥/u);
  });

  it('has attributes for filters', () => {
    expect(renderSns(anAlert()).attributes).toEqual({
      kind: 'alert',
      app: 'web',
      environment: 'production',
      service: 'web-app',
      trouble: 'crashLoop',
      cause: 'crash',
      state: 'open',
      severity: 'failure',
    });
    expect(renderSns(anAlertOf('recovered')).attributes).toMatchObject({ state: 'closed', severity: 'info' });
  });

  it("stays within Slack's limits, with all texts escaped", () => {
    const long = `<!channel> & \`\`\` *b* xoxb-1234567890-abcdefghij ${'x'.repeat(5_000)}`;
    const cause = { ...anAlert().cause, sentence: long, advice: long, evidence: [long, long] };
    const news = anAlert({ cause, end: { at: START, how: 'over', reason: long } });
    for (const one of [news, anAlert({ cause })]) {
      const { blocks, text } = renderSlack(one);
      expect(text.length).toBeLessThanOrEqual(3_500);
      expect(JSON.stringify(blocks).length).toBeLessThan(10_000);
      expect(JSON.stringify(blocks)).not.toMatch(/<!channel>|abcdefghij/);
      expect(renderSns(one).message).not.toContain('abcdefghij');
    }
  });
});

describe('e-mails about an alert', () => {
  it('are few: when it begins, when it turns out to be a failed deployment, when it is closed', async () => {
    const subjects: string[] = [];
    const publish: Publish = async ({ subject }) => void subjects.push(subject);
    const sender = createSnsSender({ topicArn: 'arn', publish });
    let memory: string | undefined;
    for (const count of [3, 4, 5]) memory = await sender.send(compose(anAlert({ count })), memory);
    for (const trouble of ['deploymentFailed', 'deploymentFailed'] as const)
      memory = await sender.send(compose(anAlert({ count: 6, trouble, tasks: { crash: 6 } })), memory);
    for (const _ of [1, 2]) memory = await sender.send(compose(anAlertOf('recovered')), memory);
    expect(subjects).toEqual([
      'web in production: web-app keeps stopping: 3 tasks in 6 min 12 s',
      expect.stringContaining('a deployment of web-app made outside Fairway failed: 6 tasks stopped'),
      'web in production: web-app has recovered after 17 min: 14 tasks had stopped',
    ]);
  });
});
