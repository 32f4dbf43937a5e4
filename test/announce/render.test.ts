import { renderCard } from '../../cli/docs/card.ts';
import { headline } from '../../shared/announce/releaseWords.ts';
import { duration } from '../../shared/domain/duration.ts';
import type { PublishedOutcome } from '../../shared/domain/publishedNames.ts';
import { renderSlack, renderSns } from './rendered.ts';
import { aFailedStory, aStory } from './stories.ts';

const OUTCOMES: PublishedOutcome[] = ['live', 'failed', 'rolledBack', 'superseded', 'stranded'];
const hostile = `<script>&*_~\`${'x'.repeat(5_000)}`;

describe('what every message says', () => {
  it.each([
    'app web',
    'v2',
    'production',
    '1.2.0',
    '312e322e3031',
    '1.1.0',
    'b81d04f7c',
    'platform@example.com',
    '2 min',
    '123456789012',
    'us-east-1',
    'console.aws.amazon.com',
  ])('has %s in Slack', (fact) => {
    const text = JSON.stringify(renderSlack(aStory()));
    expect(text).toContain(fact.replace('app ', ''));
  });

  it.each(OUTCOMES)('has its own headline for %s', (kind) => {
    const others = OUTCOMES.filter((other) => other !== kind).map((other) =>
      headline(aStory({ outcome: { kind: other, reason: '' } })),
    );
    expect(others).not.toContain(headline(aStory({ outcome: { kind, reason: '' } })));
  });
});

describe('a failed release', () => {
  it.each([
    ['Slack', JSON.stringify(renderSlack(aFailedStory()))],
    ['e-mail', renderSns(aFailedStory()).message],
  ])('says in %s why, that it was rolled back, and what runs now', (_, text) => {
    expect(text).toContain('Container web exited with code 1.');
    expect(text).toContain('Everything was rolled back to 1.1.0.');
    expect(text).toContain('web-app:11 at 3/3 tasks');
  });

  it('is louder when the rollback failed', () => {
    const story = aFailedStory({ outcome: { kind: 'stranded', reason: '' } });
    expect(renderSns(story).subject).toContain('ROLLBACK FAILED');
    expect(renderSlack(story).replies.some((reply) => reply.broadcast)).toBe(true);
  });

  it('is shown in the channel once it has ended, and its details in the thread before', () => {
    const { outcome: _, ...open } = aFailedStory();
    expect(renderSlack(open).replies.map((reply) => reply.broadcast)).toEqual([false]);
    expect(renderSlack(aFailedStory()).replies.map((reply) => reply.broadcast)).toEqual([false, true]);
  });
});

describe('the limits of Slack and SNS', () => {
  const services = Array.from({ length: 50 }, (_, index) => ({
    service: `service-${index}-${'s'.repeat(200)}`,
    state: 'back' as const,
    running: 3,
    desired: 3,
    runs: hostile,
  }));
  const story = aFailedStory({
    services,
    notes: [hostile, hostile],
    hold: { by: hostile, reason: hostile, at: 0 },
    failure: {
      service: 'web-app',
      cause: { kind: 'unknown', sentence: hostile, evidence: [hostile], canHeal: true },
    },
  });

  it('are kept with 50 services and hostile texts', () => {
    const { blocks, text, replies } = renderSlack(story);
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const block of blocks) {
      if (block.type === 'header') expect(block.text.text.length).toBeLessThanOrEqual(150);
      if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(3_000);
    }
    for (const reply of replies) expect(reply.text.length).toBeLessThanOrEqual(40_000);
    expect(text.length).toBeLessThanOrEqual(40_000);
    expect(JSON.stringify({ blocks, replies })).not.toContain('<script>');
  });

  it('are kept by an e-mail', () => {
    const { subject, message, attributes } = renderSns(
      aStory({ app: 'ä'.repeat(300), outcome: { kind: 'live', reason: '' } }),
    );
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(Buffer.byteLength(message)).toBeLessThan(262_144);
    expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
  });
});

describe('renderCard', () => {
  it('frames what people see, without markup', () => {
    const card = renderCard({ blocks: renderSlack(aFailedStory()).blocks }, { width: 60, colour: false });
    const lines = card.split('\n');
    expect(lines[0]).toMatch(/^╭─+╮$/);
    expect(card).toContain('Why: web-app: Container web exited with code 1.');
    expect(card).not.toMatch(/\*Why|<https/);
  });
});

describe('duration', () => {
  it.each([
    [850, '850 ms'],
    [42_000, '42 s'],
    [72_000, '1 min 12 s'],
    [3_780_000, '1 h 3 min'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
