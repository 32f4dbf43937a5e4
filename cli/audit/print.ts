import { describeAcceptance } from '../../shared/audit/accepting.ts';
import type { Finding } from '../../shared/audit/findings.ts';
import { SEVERITIES, type Severity } from '../../shared/audit/rule.ts';
import { counted } from '../../shared/domain/counted.ts';
import { redact } from '../../shared/domain/redaction/redact.ts';
import type { Style } from '../style.ts';
import type { Audited } from './auditing.ts';

/** The findings of an audit, the most urgent first. */
export function renderAudit(audited: Audited, style: Style): string {
  const { findings, accepted, expired, unused, notes } = audited;
  return [
    ...findings.map((finding) => renderFinding(finding, style)),
    ...list(
      'Accepted',
      accepted.map(({ finding, acceptance }) => `${finding.resource}: ${describeAcceptance(acceptance)}`),
      style,
    ),
    ...list('Acceptances that have expired', expired.map(describeAcceptance), style),
    ...list('Acceptances that match nothing: remove them', unused.map(describeAcceptance), style),
    ...list('Not checked', notes.map(redact), style),
    style.bold(summaryOf(audited)),
  ].join('\n\n');
}

function renderFinding({ rule, severity, app, resource, found, why, fix }: Finding, style: Style): string {
  return [
    `${colour(severity, style)(severity)} ${style.bold(rule)} ${app}: ${resource}`,
    `  ${redact(found)}`,
    `  Why: ${why}`,
    `  Fix: ${fix}`,
  ].join('\n');
}

function colour(severity: Severity, style: Style): (text: string) => string {
  if (severity === 'high') return style.bad;
  return severity === 'medium' ? style.warn : style.dim;
}

function list(title: string, lines: readonly string[], style: Style): readonly string[] {
  if (lines.length === 0) return [];
  return [[style.bold(title), ...lines.map((line) => `  ${line}`)].join('\n')];
}

/** "Audit of 2 workloads: 1 high, 0 medium, 2 low, 1 hint; 1 accepted." */
function summaryOf({ findings, accepted, checked }: Audited): string {
  const counts = SEVERITIES.map(
    (severity) => `${findings.filter((finding) => finding.severity === severity).length} ${severity}`,
  );
  const rest = accepted.length > 0 ? `; ${accepted.length} accepted` : '';
  return `Audit of ${counted(checked, 'workload')}: ${counts.join(', ')}${rest}.`;
}
