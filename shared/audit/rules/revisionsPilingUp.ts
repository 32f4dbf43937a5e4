import { familyOf } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** As many as a page of ListTaskDefinitions has. */
const MANY = 100;

export const revisionsPilingUp: Rule = {
  id: 'revisions-piling-up',
  title: 'Many old revisions',
  severity: 'low',
  rule: `A family has fewer than ${MANY} active revisions.`,
  why: 'Each old revision can be started again, with the vulnerabilities and the plain secrets that it had.',
  check(workload) {
    const { activeRevisions = 0 } = workload;
    if (activeRevisions < MANY) return [];
    const family = familyOf(workload);
    return [
      {
        resource: `task definition ${family}`,
        found: `it has at least ${MANY} active revisions`,
        fix: `\`fairway prune-revisions ${workload.app}\` shows those that nothing uses any more`,
      },
    ];
  },
  failing: { definition: { family: 'web-app' }, activeRevisions: 100 },
  passing: { definition: { family: 'web-app' }, activeRevisions: 12 },
};
