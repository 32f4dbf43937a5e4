import type { Acceptance } from '../domain/app.ts';
import type { Finding } from './findings.ts';

/** Findings that `fairway.yml` accepts, each with a reason and until a day. */

export interface Judged {
  /** Those that count, expired acceptances included. */
  readonly findings: readonly Finding[];
  readonly accepted: readonly { readonly finding: Finding; readonly acceptance: Acceptance }[];
  /** Acceptances whose day is over, and whose findings are there again. */
  readonly expired: readonly Acceptance[];
  /** Acceptances that match no finding: they can be removed. */
  readonly unused: readonly Acceptance[];
}

/** @param now epoch milliseconds */
export function judge(findings: readonly Finding[], acceptances: readonly Acceptance[], now: number): Judged {
  const [over, valid] = [
    acceptances.filter((each) => isOver(each, now)),
    acceptances.filter((each) => !isOver(each, now)),
  ];
  const accepted = findings.flatMap((finding) => {
    const acceptance = valid.find((each) => accepts(each, finding));
    return acceptance === undefined ? [] : [{ finding, acceptance }];
  });
  const without = new Set(accepted.map(({ finding }) => finding));
  const open = findings.filter((finding) => !without.has(finding));
  return {
    findings: open,
    accepted,
    expired: over.filter((each) => open.some((finding) => accepts(each, finding))),
    unused: acceptances.filter((each) => !findings.some((finding) => accepts(each, finding))),
  };
}

function accepts({ rule, app, resource }: Acceptance, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    (app === undefined || app === finding.app) &&
    (resource === undefined || matches(finding.resource, resource))
  );
}

/** Whether a pattern matches the whole text: a `*` stands for any characters. */
function matches(text: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** The last day counts to its end, in UTC. */
function isOver({ until }: Acceptance, now: number): boolean {
  return now >= Date.parse(`${until}T00:00:00Z`) + 24 * 3_600_000;
}

/** "root-container of service app-prod/web-app, until 2027-03-31: the base image needs it" */
export function describeAcceptance({ rule, app, resource, until, reason }: Acceptance): string {
  const of = [resource, app === undefined ? undefined : `the app ${app}`].filter(
    (part) => part !== undefined,
  );
  return `${rule}${of.length === 0 ? '' : ` of ${of.join(' of ')}`}, until ${until}: ${reason}`;
}
