import { AwsError, type Clock, type ServiceApi } from '../contract.ts';
import { text } from '../ecs/read.ts';
import type { Stack } from '../stack/stack.ts';

/** CloudFormation: only the names of the stack's resources, which `serverless invoke local` needs. */
export function cloudformationApi(
  { name, resources }: Pick<Stack, 'name' | 'resources'>,
  clock: Clock,
): ServiceApi {
  const LastUpdatedTimestamp = new Date(clock.now()).toISOString();
  return {
    service: 'cloudformation',
    operations: {
      ListStackResources(input) {
        const wanted = text(input, 'StackName');
        if (wanted !== name)
          throw new AwsError('ValidationError', `Stack with id ${wanted ?? ''} does not exist`);
        return {
          StackResourceSummaries: resources.map(({ logicalId, type, physicalId }) => ({
            LogicalResourceId: logicalId,
            PhysicalResourceId: physicalId,
            ResourceType: type,
            LastUpdatedTimestamp,
            ResourceStatus: 'CREATE_COMPLETE',
          })),
        };
      },
    },
  };
}
