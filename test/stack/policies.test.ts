import { longest, sub } from '../../stack/names.ts';
import { fitInto, type Statement, sizeOf } from '../../stack/policies.ts';

function aStatement(sid: string, resources: number, more: Partial<Statement> = {}): Statement {
  const arns = Array.from(
    { length: resources },
    (_, index) => `arn:aws:ecs:::service/cluster/${sid}-${index}`,
  );
  return { sid, actions: ['ecs:UpdateService'], resources: arns, ...more };
}

const ROOMS = [2_000, 1_000, 1_000];

it('is measured with a region as long as the longest', () => {
  const length = longest(sub('${AWS::Region}')).length - '""'.length;
  for (const region of ['ap-northeast-1', 'eusc-de-east-1', 'us-isof-south-1'])
    expect(length).toBeGreaterThanOrEqual(region.length);
});

describe('fitInto', () => {
  it('uses one policy if everything fits', () => {
    const statements = [aStatement('A', 3), aStatement('B', 2)];
    expect(fitInto(ROOMS, statements)).toEqual([statements]);
  });

  it('continues in the next policy, with each in its limit and nothing lost', () => {
    const statements = [aStatement('A', 40), aStatement('B', 30)];
    const policies = fitInto(ROOMS, statements) ?? [];
    expect(policies).toHaveLength(3);
    for (const [index, policy] of policies.entries()) {
      expect(sizeOf(policy)).toBeLessThanOrEqual(ROOMS[index] ?? 0);
    }
    const resources = policies.flat().flatMap((statement) => statement.resources);
    expect(resources).toEqual(statements.flatMap((statement) => statement.resources));
  });

  it('has each statement at most once per policy: IAM requires unique IDs', () => {
    for (const policy of fitInto(ROOMS, [aStatement('A', 40), aStatement('B', 30)]) ?? []) {
      const ids = policy.map(({ sid }) => sid);
      expect(ids).toEqual([...new Set(ids)]);
    }
  });

  it('keeps actions and conditions of a statement that is divided', () => {
    const conditions = { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } };
    const policies = fitInto(ROOMS, [aStatement('A', 60, { actions: ['iam:PassRole'], conditions })]) ?? [];
    expect(policies.length).toBeGreaterThan(1);
    for (const statement of policies.flat()) {
      expect(statement).toMatchObject({ actions: ['iam:PassRole'], conditions });
    }
  });

  it('puts a long condition, which cannot be divided, into the largest policy', () => {
    const conditions = { ArnLike: { 'ecs:cluster': 'c'.repeat(1_200) } };
    const [first] = fitInto(ROOMS, [aStatement('A', 30), aStatement('B', 1, { conditions })]) ?? [];
    expect(first?.[0]?.sid).toBe('B');
  });

  it.each([
    ['more than all rooms hold', [aStatement('A', 100)]],
    [
      'a condition longer than any room',
      [aStatement('A', 1, { conditions: { ArnLike: { 'ecs:cluster': 'c'.repeat(2_000) } } })],
    ],
  ])('returns undefined for %s', (_, statements) => {
    expect(fitInto(ROOMS, statements)).toBeUndefined();
  });
});
