import { differences, merged, missingFromLive } from '../../shared/infrastructure/compare.ts';

describe('differences', () => {
  test('are about declared members only', () => {
    expect(differences({ a: 1 }, { a: 1, b: 2 })).toEqual([]);
    expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 } })).toEqual([]);
  });

  test('name the member, what it is and what it is to be', () => {
    expect(differences({ a: { b: 2 } }, { a: { b: 1 } })).toEqual([{ path: 'a.b', from: 1, to: 2 }]);
    expect(differences({ a: true }, {})).toEqual([{ path: 'a', from: undefined, to: true }]);
  });

  test('null resets what is there, and changes nothing otherwise', () => {
    expect(differences({ a: null }, { a: 1 })).toEqual([{ path: 'a', from: 1, to: undefined }]);
    expect(differences({ a: null, b: null, c: null }, { b: [], c: null })).toEqual([]);
  });

  test.each([
    ['sets are equal in any order', { subnets: ['a', 'b'] }, { subnets: ['b', 'a'] }, []],
    ['commands are not', { command: ['a', 'b'] }, { command: ['b', 'a'] }, ['command']],
    ['a list is compared as a whole', { subnets: ['a'] }, { subnets: ['a', 'b'] }, ['subnets']],
    ['an empty list is as good as none', { environment: [] }, {}, []],
    [
      'items are found by their name',
      { containers: [{ name: 'b', cpu: 2 }, { name: 'a' }] },
      {
        containers: [
          { name: 'a', cpu: 1 },
          { name: 'b', cpu: 1 },
        ],
      },
      ['containers[b].cpu'],
    ],
    [
      'items that are not declared are removed',
      { containers: [{ name: 'a' }] },
      { containers: [{ name: 'a' }, { name: 'b' }] },
      ['containers[b]'],
    ],
    [
      'two load balancers of one port are compared by target group',
      { loadBalancers: [{ targetGroupArn: 'x', containerPort: 80 }] },
      { loadBalancers: [{ targetGroupArn: 'y', containerPort: 80 }] },
      ['loadBalancers[x]', 'loadBalancers[y]'],
    ],
  ])('%s', (_, declared, actual, paths) => {
    expect(differences(declared, actual).map(({ path }) => path)).toEqual(paths);
  });

  test('leave a value alone that is to stay as it is in AWS', () => {
    const declared = { environment: [{ name: 'API_KEY', fromLive: true }] };
    expect(differences(declared, { environment: [{ name: 'API_KEY', value: 'x' }] })).toEqual([]);
    expect(missingFromLive(differences(declared, { environment: [] }))).toEqual(['environment[API_KEY]']);
  });
});

describe('what is sent', () => {
  test('is the whole block, with what is declared in its place', () => {
    const actual = {
      deploymentConfiguration: { strategy: 'CANARY', bakeTimeInMinutes: 5, hooks: [{ a: 1 }] },
    };
    expect(merged({ deploymentConfiguration: { bakeTimeInMinutes: 10 } }, actual)).toEqual({
      deploymentConfiguration: { strategy: 'CANARY', bakeTimeInMinutes: 10, hooks: [{ a: 1 }] },
    });
  });

  test('keeps undeclared members of list items, and drops undeclared items', () => {
    const actual = { containers: [{ name: 'a', image: 'x', user: 'app' }, { name: 'b' }] };
    expect(merged({ containers: [{ name: 'a', image: 'y' }] }, actual)).toEqual({
      containers: [{ name: 'a', image: 'y', user: 'app' }],
    });
  });

  test('has the value that is in AWS where the declaration says so', () => {
    const actual = { environment: [{ name: 'API_KEY', value: 'x' }] };
    expect(merged({ environment: [{ name: 'API_KEY', fromLive: true }] }, actual)).toEqual(actual);
  });

  test('leaves out what null resets', () => {
    expect(merged({ a: null, b: 1 }, { a: 1, c: 2 })).toEqual({ b: 1, c: 2 });
  });
});
