/**
 * How IAM words why it does not allow something. Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
const BECAUSE =
  /(?:no|with an explicit deny in an?|because of an explicit deny in an?) (VPC endpoint policy|service control policy|resource control policy|resource-based policy|permissions boundary|session policy)/i;

/**
 * Whose policy does not allow it, in one sentence, where AWS says so and it is another than the role's own, which advice
 * takes for granted.
 */
export function policyInTheWay(text: string): string | undefined {
  const policy = BECAUSE.exec(text)?.[1];
  return policy === undefined ? undefined : `AWS says that the ${policy} does not allow it.`;
}
