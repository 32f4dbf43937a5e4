import { stringify } from 'yaml';
import { workloadOf } from '../../shared/audit/example.ts';
import type { Example, Rule } from '../../shared/audit/rule.ts';
import { RULES } from '../../shared/audit/rules.ts';

/** docs/audit.md: every rule with its examples, which the tests run. */
export function auditReference(): string {
  return `# Audit

\`fairway audit\` checks what the configured apps run against the rules below, with your own credentials. It changes nothing. \`fairway permissions --for audit\` prints the IAM policy that it needs: every action in it only reads.

\`\`\`
fairway audit                    # all apps
fairway audit web --fail-on high # exit code 4 only for findings of severity high
fairway audit --json
\`\`\`

Each finding has a severity, the resource, why it matters, and how to fix it. The exit code is 4 if there is a finding of severity medium or above; \`--fail-on\` chooses another severity. A hint can reduce cost or effort. It is not a fault. What cannot be read is listed under *Not checked*, and no rule says anything about it. So are the scans and lifecycle policies of repositories in another account or region. Values of environment variables are never shown.

## Every day

\`audit: { daily: {} }\` in \`fairway.yml\` adds the function \`audit\` to the stack. It runs every day at 06:00 UTC, or at another time:

\`\`\`yaml
audit:
  daily: { at: "07:30", timeZone: Europe/Berlin, severity: medium }
\`\`\`

It audits the configured apps only, with a role that only reads, and announces to the channels of each app what is new and what is gone since its last audit. An app without news gets no message. Findings below \`severity\` (default: low) are not announced. Findings that could not be checked are not reported as resolved. The findings of the last audit are an item of each app in the table, at most 500 of them. If a channel does not take a message, the news is announced again the next day, and the alarm \`…-audit-errors\` goes off. An audit that runs out of its 15 minutes begins with the other apps the next day.

## Accept a finding

To accept a finding, add it to \`audit.accept\` with a reason and an expiration date. After that day the finding counts again, and the audit says that its acceptance has expired. An acceptance that matches nothing is listed, so that it can be removed.

\`\`\`yaml
audit:
  accept:
    - rule: exec-in-production
      resource: service app-prod/web-* # optional; * stands for any characters
      app: web # optional
      reason: the on-call team debugs with it until the tracing is there
      until: "2027-03-31"
\`\`\`

## How much it reads

An audit starts at most 10 calls a second to ECS and to ECR, and 5 to each other service: half of what ECS refills for its reads, which releases share. Services are read in batches of 10, tasks and revisions in pages of 100. For 1,000 services with a target group, a log group, two roles and a repository each, it makes about 11,000 calls, and takes about 7 minutes.

With enhanced scanning (Amazon Inspector), reading findings can also need \`inspector2:ListFindings\` and \`ListCoverage\`, which the policy does not contain: then the audit lists scan findings under *Not checked*.

## Rules

${table(RULES)}

${RULES.map(section).join('\n\n')}
`;
}

function table(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, title, severity }) => `| [${id}](#${id}) | ${title} | ${severity} |`);
  return ['| rule | what it finds | severity |', '|---|---|---|', ...rows].join('\n');
}

function section({ id, title, severity, rule, why, failing, passing, check }: Rule): string {
  const [found] = check(workloadOf(failing));
  return [
    `### ${id}`,
    `**${title}** (${severity}). ${rule}`,
    why,
    `Fails: ${found?.found ?? ''}.`,
    yaml(failing),
    'Passes:',
    yaml(passing),
    ...(found === undefined ? [] : [`Fix: ${found.fix}.`]),
  ].join('\n\n');
}

function yaml(example: Example): string {
  return `\`\`\`yaml\n${stringify(example, { lineWidth: 0 }).trimEnd()}\n\`\`\``;
}
