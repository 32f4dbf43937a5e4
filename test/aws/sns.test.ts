import type { PublishCommand } from '@aws-sdk/client-sns';
import { createPublish } from '../../shared/aws/sns.ts';

describe('createPublish', () => {
  it("publishes in the topic's own region, since SNS requires it", async () => {
    const sent: [string, string | undefined][] = [];
    const clientOf = (region: string) => ({
      send: async (command: PublishCommand) => void sent.push([region, command.input.TopicArn]),
    });
    // The SDK's `send` has more overloads than needed here.
    const publish = createPublish(clientOf as unknown as Parameters<typeof createPublish>[0]);
    for (const region of ['eu-west-1', 'us-east-1']) {
      const topicArn = `arn:aws:sns:${region}:123456789012:deploys`;
      await publish({ topicArn, subject: 's', message: 'm', attributes: {} });
    }
    expect(sent).toEqual([
      ['eu-west-1', 'arn:aws:sns:eu-west-1:123456789012:deploys'],
      ['us-east-1', 'arn:aws:sns:us-east-1:123456789012:deploys'],
    ]);
  });
});
