import { retrying } from '../../shared/infrastructure/retrying.ts';

/** AWS that fails so many times with this error. */
function failing(times: number, name: string, message = '') {
  const waits: number[] = [];
  let left = times;
  let calls = 0;
  const aws = retrying(
    async () => {
      calls += 1;
      left -= 1;
      if (left >= 0) throw Object.assign(new Error(message), { name });
      return { ok: true };
    },
    async (span) => void waits.push(span),
    () => 0.5,
  );
  return { aws, waits, calls: () => calls };
}

describe('a call that fails', () => {
  test('is repeated with growing waits while AWS throttles it', async () => {
    const { aws, waits } = failing(3, 'ThrottlingException');
    await expect(aws('ecs', 'CreateService', {})).resolves.toEqual({ ok: true });
    expect(waits).toEqual([500, 1000, 2000]);
  });

  test('is not repeated for ever', async () => {
    const { aws, calls } = failing(100, 'ThrottlingException');
    await expect(aws('ecs', 'CreateService', {})).rejects.toThrow();
    expect(calls()).toBe(8);
  });

  test.each([
    ['DescribeServices', 2],
    ['CreateService', 1],
  ])('without an answer is repeated only where it reads: %s', async (operation, calls) => {
    const failed = failing(1, 'TimeoutError');
    await failed.aws('ecs', operation, {}).catch(() => undefined);
    expect(failed.calls()).toBe(calls);
  });

  test('is repeated where another request for the family was first', async () => {
    const { aws } = failing(1, 'ClientException', 'Too many concurrent attempts to create a new revision');
    await expect(aws('ecs', 'RegisterTaskDefinition', {})).resolves.toEqual({ ok: true });
  });
});
