import { isAtLeast, type Rule, SEVERITIES, type Severity } from './rule.ts';
import { RULES } from './rules.ts';
import type { Workload } from './workload.ts';

/** What a rule found in an app. */
export interface Finding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly app: string;
  readonly resource: string;
  readonly found: string;
  readonly why: string;
  readonly fix: string;
}

/** What all rules find, the most urgent first. A resource that several workloads use is found once per app. */
export function findingsOf(
  workloads: readonly Workload[],
  rules: readonly Rule[] = RULES,
): readonly Finding[] {
  const all = rules.flatMap((rule) => workloads.flatMap((workload) => findingsOfRule(rule, workload)));
  const byKey = new Map(all.toReversed().map((finding) => [`${finding.app} ${keyOf(finding)}`, finding]));
  return [...byKey.values()]
    .toReversed()
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

function findingsOfRule({ id, severity, why, check }: Rule, workload: Workload): readonly Finding[] {
  return check(workload).map((match) => ({ rule: id, severity, app: workload.app, ...match, why }));
}

/** The same for the same fault in every audit. */
export function keyOf({ rule, resource }: Pick<Finding, 'rule' | 'resource'>): string {
  return `${rule} ${resource}`;
}

export function countAtLeast(findings: readonly Finding[], least: Severity): number {
  return findings.filter(({ severity }) => isAtLeast(severity, least)).length;
}
