import { copyOf, isSame, replacedIn } from '../../shared/domain/data.ts';

const DATA = { app: 'web', live: { tag: '1.0.0' }, outbox: [{ key: 'look', attempt: 0 }], hold: undefined };

describe('a copy of data', () => {
  it('is the same data, and shares nothing that can be written to', () => {
    const copied = copyOf(DATA);
    expect(copied).toEqual(DATA);
    expect(copied.live).not.toBe(DATA.live);
    expect(copied.outbox[0]).not.toBe(DATA.outbox[0]);
  });

  it.each(['__proto__', 'constructor', 'valueOf'])('keeps a member called %s', (name) => {
    const data = JSON.parse(`{"${name}":{"deep":1}}`);
    const copied = copyOf(data);
    expect(Object.keys(copied)).toEqual([name]);
    expect(JSON.stringify(copied)).toBe(JSON.stringify(data));
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
  });
});

describe('data with members replaced', () => {
  const masked = (name: string, value: unknown) => (name === 'secret' && value !== null ? '*' : value);

  it.each([
    ['a member deep inside', { a: [{ secret: 1, b: 2 }] }, { a: [{ secret: '*', b: 2 }] }],
    ['an object as a whole', { secret: { secret: 1 } }, { secret: '*' }],
    ['none', { a: [1, null], secret: null }, { a: [1, null], secret: null }],
    [
      'a member next to one called __proto__',
      JSON.parse('{"__proto__":{"secret":1}}'),
      JSON.parse('{"__proto__":{"secret":"*"}}'),
    ],
  ])('has what a replacer of JSON.stringify would write: %s', (_, data, expected) => {
    expect(replacedIn(data, masked)).toEqual(expected);
    expect(JSON.stringify(replacedIn(data, masked))).toBe(JSON.stringify(data, masked));
  });

  it('shares what stays the same, and leaves the data as it was', () => {
    const data = { kept: { deep: [1] }, list: [{ secret: 1 }, { a: 1 }] };
    const replaced = Object(replacedIn(data, masked));
    expect(replaced.kept).toBe(data.kept);
    expect(replaced.list[1]).toBe(data.list[1]);
    expect(data.list[0]).toEqual({ secret: 1 });
  });
});

describe('whether data is the same', () => {
  it.each([
    ['the same data', DATA, copyOf(DATA), true],
    ['a member that is undefined, and none', { a: 1, b: undefined }, { a: 1 }, true],
    ['none, and a member that is undefined', { a: 1 }, { a: 1, b: undefined }, true],
    ['another value', { a: { b: 1 } }, { a: { b: 2 } }, false],
    ['a member more', { a: 1 }, { a: 1, b: 2 }, false],
    ['a member less', { a: 1, b: 2 }, { a: 1 }, false],
    ['an item more', [1], [1, 2], false],
    ['another order of items', [1, 2], [2, 1], false],
    ['a list and an object', [], {}, false],
    ['an object and nothing', {}, null, false],
    ['a member that every object inherits', {}, { valueOf: 1 }, false],
  ])('%s', (_, one, other, expected) => {
    expect(isSame(one, other)).toBe(expected);
  });
});
