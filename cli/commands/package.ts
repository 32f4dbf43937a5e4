import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print } from '../surroundings.ts';

export const packageCommand = defineCommand({
  usage: 'package',
  summary: 'write the template and the functions for CloudFormation, Terraform or CDK',
  options: {
    out: { type: 'string', value: 'DIR', about: 'the folder to write to; default: dist' },
  },
  examples: ['fairway package', 'fairway package --out dist', 'fairway package --out dist --json'],
  read({ words, text }) {
    atMost(0, words);
    const out = text('out') ?? 'dist';
    return async ({ around, options, file }) => {
      const { packageStack, summaryOf } = await import('../package/package.ts');
      const deliverable = await packageStack(await file(), out, options, around);
      print(
        around.out,
        options.json ? JSON.stringify(deliverable, undefined, 2) : summaryOf(deliverable, out),
      );
      return exitCode.done;
    };
  },
});
