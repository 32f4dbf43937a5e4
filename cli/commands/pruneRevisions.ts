import { defineCommand } from '../command.ts';
import { atMost, required, wholeNumber } from '../reading.ts';

/** Revisions of each family that stay, unless the line says otherwise. */
const USUAL = 20;

export const pruneRevisions = defineCommand({
  usage: 'prune-revisions APP [--keep N] [--yes]',
  summary: 'show the old revisions of an app that nothing uses, and remove them with --yes',
  options: {
    keep: {
      type: 'string',
      value: 'N',
      about: `the newest N revisions of each family stay (default: ${USUAL})`,
    },
    yes: {
      type: 'boolean',
      short: 'y',
      about: 'deregister them, and delete those deregistered 30 days ago or earlier',
    },
  },
  examples: ['fairway prune-revisions web', 'fairway prune-revisions web --keep 50 --yes'],
  read({ words, flag, text }) {
    const [name] = atMost(1, words);
    const app = required('APP', name);
    const keep = text('keep');
    const wanted = {
      app,
      keep: keep === undefined ? USUAL : wholeNumber('--keep', keep),
      yes: flag('yes'),
    };
    return async (context) => {
      const { pruneRevisions: run } = await import('../operations/pruning.ts');
      return run(wanted, context);
    };
  },
});
