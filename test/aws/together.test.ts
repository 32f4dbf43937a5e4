import { together } from '../../shared/aws/together.ts';

function aLookup(most = 20) {
  const calls: (readonly string[])[] = [];
  let pass = () => {};
  const wait = () =>
    new Promise<void>((resolve) => {
      pass = resolve;
    });
  const ask = async (arns: readonly string[]) => {
    calls.push(arns);
    if (arns.includes('denied')) throw new Error('AccessDenied');
    return new Map(arns.map((arn) => [arn, `what ${arn} is`]));
  };
  return { calls, look: together(most, wait, ask), passes: () => pass() };
}

describe('lookups that are made at nearly the same time', () => {
  it('share one call', async () => {
    const { look, passes, calls } = aLookup();
    const both = [look(['a', 'b']), look(['b', 'c'])];
    passes();
    const [first, second] = await Promise.all(both);
    expect(calls).toEqual([['a', 'b', 'c']]);
    expect([first?.get('a'), second?.get('c')]).toEqual(['what a is', 'what c is']);
  });

  it('take as many calls as the API needs', async () => {
    const { look, passes, calls } = aLookup(2);
    const found = look(['a', 'b', 'c']);
    passes();
    expect([...(await found).keys()]).toEqual(['a', 'b', 'c']);
    expect(calls).toEqual([['a', 'b'], ['c']]);
  });

  it('are made anew afterwards', async () => {
    const { look, passes, calls } = aLookup();
    const first = look(['a']);
    passes();
    await first;
    const second = look(['a']);
    passes();
    await second;
    expect(calls).toEqual([['a'], ['a']]);
  });

  it('fail together, and only once', async () => {
    const { look, passes } = aLookup();
    const first = look(['denied']);
    passes();
    await expect(first).rejects.toThrow('AccessDenied');
    const second = look(['a']);
    passes();
    expect((await second).size).toBe(1);
  });

  it('call nothing for nothing', async () => {
    const { look, calls } = aLookup();
    expect(await look([])).toEqual(new Map());
    expect(calls).toEqual([]);
  });
});
