import { fatal, heals, type Wording } from './wording.ts';

const CORRECT = "Correct the service's network configuration.";

/** Why a task has no network interface. Source: Amazon ECS Developer Guide, "TaskFailedToStart errors". */
export const NETWORK: readonly Wording[] = [
  // Of several subnets ECS may take another one next time; security groups are needed in all of them.
  heals(
    /InvalidSubnetID(?:.*?\b(subnet-[0-9a-f]+)'? does not exist)?|subnet (?:ID )?'?(subnet-[0-9a-f]+)?\S* does not exist|subnets?(?:\(s\))? (?:in the request )?(?:is|are) invalid/i,
    'networkGone',
    (_, [, id, other]) => `A subnet of the task${named(id ?? other)} does not exist.`,
    CORRECT,
  ),
  fatal(
    /(?:InvalidGroup\.NotFound|InvalidSecurityGroupID)(?:.*?\b(sg-[0-9a-f]+)'? does not exist)?|security groups? (?:ID )?'?(sg-[0-9a-f]+)?\S* does not exist/i,
    'networkGone',
    (_, [, id, other]) => `A security group of the task${named(id ?? other)} does not exist.`,
    CORRECT,
  ),
  heals(
    /belong to different networks|not in the target group VPC(?: '?(vpc-\w+))?/i,
    'networkMismatch',
    (_, [, vpc]) =>
      `The network of the task and its target group belong to different VPCs${vpc === undefined ? '' : ` (${vpc})`}.`,
    "Take the service's subnets, its security groups and its target group from one VPC.",
  ),
  heals(
    /network interface.*(TagPolicyViolation|AuthFailure|UnauthorizedOperation|AccessDenied|not authorized)/i,
    'networkDenied',
    () => "The task's network interface could not be made: a policy does not allow it.",
    "Check tag policies and service control policies for ec2:network-interface, and ECS's service-linked role.",
  ),
  heals(
    /(?:subnet '?(subnet-[0-9a-f]+)?.*)?(?:InsufficientFreeAddresses|does not have enough free addresses)|subnet.*(?:free address|IP address)/i,
    'network',
    (_, [, id]) => `A subnet of the task${named(id)} has no free addresses left.`,
    'See what takes its free addresses, or give the service more or larger subnets.',
  ),
  heals(
    /NetworkInterfaceLimit|maximum number of network interfaces/i,
    'network',
    () => "The task's network interface could not be made: there are as many as there may be.",
    'Raise the ENI quota of the Region; on container instances, use larger ones, or awsvpcTrunking.',
  ),
  heals(
    /network interface|configure ENI/i,
    'network',
    () => "The task's network interface could not be made.",
    'Check free addresses in its subnets and the ENI quota.',
  ),
];

function named(id: string | undefined): string {
  return id ? `, ${id},` : '';
}
