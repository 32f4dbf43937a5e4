import { authorize } from '../../local/iam/authorize.ts';
import type { Lookups } from '../../local/iam/needs.ts';
import { parsePolicy } from '../../local/iam/policy.ts';
import { requirements } from '../../local/iam/requirements.ts';
import type { Aws } from '../../shared/infrastructure/kind.ts';
import type { PolicyDocument } from '../../shared/infrastructure/permissions.ts';
import { PLACE } from './world.ts';

const CALL = {
  caller: 'external',
  callerArn: 'arn:aws:iam::123456789012:user/op',
  account: PLACE.account,
  region: PLACE.region,
};
export const NO_LOOKUPS: Lookups = {
  taskDefinition: () => undefined,
  partitionKey: () => undefined,
  secretArn: () => undefined,
  hasLinkedRole: () => true,
};

/** A cloud whose calls need exactly this policy. Keeps the actions that were used. */
export function guarded(document: PolicyDocument, aws: Aws, lookups: Lookups = NO_LOOKUPS) {
  const policy = parsePolicy('printed', JSON.parse(JSON.stringify(document)));
  const used = new Set<string>();
  const calls: Aws = async (service, operation, input) => {
    const needed = requirements(service, operation, JSON.parse(JSON.stringify(input)), CALL, lookups);
    const decision = authorize([policy], needed, CALL.callerArn);
    if (!decision.allowed) throw new Error(decision.message);
    for (const { action } of needed) used.add(action);
    return aws(service, operation, input);
  };
  return { calls, used };
}
