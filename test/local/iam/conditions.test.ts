import { conditionHolds, isConditionOperator } from '../../../local/iam/conditions.ts';

const context = { 'aws:PrincipalTag/team': 'blue', 'aws:TagKeys': ['env', 'cost'], 'ecs:task-cpu': '512' };

describe('a condition', () => {
  it.each([
    ['StringEquals', 'aws:PrincipalTag/team', ['red', 'blue'], true],
    ['StringEquals', 'aws:PrincipalTag/team', ['Blue'], false],
    ['StringEqualsIgnoreCase', 'aws:PrincipalTag/team', ['Blue'], true],
    ['StringNotEquals', 'aws:PrincipalTag/team', ['red', 'green'], true],
    ['StringNotEquals', 'aws:PrincipalTag/team', ['red', 'blue'], false],
    ['StringLike', 'aws:PrincipalTag/team', ['b?u*'], true],
    ['StringNotLike', 'aws:PrincipalTag/team', ['b*'], false],
    ['NumericLessThanEquals', 'ecs:task-cpu', ['512'], true],
    ['NumericGreaterThan', 'ecs:task-cpu', ['512'], false],
  ])('%s on %s with %j: %j', (operator, key, wanted, expected) => {
    expect(conditionHolds(operator, key, wanted, context)).toBe(expected);
  });

  it('compares keys without regard to case', () => {
    expect(conditionHolds('StringEquals', 'AWS:principaltag/TEAM', ['blue'], context)).toBe(true);
  });

  it.each([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['Bool', false],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
  ])('%s on a key that the request lacks: %j', (operator, expected) => {
    expect(conditionHolds(operator, 'aws:MultiFactorAuthPresent', ['true'], context)).toBe(expected);
  });

  it.each([
    ['ForAllValues:StringEquals', ['env', 'cost', 'team'], true],
    ['ForAllValues:StringEquals', ['env'], false],
    ['ForAnyValue:StringEquals', ['env'], true],
    ['ForAnyValue:StringEquals', ['team'], false],
    ['ForAllValues:StringLike', ['e*', 'c*'], true],
  ])('%s over several values with %j: %j', (operator, wanted, expected) => {
    expect(conditionHolds(operator, 'aws:TagKeys', wanted, context)).toBe(expected);
  });

  it('Null checks whether the key exists', () => {
    expect(conditionHolds('Null', 'ecs:task-cpu', ['false'], context)).toBe(true);
    expect(conditionHolds('Null', 'ecs:cluster', ['true'], context)).toBe(true);
    expect(conditionHolds('Null', 'ecs:cluster', ['false'], context)).toBe(false);
  });

  it('matches ARNs section by section', () => {
    const arn = { 'ecs:cluster': 'arn:aws:ecs:us-east-1:111122223333:cluster/prod' };
    expect(conditionHolds('ArnLike', 'ecs:cluster', ['arn:aws:ecs:*:111122223333:cluster/*'], arn)).toBe(
      true,
    );
    expect(conditionHolds('ArnLike', 'ecs:cluster', ['arn:aws:ecs:*:cluster/*'], arn)).toBe(false);
    expect(conditionHolds('ArnNotLike', 'ecs:cluster', ['arn:aws:ecs:*:*:cluster/dev'], arn)).toBe(true);
  });

  it('lists its operators', () => {
    expect(isConditionOperator('ForAnyValue:StringLikeIfExists')).toBe(true);
    expect(isConditionOperator('DateGreaterThan')).toBe(false);
    expect(isConditionOperator('ForSomeValues:StringLike')).toBe(false);
  });
});
