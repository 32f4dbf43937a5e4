import { AwsError, type Clock, type JsonObject, type ServiceApi } from '../contract.ts';
import { text } from '../ecs/read.ts';
import type { Stack } from '../stack/stack.ts';

/** CloudFormation: what `serverless invoke local` and `fairway plan --stack` read of the stacks. */
export function cloudformationApi(
  stacks: readonly Pick<Stack, 'name' | 'resources' | 'template'>[],
  clock: Clock,
): ServiceApi {
  const LastUpdatedTimestamp = new Date(clock.now()).toISOString();
  const known = (input: JsonObject) => {
    const wanted = text(input, 'StackName');
    const stack = stacks.find(({ name }) => name === wanted);
    if (stack) return stack;
    throw new AwsError('ValidationError', `Stack with id ${wanted ?? ''} does not exist`);
  };
  return {
    service: 'cloudformation',
    operations: {
      GetTemplate(input) {
        const { template } = known(input);
        return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] };
      },
      ListStackResources(input) {
        const { resources } = known(input);
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
