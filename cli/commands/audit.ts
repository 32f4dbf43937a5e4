import { isAtLeast, SEVERITIES, type Severity } from '../../shared/audit/rule.ts';
import { defineCommand, UsageError } from '../command.ts';
import { exitCode } from '../failure.ts';
import { atMost } from '../reading.ts';
import { styleFor } from '../style.ts';
import { print } from '../surroundings.ts';

/** There are findings of the severity that was asked about. */
const FINDINGS = 4;

export const audit = defineCommand({
  usage: 'audit [APP] [--fail-on SEVERITY]',
  summary: 'check the security, reliability and cost of what runs',
  options: {
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      about:
        'exit with 4 if there is a finding of this severity or above: high, medium, low, hint (default: medium)',
    },
  },
  examples: ['fairway audit', 'fairway audit web --fail-on high', 'fairway audit --json'],
  exitCodes: [['4', 'there are findings of the severity of --fail-on or above']],
  read({ words, text }) {
    const [app] = atMost(1, words);
    const least = severityOf(text('fail-on') ?? 'medium');
    return async (context) => {
      const { auditWith } = await import('../audit/auditing.ts');
      const { renderAudit } = await import('../audit/print.ts');
      const { around, options } = context;
      const audited = await auditWith(app, context);
      const style = styleFor(around.out.isTTY ?? false, around.env);
      print(around.out, options.json ? JSON.stringify(audited, null, 2) : renderAudit(audited, style));
      return audited.findings.some(({ severity }) => isAtLeast(severity, least)) ? FINDINGS : exitCode.done;
    };
  },
});

function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((one) => one === text);
  if (severity === undefined) throw new UsageError(`--fail-on needs one of ${SEVERITIES.join(', ')}`);
  return severity;
}
