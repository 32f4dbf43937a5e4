import { renderSlack } from '../../shared/announce/slack.ts';
import { renderSns } from '../../shared/announce/sns.ts';
import { createSnsAnnouncer, type Publish } from '../../shared/announce/snsSender.ts';
import { START } from '../builders.ts';
import { ALERTS, anAlert, anAlertOf } from './alerts.ts';

const HEADLINES = [
  ['crash loop', 'web in production: web-app keeps stopping: 14 tasks in 6 m 12 s'],
  ['out of memory', 'web in production: web-app runs out of memory: 1 task killed'],
  ['no room', 'web in production: tasks of web-app cannot be placed'],
  ['start impaired', 'web in production: tasks of web-app fail to start again and again'],
  ['foreign deployment', "web in production: a deployment of web-app that is not Fairway's failed"],
  ['recovered', 'web in production: web-app has recovered after 17 m 0 s: 14 tasks had stopped'],
  ['gone', 'web in production: web-app is no longer watched after 17 m 0 s: 14 tasks had stopped'],
] as const;

describe('an alert', () => {
  it.each(HEADLINES)('says what it is about, the same in Slack and by e-mail: %s', (name, headline) => {
    const { subject, message } = renderSns(anAlertOf(name));
    expect(message.split('\n')[0]).toBe(`${headline}.`);
    expect(subject).toBe(headline);
    expect(JSON.stringify(renderSlack(anAlertOf(name)))).toContain(headline);
  });

  it('says why in AWS words, how many of each cause, where, and where to look', () => {
    for (const text of [JSON.stringify(renderSlack(anAlert())), renderSns(anAlert()).message]) {
      expect(text).toContain('Container web exited with code 1: its logs tell why.');
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

  it.each(Object.keys(ALERTS))('leaves the thread to people: %s', (name) => {
    expect(renderSlack(anAlertOf(name)).replies).toEqual([]);
  });

  it('can be picked by filters', () => {
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

  it('keeps within what Slack takes, and is plain text, whoever wrote it', () => {
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
  it('are two, however often it changes: one when it begins, one when it is over', async () => {
    const subjects: string[] = [];
    const publish: Publish = async ({ subject }) => void subjects.push(subject);
    const announcer = createSnsAnnouncer({ topicArn: 'arn', publish });
    let memory: string | undefined;
    for (const count of [3, 4, 5]) memory = await announcer.announce(anAlert({ count }), memory);
    for (const _ of [1, 2]) memory = await announcer.announce(anAlertOf('recovered'), memory);
    expect(subjects).toEqual([
      'web in production: web-app keeps stopping: 3 tasks in 6 m 12 s',
      'web in production: web-app has recovered after 17 m 0 s: 14 tasks had stopped',
    ]);
  });
});
