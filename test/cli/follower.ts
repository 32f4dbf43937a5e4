import { Failure } from '../../cli/failure.ts';
import type { Follower } from '../../cli/follow/follower.ts';
import { plain } from '../../cli/style.ts';
import type { OperatorAnswer, OperatorRequest } from '../../shared/domain/operator.ts';

type Asked = Omit<OperatorRequest, 'who'>;

/**
 * A terminal that is not there. Plays the answers to one command one after the other.
 *
 * @param other what is answered to every other command
 */
export function aFollower(
  command: OperatorRequest['command'],
  answers: readonly (OperatorAnswer | Failure)[],
  other: (request: Asked) => OperatorAnswer,
  more: Partial<Follower> = {},
) {
  const left = [...answers];
  const asked: Asked[] = [];
  const said = { out: [] as string[], err: [] as string[] };
  const follower: Follower = {
    ask: async (request) => {
      asked.push(request);
      if (request.command !== command) return other(request);
      const next = left.shift();
      if (!next) throw new Error('asked once too often');
      if (next instanceof Failure) throw next;
      return next;
    },
    out: (text) => said.out.push(text),
    verbatim: (text) => said.out.push(text),
    err: (text) => said.err.push(text),
    sleep: async () => {},
    interrupted: () => undefined,
    confirm: async () => undefined,
    style: plain,
    json: false,
    ...more,
  };
  return { follower, asked, said };
}
