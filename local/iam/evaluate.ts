import { type Context, conditionHolds } from './conditions.ts';
import type { Listed, Policy, Statement } from './policy.ts';
import { matchesResource, matchesWildcard } from './wildcard.ts';

/** One action on one resource. `resource` is "*" for actions without resource-level permissions. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Context;
}

/** A statement that matched a request, with the matching entry of its Action list. */
export interface StatementUse {
  readonly policy: string;
  /** Its index in the policy. */
  readonly statement: number;
  readonly sid?: string;
  /** The entry of Action as written; "NotAction" for a statement with NotAction. */
  readonly action: string;
}

type Decision =
  | { readonly result: 'allowed'; readonly statements: readonly StatementUse[] }
  | { readonly result: 'explicitDeny'; readonly statements: readonly StatementUse[] }
  | { readonly result: 'implicitDeny' };

/**
 * Evaluates identity-based policies of one account: an explicit deny wins over any allow, and without an allow
 * the answer is no (IAM user guide, "Policy evaluation logic").
 */
export function evaluate(policies: readonly Policy[], request: Request): Decision {
  const denies: StatementUse[] = [];
  const allows: StatementUse[] = [];
  for (const policy of policies) {
    policy.statements.forEach((statement, index) => {
      const action = matchedAction(statement.actions, request.action);
      if (action === undefined || !appliesTo(statement, request)) return;
      const sid = statement.sid === undefined ? {} : { sid: statement.sid };
      const use = { policy: policy.name, statement: index, ...sid, action };
      (statement.effect === 'Deny' ? denies : allows).push(use);
    });
  }
  if (denies.length > 0) return { result: 'explicitDeny', statements: denies };
  if (allows.length > 0) return { result: 'allowed', statements: allows };
  return { result: 'implicitDeny' };
}

/** Whether a resource or trust policy lets an AWS service do something: "events.amazonaws.com" and so on. */
export function allowsPrincipal(policies: readonly Policy[], principal: string, request: Request): boolean {
  const forPrincipal = policies.map((policy) => ({
    ...policy,
    statements: policy.statements.filter(
      ({ principals }) => principals.includes('*') || principals.includes(principal),
    ),
  }));
  return evaluate(forPrincipal, request).result === 'allowed';
}

function matchedAction(actions: Listed, action: string): string | undefined {
  const entry = actions.values.find((pattern) => matchesWildcard(pattern, action, true));
  if (actions.except) return entry === undefined ? 'NotAction' : undefined;
  return entry;
}

function appliesTo(statement: Statement, request: Request): boolean {
  const { resources, conditions, principals } = statement;
  // Only a trust policy has no Resource: it applies to its role.
  const listed = resources.values.some((pattern) => matchesResource(pattern, request.resource));
  const applies = resources.values.length === 0 && principals.length > 0 ? true : listed !== resources.except;
  if (!applies) return false;
  return conditions.every(({ operator, key, values }) =>
    conditionHolds(operator, key, values, request.context),
  );
}
