import {
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { RawDefinition } from '../domain/revision.ts';
import type { ClientSettings, Send } from './send.ts';

/** Calls of services that speak XML, as the SDK parses it: only the reads of the audit. */

export function loadBalancingCalls(settings: ClientSettings): Send {
  const client = new ElasticLoadBalancingV2Client(settings);
  return async (operation, input) => {
    switch (operation) {
      case 'DescribeTargetGroups':
        return plain(
          await client.send(
            new DescribeTargetGroupsCommand({ TargetGroupArns: textsIn(input, 'TargetGroupArns') }),
          ),
        );
      case 'DescribeTargetGroupAttributes':
        return plain(
          await client.send(
            new DescribeTargetGroupAttributesCommand({ TargetGroupArn: textIn(input, 'TargetGroupArn') }),
          ),
        );
      default:
        throw unknown('elasticloadbalancing', operation);
    }
  };
}

export function iamCalls(settings: ClientSettings): Send {
  const client = new IAMClient(settings);
  return async (operation, input) => {
    const RoleName = textIn(input, 'RoleName');
    const PolicyArn = textIn(input, 'PolicyArn');
    const Marker = input.Marker === undefined ? {} : { Marker: textIn(input, 'Marker') };
    switch (operation) {
      case 'ListRolePolicies':
        return plain(await client.send(new ListRolePoliciesCommand({ RoleName, ...Marker })));
      case 'GetRolePolicy': {
        const PolicyName = textIn(input, 'PolicyName');
        return plain(await client.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
      }
      case 'ListAttachedRolePolicies':
        return plain(await client.send(new ListAttachedRolePoliciesCommand({ RoleName, ...Marker })));
      case 'GetPolicy':
        return plain(await client.send(new GetPolicyCommand({ PolicyArn })));
      case 'GetPolicyVersion': {
        const VersionId = textIn(input, 'VersionId');
        return plain(await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })));
      }
      default:
        throw unknown('iam', operation);
    }
  };
}

function textIn(input: RawDefinition, member: string): string {
  return String(input[member] ?? '');
}

function textsIn(input: RawDefinition, member: string): string[] {
  const value = input[member];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Times become texts. */
function plain(answer: object): RawDefinition {
  return Object(JSON.parse(JSON.stringify(answer)));
}

function unknown(service: string, operation: string): Error {
  return new Error(`no call of ${service}:${operation} is known`);
}
