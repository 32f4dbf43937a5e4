import { remembered } from '../../shared/domain/remembered.ts';

function counting() {
  const worked: string[] = [];
  const work = (text: string) => {
    worked.push(text);
    return text.toUpperCase();
  };
  return { worked, ask: remembered(work, { longest: 500, most: 1_000 }) };
}

describe('a function of texts that remembers', () => {
  it('answers the same, and works out each text once', () => {
    const { worked, ask } = counting();
    expect([ask('a'), ask('b'), ask('a')]).toEqual(['A', 'B', 'A']);
    expect(worked).toEqual(['a', 'b']);
  });

  it('remembers an empty answer as well', () => {
    const { worked, ask } = counting();
    expect([ask(''), ask('')]).toEqual(['', '']);
    expect(worked).toEqual(['']);
  });

  it('does not remember long texts', () => {
    const { worked, ask } = counting();
    const long = 'a'.repeat(501);
    expect(ask(long)).toBe(ask(long));
    expect(worked).toHaveLength(2);
  });

  it('forgets the oldest of many', () => {
    const { worked, ask } = counting();
    for (let index = 0; index <= 1_000; index += 1) ask(`text ${index}`);
    ask('text 1000');
    expect(worked).toHaveLength(1_001);
    ask('text 0');
    expect(worked).toHaveLength(1_002);
  });
});
