import { AwsError, type Clock, type JsonObject, type ServiceApi } from '../contract.ts';
import { text } from '../ecs/read.ts';
import type { Stack } from '../stack/stack.ts';

/** CloudFormation: what `serverless invoke local` and `fairway plan --stack` read of the stack. */
export function cloudformationApi(
  { name, resources, template }: Pick<Stack, 'name' | 'resources' | 'template'>,
  clock: Clock,
): ServiceApi {
  const LastUpdatedTimestamp = new Date(clock.now()).toISOString();
  const known = (input: JsonObject) => {
    const wanted = text(input, 'StackName');
    if (wanted !== name)
      throw new AwsError('ValidationError', `Stack with id ${wanted ?? ''} does not exist`);
  };
  return {
    service: 'cloudformation',
    operations: {
      GetTemplate(input) {
        known(input);
        return { TemplateBody: JSON.stringify(template), StagesAvailable: ['Original', 'Processed'] };
      },
      ListStackResources(input) {
        known(input);
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
