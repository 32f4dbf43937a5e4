import type { ServiceApi } from '../contract.ts';

/** STS, as far as asking who one is. */
export function stsApi(): ServiceApi {
  return {
    service: 'sts',
    operations: {
      GetCallerIdentity: (_, call) => ({ Arn: call.callerArn, UserId: 'AIDALOCAL', Account: call.account }),
    },
  };
}
