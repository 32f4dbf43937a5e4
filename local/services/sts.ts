import type { ServiceApi } from '../contract.ts';

/** STS: GetCallerIdentity. */
export function stsApi(): ServiceApi {
  return {
    service: 'sts',
    operations: {
      GetCallerIdentity: (_, call) => ({ Arn: call.callerArn, UserId: 'AIDALOCAL', Account: call.account }),
    },
  };
}
