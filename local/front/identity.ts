import type { JsonObject } from '../contract.ts';
import { authorize } from '../iam/authorize.ts';
import type { Lookups } from '../iam/needs.ts';
import type { Recorder } from '../iam/recorder.ts';
import { requirements } from '../iam/requirements.ts';
import type { FunctionCaller } from '../lambda/runtime.ts';
import type { Identity } from './dispatch.ts';

interface IdentityOptions {
  readonly account: string;
  readonly callerOf: (accessKeyId: string) => FunctionCaller | undefined;
  readonly lookups: Lookups;
  /** Records which statements of the functions' roles are used. */
  readonly recorder: Recorder;
}

/** The owner of credentials: a function, which is limited by its role, or an external caller, which is not. */
export function createIdentify({ account, callerOf, lookups, recorder }: IdentityOptions) {
  return (accessKeyId: string | undefined, region: string): Identity => {
    const caller = accessKeyId === undefined ? undefined : callerOf(accessKeyId);
    if (!caller || accessKeyId === undefined) {
      const callerArn = `arn:aws:iam::${account}:user/external`;
      return {
        call: { caller: 'external', callerArn, account, region },
        alive: true,
        denial: () => undefined,
      };
    }
    const call = { caller: caller.caller, callerArn: caller.callerArn, account, region };
    return {
      call,
      accessKeyId,
      alive: caller.alive,
      denial(service: string, operation: string, input: JsonObject) {
        const needed = requirements(service, operation, input, call, lookups);
        const verdict = authorize(caller.policies, needed, caller.callerArn);
        if (!verdict.allowed) return verdict.message;
        recorder.record(caller.roleName, verdict.statements);
        return undefined;
      },
    };
  };
}
