import type { Statement } from '../../stack/permissions.ts';
import { fitInto, sizeOf } from '../../stack/policies.ts';

function aStatement(sid: string, resources: number, more: Partial<Statement> = {}): Statement {
  const arns = Array.from(
    { length: resources },
    (_, index) => `arn:aws:ecs:::service/cluster/${sid}-${index}`,
  );
  return { sid, actions: ['ecs:UpdateService'], resources: arns, ...more };
}

const ROOMS = [2_000, 1_000, 1_000];

describe('fitInto', () => {
  it('keeps what has room in one policy', () => {
    const statements = [aStatement('A', 3), aStatement('B', 2)];
    expect(fitInto(ROOMS, statements)).toEqual([statements]);
  });

  it('goes on in the next policy, each within its room and nothing lost', () => {
    const statements = [aStatement('A', 40), aStatement('B', 30)];
    const policies = fitInto(ROOMS, statements) ?? [];
    expect(policies).toHaveLength(3);
    for (const [index, policy] of policies.entries()) {
      expect(sizeOf(policy)).toBeLessThanOrEqual(ROOMS[index] ?? 0);
    }
    const resources = policies.flat().flatMap((statement) => statement.resources);
    expect(resources).toEqual(statements.flatMap((statement) => statement.resources));
  });

  it('has every statement once in a policy: IAM wants their ids to differ', () => {
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

  it('puts a long condition, which cannot be divided, where there is most room', () => {
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
  ])('says so when there is %s', (_, statements) => {
    expect(fitInto(ROOMS, statements)).toBeUndefined();
  });
});
