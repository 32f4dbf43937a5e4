import { defineCommand, UsageError } from '../command.ts';
import { followExitCodes, type OrderRequest, ordering, orderOptions } from '../order.ts';
import { atMost, imageName, releaseNumber, required } from '../reading.ts';

export const rollback = defineCommand({
  usage: 'rollback APP [to vN|TAG] [--wait]',
  summary: 'roll back to the image that was live before, and hold the app',
  options: orderOptions,
  examples: ['fairway rollback web', 'fairway rollback web to v12', 'fairway rollback web to 1.3.0'],
  exitCodes: followExitCodes,
  read({ words: [name, ...words], flag }) {
    const app = required('APP', name);
    if (words.length === 1 && words[0] === 'to')
      throw new UsageError('missing the release or tag after "to"');
    const [target] = atMost(1, words[0] === 'to' ? words.slice(1) : words);
    return ordering({ request: requestTo(app, target), wait: flag('wait'), yes: flag('yes') });
  },
});

/** A number is a release's; anything else is a tag. */
function requestTo(app: string, target: string | undefined): OrderRequest {
  if (target === undefined) return { command: 'rollback', app };
  if (/^v?[1-9]\d{0,8}$/.test(target)) return { command: 'rollback', app, to: releaseNumber(target) };
  return { command: 'rollback', app, tag: imageName(target) };
}
