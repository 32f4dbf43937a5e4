import { evaluate, type Request, type StatementUse } from './evaluate.ts';
import type { Policy } from './policy.ts';

type Authorization =
  | { readonly allowed: true; readonly statements: readonly StatementUse[] }
  | { readonly allowed: false; readonly message: string; readonly denied: Request };

/**
 * Checks every requirement of a call against the caller's identity-based policies. The first denied one is reported
 * with AWS's message (IAM user guide, "Troubleshoot access denied error messages").
 */
export function authorize(
  policies: readonly Policy[],
  requirements: readonly Request[],
  callerArn: string,
): Authorization {
  const used: StatementUse[] = [];
  for (const requirement of requirements) {
    const decision = evaluate(policies, requirement);
    if (decision.result !== 'allowed') {
      return {
        allowed: false,
        message: denial(callerArn, requirement, decision.result),
        denied: requirement,
      };
    }
    used.push(...decision.statements);
  }
  return { allowed: true, statements: used };
}

function denial(callerArn: string, request: Request, result: 'explicitDeny' | 'implicitDeny'): string {
  const why =
    result === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${request.action} action`;
  return `User: ${callerArn} is not authorized to perform: ${request.action} on resource: ${request.resource} ${why}`;
}
