import { createAnnounce } from '../../shared/announce/announce.ts';
import { withCommand } from '../../shared/announce/compose.ts';
import { START } from '../builders.ts';

describe('withCommand', () => {
  const text =
    'Held until `fairway resume web`. Roll back further: fairway rollback web. Fairway keeps retrying.';

  it('changes nothing where no other command is configured', () => {
    expect(withCommand(undefined, { text })).toEqual({ text });
  });

  it.each(['npm run fairway --', './bin/fw', '$& $1'])(
    'uses %s in whatever is advised, and nowhere else',
    (command) => {
      expect(withCommand(command, { blocks: [{ text }], at: 1 })).toEqual({
        blocks: [
          {
            text: `Held until \`${command} resume web\`. Roll back further: ${command} rollback web. Fairway keeps retrying.`,
          },
        ],
        at: 1,
      });
    },
  );
});

describe('a message', () => {
  it('calls the command as the configuration says', async () => {
    const sent: string[] = [];
    const announce = createAnnounce({
      channels: { mail: { kind: 'sns' } },
      topicArn: 'arn:aws:sns:us-east-1:123456789012:deploys',
      command: 'npm run fairway --',
      readSecret: async () => '',
      publish: async ({ message }) => void sent.push(message),
      now: () => START,
    });
    const place = { environment: 'production', account: '123456789012', region: 'us-east-1' };
    const sentence = 'web is held until `fairway resume web`.';
    const news = {
      kind: 'app',
      app: 'web',
      cluster: 'app-prod',
      at: START,
      topic: 'held',
      severity: 'warning',
    } as const;
    await announce('mail', { ...news, ...place, sentence }, undefined);
    expect(sent[0]).toContain('`npm run fairway -- resume web`');
  });
});
