import type { ReleaseAnnouncement } from '../../shared/domain/announcement.ts';
import { renderSlack, renderSns } from './rendered.ts';
import { aStoryOf, CRASH, news } from './situations.ts';

const SECRETS = [
  ['a Slack token', 'xoxb-1234567890-abcdefghij', 'abcdefghij'],
  ['a GitHub token', 'ghp_0123456789abcdefghijABCDEFGHIJ012345', '0123456789abcdefghij'],
  ['an access key', 'AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7EXAMPLE'],
  ['a password in an address', 'postgres://web:hunter2@db.example:5432/web', 'hunter2'],
  ['a password that is named', 'connect failed: PASSWORD=hunter2; retrying', 'hunter2'],
  ['a JSON web token', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', 'c2lnbmF0dXJl'],
] as const;

/** A failed release with the same text in every place that others may write to. */
function tainted(text: string): ReleaseAnnouncement {
  const story = aStoryOf('rollback failed');
  return {
    ...story,
    image: {
      ...story.image,
      labels: {
        revision: text,
        source: `https://ci:${text}@github.com/a/b`,
        author: text,
        description: text,
      },
    },
    trigger: { kind: 'deploy', who: text },
    notes: [text],
    failure: { service: 'web-app', cause: { ...CRASH, sentence: text, evidence: [text, `log: ${text}`] } },
    hold: { by: text, reason: text, at: 0 },
    services: story.services.map((service) => ({ ...service, runs: text })),
  };
}

describe('invariant 11, secrets stay secret: an announcement', () => {
  it.each(SECRETS)('never shows %s, wherever it comes from', (_, text, secret) => {
    for (const announcement of [
      tainted(text),
      news({ sentence: text, hold: { by: text, reason: text, at: 0 } }),
    ]) {
      expect(JSON.stringify(renderSlack(announcement))).not.toContain(secret);
      expect(JSON.stringify(renderSns(announcement))).not.toContain(secret);
    }
  });

  it('still shows what is no secret', () => {
    const { message } = renderSns(
      tainted('secret "/web/DATABASE_URL" was not found at https://example.com/help'),
    );
    expect(message).toContain('secret "/web/DATABASE_URL" was not found at https://example.com/help');
  });
});
