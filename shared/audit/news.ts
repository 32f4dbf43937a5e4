import { type Finding, keyOf } from './findings.ts';
import { isAtLeast, type Severity } from './rule.ts';

/** What is new and what is gone since the last audit of an app. Pure. */

/** What the table keeps of the last audit of an app. Times are epoch milliseconds. */
export interface AuditMemory {
  readonly at: number;
  readonly findings: readonly RememberedFinding[];
}

export interface RememberedFinding {
  readonly rule: string;
  readonly resource: string;
  readonly since: number;
}

export interface AuditNews {
  readonly appeared: readonly Finding[];
  readonly gone: readonly RememberedFinding[];
  readonly memory: AuditMemory;
}

/** More findings than anyone reads; with the longest names, the memory stays under 200 KB. */
const MOST_REMEMBERED = 500;

interface Audited {
  /** Of one app, the most urgent first. */
  readonly findings: readonly Finding[];
  /** Whether everything was read: what was not read is not gone. */
  readonly isComplete: boolean;
  readonly now: number;
  /** Less severe findings do not count. */
  readonly severity: Severity;
}

/** @param last undefined: the first audit, in which everything is new */
export function newsOf(
  { findings, isComplete, now, severity }: Audited,
  last: AuditMemory | undefined,
): AuditNews {
  const counted = findings
    .filter((finding) => isAtLeast(finding.severity, severity))
    .slice(0, MOST_REMEMBERED);
  const before = new Map((last?.findings ?? []).map((finding) => [keyOf(finding), finding]));
  // A finding that is below a raised severity still exists.
  const present = new Set(findings.map(keyOf));
  const missing = [...before.values()].filter((finding) => !present.has(keyOf(finding)));
  const remembered = counted.map(({ rule, resource }) => ({
    rule,
    resource,
    since: before.get(keyOf({ rule, resource }))?.since ?? now,
  }));
  return {
    appeared: counted.filter((finding) => !before.has(keyOf(finding))),
    gone: isComplete ? missing : [],
    memory: { at: now, findings: [...remembered, ...(isComplete ? [] : missing)].slice(0, MOST_REMEMBERED) },
  };
}
