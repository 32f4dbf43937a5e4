import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

export const verify = defineCommand({
  usage: 'verify',
  summary: 'check fairway.yml against your AWS account, and list every difference',
  examples: ['fairway verify', 'fairway verify --config staging.yml --region eu-central-1'],
  read({ words }) {
    atMost(0, words);
    return async ({ around, options, connect, configuration }) => {
      const checked = await configuration();
      const { installationFrom } = await import('../connection.ts');
      const connection = await connect(() => installationFrom(checked.configuration));
      const { verifyConfiguration } = await import('../verify/verify.ts');
      const style = styleFor(around.out.isTTY ?? false, around.env);
      const { json, text } = await verifyConfiguration(checked, connection, style);
      print(around.out, options.json ? JSON.stringify(json, null, 2) : text);
      return json.ok ? exitCode.done : exitCode.failed;
    };
  },
});
