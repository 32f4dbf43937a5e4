import type { Time } from '../aws/clients.ts';
import type { LoadBalancers, Logs } from '../ports.ts';

/**
 * Parts that most invocations do without, loaded when they are first needed: a function loads only what it needs until
 * UpdateService. Each is a module of ours, so that the bundler drops what it does not use of the SDK.
 */

type LogsParameters = Parameters<typeof import('../aws/logs.ts').createLogs>;

/** What containers wrote. */
export function logsWhenNeeded(ecs: LogsParameters[1], options: LogsParameters[2]): Logs {
  const load = async () => {
    const { createLogs, logsClient } = await import('../aws/logs.ts');
    return createLogs(logsClient, ecs, options);
  };
  return {
    tail: async (...given) => (await load()).tail(...given),
    since: async (...given) => (await load()).since(...given),
  };
}

/** Lives for one invocation. */
export function loadBalancersWhenNeeded(time: Time): LoadBalancers {
  let loading: Promise<LoadBalancers> | undefined;
  const load = async () => {
    const { createLoadBalancers, loadBalancersClient } = await import('../aws/loadBalancers.ts');
    return createLoadBalancers(loadBalancersClient, time);
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    targetGroup: async (arn) => (await loaded()).targetGroup(arn),
    weights: async (...given) => (await loaded()).weights(...given),
  };
}
