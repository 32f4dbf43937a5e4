/** Containers that AWS adds to a task: their command, image and log are none of the user's. */
interface Injected {
  readonly name: RegExp;
  readonly kind: string;
  readonly what: string;
  readonly advice: string;
}

export const SERVICE_CONNECT_ADVICE =
  "Check the memory that the task has left for the proxy, the service's namespace, and its log (logConfiguration of serviceConnectConfiguration).";

const INJECTED: readonly Injected[] = [
  {
    name: /^ecs-service-connect-/,
    kind: 'serviceConnect',
    what: 'The Service Connect proxy',
    advice: SERVICE_CONNECT_ADVICE,
  },
  {
    name: /^aws-guardduty-agent/,
    kind: 'securityAgent',
    what: 'The security agent of GuardDuty',
    advice:
      'Check that the execution role may pull from ECR and that the subnet has a route to it; GuardDuty Runtime Monitoring adds this container, and can be turned off for the cluster by a tag.',
  },
];

/** Undefined: the container is of the task definition. */
export function injectedBy(name: string): Injected | undefined {
  return INJECTED.find((one) => one.name.test(name));
}
