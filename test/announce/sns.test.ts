import type { Publish } from '../../shared/announce/channel.ts';
import { compose } from '../../shared/announce/compose.ts';
import { createSnsSender } from '../../shared/announce/sns.ts';
import { anAlert, anAlertOf } from './alerts.ts';
import { renderSns } from './rendered.ts';
import { aHostileStory, aStory, aStoryOf, news, STORIES } from './situations.ts';

const ENDED = Object.entries(STORIES).filter(([, story]) => story.outcome !== undefined);

describe('an e-mail', () => {
  it.each(ENDED)('says what, where, from what to what, and how long: %s', (_, story) => {
    const { message } = renderSns(story);
    expect(message).toMatch(/^web v1[23] /);
    expect(message).toMatch(/^Image: {4}1\.\d\.0 \([0-9a-f]{12}\) → 1\.\d\.0 \([0-9a-f]{12}\)$/m);
    expect(message).toContain('Account:  123456789012 eu-central-1\nCluster:  app-prod');
    expect(message).toMatch(/^Took: {5}\d/m);
    expect(message).toMatch(/^ {2}✓ prepare · 3 s$/m);
    expect(message).toContain(
      'https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/app-prod/services',
    );
  });

  it.each([
    ['failed, rolled back', /^Now: {6}Everything was rolled back to 1\.1\.0\.$/m],
    ['failed before anything changed', /^Now: {6}No service was changed: 1\.1\.0 still runs\.$/m],
    ['rollback failed', /^Now: {6}ROLLBACK FAILED: web-app\. Rolled back: worker\.$/m],
  ])('says why, what runs now and what to do: %s', (name, now) => {
    const { message } = renderSns(aStoryOf(name));
    expect(message).toMatch(now);
    expect(message).toMatch(/^Why: .* exited with code \d(\.|: .*\.)$/m);
    expect(message).toMatch(/^To do: /m);
    expect(message).toMatch(/^Messages from AWS\n {2}Essential container in task exited$/m);
  });

  it('leaves out what it does not know', () => {
    const { message } = renderSns(aStoryOf('rolled back by a person'));
    expect(message).not.toMatch(/Commit|Author|undefined|Why|Notes/);
    expect(message).toContain('Hold:     held by ann@example.com (Admin) (claimed): rolled back by hand');
  });

  it('announces a notice about an app', () => {
    const { subject, message, attributes } = renderSns(news());
    expect(subject).toBe('web in production: ann@example.com (Admin) holds web: release freeze until Monday');
    expect(message).toContain('Cluster:  app-prod');
    expect(attributes).toEqual({
      kind: 'app',
      app: 'web',
      environment: 'production',
      topic: 'held',
      severity: 'warning',
    });
  });
});

describe('facts for filter policies', () => {
  it.each([
    ['live', 'live', 'info', undefined],
    ['failed, rolled back', 'failed', 'failure', 'configurationMissing'],
    ['rollback failed', 'stranded', 'failure', 'crash'],
    ['cancelled by a person', 'rolledBack', 'warning', 'person'],
    ['superseded', 'superseded', 'warning', 'foreignDeployment'],
  ])('%s', (name, outcome, severity, cause) => {
    expect(renderSns(aStoryOf(name)).attributes).toEqual({
      kind: 'release',
      app: 'web',
      environment: 'production',
      release: '12',
      tag: '1.2.0',
      outcome,
      severity,
      ...(cause === undefined ? {} : { cause }),
    });
  });
});

describe("SNS's limits", () => {
  it.each([
    ['hostile and long', aHostileStory()],
    ['of an app named in another script', aStory({ app: '店'.repeat(200) })],
    ['without a name', news({ app: '', environment: '', sentence: '' })],
    ...Object.entries(STORIES),
  ])('are kept by an announcement %s', (_, announcement) => {
    const { subject, message, attributes } = renderSns(announcement);
    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
    expect(message).not.toBe('');
    const bytes = Buffer.byteLength(message) + Buffer.byteLength(JSON.stringify(attributes));
    expect(bytes).toBeLessThan(256 * 1024);
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
    expect(Object.values(attributes)).not.toContain('');
  });
});

describe('createSnsSender', () => {
  function aTopic() {
    const published: Parameters<Publish>[0][] = [];
    const publish: Publish = async (input) => void published.push(input);
    return { published, sender: createSnsSender({ topicArn: 'arn:topic', publish }) };
  }

  it('publishes the end of a release, once, and none of its steps', async () => {
    const { published, sender } = aTopic();
    let memory: string | undefined;
    for (const name of [
      'preparing',
      'rolling',
      'rolling back',
      'failed, rolled back',
      'failed, rolled back',
    ]) {
      memory = await sender.send(compose(aStoryOf(name)), memory);
    }
    expect(published.map(({ topicArn, subject }) => [topicArn, subject])).toEqual([
      ['arn:topic', 'web v12 (1.2.0) failed in production, 1.1.0 runs again'],
    ]);
  });

  it.each([
    ['a release', 'sent', aStoryOf('failed, rolled back')],
    ['an alert', 'crashLoop', anAlert()],
    ['an alert that is closed', 'closed', anAlertOf('recovered')],
  ])('does not repeat what an earlier version published: %s', async (_, memory, announcement) => {
    const { published, sender } = aTopic();
    expect(await sender.send(compose(announcement), memory)).toBe(memory);
    expect(published).toEqual([]);
  });

  it('publishes all notices about an app', async () => {
    const { published, sender } = aTopic();
    expect(await sender.send(compose(news()), undefined)).toBeUndefined();
    expect(published).toHaveLength(1);
  });

  it('passes on what went wrong', async () => {
    const sender = createSnsSender({
      topicArn: 'arn:topic',
      publish: () => Promise.reject(new Error('throttled')),
    });
    await expect(sender.send(compose(aStoryOf('live')), undefined)).rejects.toThrow('throttled');
  });
});
