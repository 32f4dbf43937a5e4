import { judge } from '../../shared/audit/accepting.ts';
import type { Finding } from '../../shared/audit/findings.ts';
import type { Acceptance } from '../../shared/domain/app.ts';

const finding: Finding = {
  rule: 'exec-in-production',
  severity: 'medium',
  app: 'web',
  resource: 'service app-prod/web-app',
  found: 'enableExecuteCommand is true',
  why: 'Everyone has a shell.',
  fix: 'turn it off',
};
const acceptance: Acceptance = { rule: finding.rule, reason: 'we debug with it', until: '2027-03-31' };
const AT = Date.parse('2027-03-31T23:59:59Z');

describe('an accepted finding', () => {
  it('does not count until the end of its last day', () => {
    const { findings, accepted } = judge([finding], [acceptance], AT);
    expect(findings).toEqual([]);
    expect(accepted).toEqual([{ finding, acceptance }]);
  });

  it('counts again after that day, and its acceptance is reported', () => {
    const { findings, accepted, expired } = judge([finding], [acceptance], AT + 1_000);
    expect([findings, accepted, expired]).toEqual([[finding], [], [acceptance]]);
  });

  it.each<[string, Partial<Acceptance>, boolean]>([
    ['its resource', { resource: 'service app-prod/web-app' }, true],
    ['a pattern of its resource', { resource: 'service app-prod/*' }, true],
    ['several patterns in one', { resource: '*app-*/web*' }, true],
    ['an end that overlaps the start', { resource: 'service app-prod/web-app*app' }, false],
    ['another resource', { resource: 'service app-prod/admin' }, false],
    ['its app', { app: 'web' }, true],
    ['another app', { app: 'admin' }, false],
    ['another rule', { rule: 'public-ip' }, false],
  ])('is accepted by %s or not', (_, members, isAccepted) => {
    const { findings, unused } = judge([finding], [{ ...acceptance, ...members }], AT);
    expect(findings).toHaveLength(isAccepted ? 0 : 1);
    expect(unused).toHaveLength(isAccepted ? 0 : 1);
  });
});
