import type { Workload } from './workload.ts';

/** From the most to the least urgent. A hint may save money or effort, and is no fault. */
export const SEVERITIES = ['high', 'medium', 'low', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that a rule found. */
export interface Match {
  /** Kind and name, the same in every audit: "service app-prod/web-app", "container web-app/web". */
  readonly resource: string;
  /** What is there, never with a secret in it: "privileged is true". */
  readonly found: string;
  /** The exact command or configuration. */
  readonly fix: string;
}

/** The members of a workload that a rule reads. The rest is as in `soundWorkload`. */
export type Example = Partial<Workload>;

/** One rule over what runs: a file in `rules/`, listed in `rules.ts`. */
export interface Rule {
  /** Lower case with hyphens: what `fairway.yml` accepts it by. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** The rule in words, with its exceptions. */
  readonly rule: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  check(workload: Workload): readonly Match[];
  readonly failing: Example;
  readonly passing: Example;
}

/** Whether `severity` is at least as urgent as `least`. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);
}
