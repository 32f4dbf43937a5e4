import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workloadOf } from '../../shared/audit/example.ts';
import { findingsOf } from '../../shared/audit/findings.ts';
import { isAtLeast, SEVERITIES } from '../../shared/audit/rule.ts';
import { RULES } from '../../shared/audit/rules.ts';

describe('the rules of the audit', () => {
  it('has a file for each rule, and a rule for each file', () => {
    const files = readdirSync(join(import.meta.dirname, '../../shared/audit/rules'));
    expect(RULES).toHaveLength(files.length);
    expect(new Set(RULES.map(({ id }) => id)).size).toBe(files.length);
  });

  it('lists the most urgent rules first', () => {
    const order = RULES.map(({ severity }) => SEVERITIES.indexOf(severity));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it.each(RULES)('$id fails on its failing example', ({ check, failing }) => {
    const found = check(workloadOf(failing));
    expect(found.length).toBeGreaterThan(0);
    for (const { resource, found: what, fix } of found) {
      expect(resource).toMatch(
        /^(?:service|container|variable|repository|log group|role|target group|task definition) \S+$/,
      );
      expect(what).not.toBe('');
      expect(fix).not.toBe('');
    }
  });

  it.each(RULES)('$id passes on its passing example', ({ check, passing }) => {
    expect(check(workloadOf(passing))).toEqual([]);
  });

  it('finds nothing in a sound workload', () => {
    expect(findingsOf([workloadOf({})])).toEqual([]);
  });

  it('orders severities', () => {
    expect(isAtLeast('high', 'medium')).toBe(true);
    expect(isAtLeast('hint', 'low')).toBe(false);
  });
});
