import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

export const check = defineCommand({
  usage: 'check',
  summary: 'check fairway.yml without an AWS account, and list every mistake',
  examples: ['fairway check', 'fairway check --config staging.yml'],
  read({ words }) {
    atMost(0, words);
    return async ({ around, options, file, environment }) => {
      const { checkFile } = await import('../verify/check.ts');
      const { chosenEnvironment } = await import('../../shared/config/load.ts');
      const style = styleFor(around.out.isTTY ?? false, around.env);
      const shell = { option: options.region, env: around.env };
      const path = await file();
      const chosen = chosenEnvironment(path, environment(), options.stage);
      const checked = await checkFile(path, chosen, shell, around.now(), style);
      print(around.out, options.json ? JSON.stringify(checked.json, null, 2) : checked.text);
      return exitCode.done;
    };
  },
});
