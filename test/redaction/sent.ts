import { createAnnounce, createTell } from '../../shared/announce/announce.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { anAlert } from '../announce/alerts.ts';
import { renderSlack, renderSns } from '../announce/rendered.ts';
import { aRun, aStoryOf, CRASH, news } from '../announce/situations.ts';
import { START } from '../builders.ts';
import type { Case } from './corpus.ts';
import { said } from './stored.ts';
import { expectNone } from './table.ts';

/** The same text wherever text from outside can be. */
function tainted(text: string): readonly Announcement[] {
  const story = aStoryOf('rollback failed');
  const hold = { by: text, reason: text, at: 0 };
  const tail = { lines: [{ at: 0, container: 'web', text }], elsewhere: [text] };
  return [
    {
      ...story,
      image: { ...story.image, labels: { source: text, author: text, description: text } },
      trigger: { kind: 'deploy', who: text },
      notes: [text],
      failure: { service: 'web-app', cause: { ...CRASH, sentence: text, evidence: [text] }, tail },
      hold,
      outcome: { kind: 'stranded', reason: text },
      services: story.services.map((service) => ({ ...service, runs: text })),
    },
    news({ sentence: text, hold }),
    aRun({ trigger: { kind: 'person', who: text }, reason: text, cause: said(text), earlier: [text], tail }),
    anAlert({
      cause: said(text),
      lately: said(text),
      runs: { what: text, at: START },
      end: { at: START, how: 'recovered', reason: text },
    }),
  ];
}

/** Messages as the channels get them, for texts and the secrets in them. */
export function describeSent(cases: readonly Case[]): void {
  describe('invariant 11, secrets stay secret: nothing leaves with', () => {
    it.each(cases)('%s, in a message as it is rendered', (_, text, secrets) => {
      for (const announcement of tainted(text)) {
        expectNone(renderSlack(announcement), secrets);
        expectNone(renderSns(announcement), secrets);
      }
    });

    it.each(cases)('%s, in a message as it is sent', async (_, text, secrets) => {
      const sent: unknown[] = [];
      const ask = jest.spyOn(globalThis, 'fetch').mockImplementation(async (_url, request) => {
        sent.push(JSON.parse(String(request?.body)));
        return Response.json({ ok: true, ts: '1.0' });
      });
      const announce = createAnnounce({
        channels: {
          chat: { kind: 'slack', channel: 'C0123456789', token: { ssm: '/token' } },
          mail: { kind: 'sns', topic: 'arn:aws:sns:us-east-1:123456789012:deploys' },
        },
        topicArn: 'arn:aws:sns:us-east-1:123456789012:deploys',
        readSecret: async () => 'xoxb-test',
        publish: async (publication) => void sent.push(publication),
        now: () => START,
      });
      const tell = createTell(announce, () => undefined);
      for (const announcement of tainted(text)) {
        await tell('chat', announcement, undefined, 0);
        await tell('mail', announcement, undefined, 0);
      }
      ask.mockRestore();
      expect(sent.length).toBeGreaterThan(3);
      expectNone(sent, secrets);
    });
  });
}
