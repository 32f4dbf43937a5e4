import { asking } from '../answering.ts';
import { defineCommand } from '../command.ts';
import { atMost, required } from '../reading.ts';

export const continueDeployment = defineCommand({
  usage: 'continue APP [--hook ID] [--reason TEXT]',
  summary: 'continue a deployment that waits for a person',
  options: {
    hook: { type: 'string', value: 'ID', about: 'the pause that you saw, where several wait' },
    reason: { type: 'string', value: 'TEXT', about: 'why, for the history' },
  },
  examples: ['fairway continue web', 'fairway continue web --reason "checked on the test port"'],
  read({ words, text }) {
    const [name] = atMost(1, words);
    const hook = text('hook');
    const reason = text('reason')?.trim();
    return asking({
      command: 'continue',
      app: required('APP', name),
      ...(hook && { hook }),
      ...(reason && { reason }),
    });
  },
});
