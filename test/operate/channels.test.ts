import type { Announcement } from '../../shared/domain/announcement.ts';
import { operate } from '../../shared/operate/operate.ts';
import { anApp, aScheduledTask } from '../builders.ts';
import { aPerformer, aReading, aStore, aWorld } from '../fakes.ts';

const apps = [
  anApp({ channels: ['deploys'] }),
  anApp({
    name: 'api',
    channels: ['deploys', 'mail'],
    tasks: [aScheduledTask('report', { notify: { success: ['reports'], failure: [], missed: [] } })],
  }),
];

/** Asks for a test message; `broken` channels do not take it. */
async function test(channel?: string, broken: Readonly<Record<string, string>> = {}) {
  const sent: [string, Announcement][] = [];
  const announce = async (name: string, announcement: Announcement) => {
    const why = broken[name];
    if (why !== undefined) throw new Error(why);
    sent.push([name, announcement]);
    return undefined;
  };
  const { world } = aWorld({ apps, store: aStore().store, perform: aPerformer().perform });
  const request = {
    command: 'announce',
    who: 'operator',
    ...(channel === undefined ? {} : { channel }),
  } as const;
  return { answer: await operate(world, request, aReading({ announce })), sent };
}

describe('a test message', () => {
  it('goes to every channel that an app or a task uses, once', async () => {
    const { answer, sent } = await test();
    expect(sent.map(([name]) => name)).toEqual(['deploys', 'mail', 'reports']);
    expect(sent[0]?.[1]).toMatchObject({
      kind: 'app',
      topic: 'test',
      sentence: 'This is a test of the channel deploys, sent by operator. No release was started.',
    });
    expect(answer).toMatchObject({
      ok: true,
      sentence: expect.stringMatching(/^sent a test message to 3 channels/),
    });
  });

  it('goes to one that is named', async () => {
    const { sent } = await test('mail');
    expect(sent.map(([name]) => name)).toEqual(['mail']);
  });

  it('says why it did not arrive, and tries the others', async () => {
    const { answer, sent } = await test(undefined, { deploys: 'Slack does not know the channel' });
    expect(sent.map(([name]) => name)).toEqual(['mail', 'reports']);
    expect(answer).toEqual({
      ok: false,
      error: 'refused',
      message: 'failed to send to 1 channel of 3\ndeploys: Slack does not know the channel',
    });
  });

  it('is refused for a channel that no app uses, with the nearest one', async () => {
    const { answer, sent } = await test('deploy');
    expect(sent).toEqual([]);
    expect(answer).toEqual({
      ok: false,
      error: 'notFound',
      message: 'no app uses the channel "deploy": apps use deploys, mail, reports; did you mean "deploys"?',
    });
  });
});
