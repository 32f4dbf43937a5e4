import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const migrate = defineCommand({
  usage: 'migrate [--dry-run]',
  summary: 'write the names that members have in this version into fairway.yml',
  options: { 'dry-run': { type: 'boolean', about: 'show what would change, and write nothing' } },
  examples: ['fairway migrate --dry-run', 'fairway migrate'],
  read({ words, flag }) {
    atMost(0, words);
    const dryRun = flag('dry-run');
    return async ({ around, options, file }) => {
      const { migrateFile } = await import('../migrate.ts');
      const { text, json } = migrateFile(await file(), dryRun);
      print(around.out, options.json ? JSON.stringify(json, undefined, 2) : text);
      return json.left.length === 0 ? exitCode.done : exitCode.failed;
    };
  },
});
