import { defineCommand } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { print, printVerbatim } from '../surroundings.ts';

export const docs = defineCommand({
  usage: 'docs [TOPIC]',
  summary: 'print a page of the documentation as Markdown; without a topic the list of pages',
  examples: ['fairway docs', 'fairway docs configuration', 'fairway docs commands'],
  read({ words }) {
    const [topic] = atMost(1, words);
    return async ({ around, options }) => {
      const { listOfPages, pageOf } = await import('../docs/pages.ts');
      if (topic === undefined) {
        const pages = listOfPages();
        const lines = pages.map(({ name, title }) => `  ${name.padEnd(16)}${title}`);
        print(around.out, options.json ? JSON.stringify(pages, undefined, 2) : lines.join('\n'));
      } else {
        const page = pageOf(topic);
        printVerbatim(around.out, options.json ? JSON.stringify(page, undefined, 2) : page.text.trimEnd());
      }
      return exitCode.done;
    };
  },
});
