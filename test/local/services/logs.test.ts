import { createClock } from '../../../local/clock.ts';
import { AwsError, type JsonObject } from '../../../local/contract.ts';
import { createLogs } from '../../../local/services/logs.ts';
import { START } from '../../builders.ts';

const PLACE = { logGroupName: '/ecs/web', logStreamName: 'app/web/1' };
const CALL = { caller: 'external', callerArn: 'arn', account: '123456789012', region: 'us-east-1' };

interface Page {
  readonly events: readonly { readonly message: string }[];
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

function aStream(...lines: readonly string[]) {
  const logs = createLogs(createClock(START), '123456789012', 'us-east-1');
  for (const line of lines) logs.write(PLACE.logGroupName, PLACE.logStreamName, line);
  return async (input: JsonObject): Promise<Page> => {
    const answer: unknown = await logs.api.operations.GetLogEvents?.({ ...PLACE, ...input }, CALL);
    return JSON.parse(JSON.stringify(answer));
  };
}

const numbered = (count: number, length = 0) =>
  Array.from({ length: count }, (_, index) => `${index} ${'x'.repeat(length)}`);
const numbersOf = ({ events }: Page) => events.map(({ message }) => Number(message.split(' ')[0]));

describe('GetLogEvents', () => {
  it('returns at most 10,000 lines, and the rest with the token', async () => {
    const get = aStream(...numbered(10_001));
    const first = await get({ startFromHead: true });
    expect(first.events).toHaveLength(10_000);
    const rest = await get({ startFromHead: true, nextToken: first.nextForwardToken });
    expect(numbersOf(rest)).toEqual([10_000]);
    const end = await get({ startFromHead: true, nextToken: rest.nextForwardToken });
    expect(end).toMatchObject({ events: [], nextForwardToken: rest.nextForwardToken });
  });

  it('ends a page at 1 MB, forwards and backwards', async () => {
    const get = aStream(...numbered(10, 300_000));
    const first = await get({ startFromHead: true });
    expect(numbersOf(first)).toEqual([0, 1, 2]);
    expect(numbersOf(await get({ startFromHead: true, nextToken: first.nextForwardToken }))).toEqual([
      3, 4, 5,
    ]);
    const last = await get({});
    expect(numbersOf(last)).toEqual([7, 8, 9]);
    expect(numbersOf(await get({ nextToken: last.nextBackwardToken }))).toEqual([4, 5, 6]);
  });

  it('returns every line once to a client that repeats until the token stays the same', async () => {
    const get = aStream(...numbered(50, 100_000));
    const seen: number[] = [];
    let token: string | undefined;
    for (;;) {
      const page = await get({ startFromHead: true, ...(token !== undefined && { nextToken: token }) });
      seen.push(...numbersOf(page));
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    expect(seen).toEqual(numbered(50).map((_, index) => index));
  });

  it.each([0, 10_001])('refuses a limit of %s', async (limit) => {
    await expect(aStream('line')({ limit })).rejects.toThrow(AwsError);
  });
});
