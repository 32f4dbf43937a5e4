import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { number, objects, required, text, texts } from '../ecs/read.ts';

/** The Resource Groups Tagging API: the ARNs of what has certain tags. */

interface Tagged {
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Resources per page. Source: Resource Groups Tagging API reference, GetResources. */
const PAGE = { usual: 50, most: 100 };

/** @param resources everything that can have tags */
export function taggingApi(resources: () => readonly Tagged[]): ServiceApi {
  return {
    service: 'tagging',
    operations: {
      GetResources(input) {
        const types = texts(input, 'ResourceTypeFilters');
        const filters = objects(input, 'TagFilters');
        const found = resources()
          .filter(({ tags }) => Object.keys(tags).length > 0)
          .filter(({ arn }) => types.length === 0 || types.some((type) => isOfType(arn, type)))
          .filter(({ tags }) => filters.every((filter) => hasTag(tags, filter)));
        return pageOf(found, input);
      },
    },
  };
}

/** "ecs", "ecs:service": ARNs have the type after the account. */
function isOfType(arn: string, type: string): boolean {
  const [service = '', kind] = type.split(':');
  const [, , of, , , resource = ''] = arn.split(':');
  return of === service && (kind === undefined || resource.startsWith(`${kind}/`) || resource === kind);
}

function hasTag(tags: Tagged['tags'], filter: JsonObject): boolean {
  const value = tags[required(filter, 'Key')];
  const wanted = texts(filter, 'Values');
  return value !== undefined && (wanted.length === 0 || wanted.includes(value));
}

function pageOf(found: readonly Tagged[], input: JsonObject): JsonObject {
  const limit = number(input, 'ResourcesPerPage') ?? PAGE.usual;
  if (limit < 1 || limit > PAGE.most) {
    const message = `ResourcesPerPage must be between 1 and ${PAGE.most}`;
    throw new AwsError('InvalidParameterException', message);
  }
  const start = Number(text(input, 'PaginationToken') || 0);
  const end = start + limit;
  return {
    PaginationToken: end < found.length ? String(end) : '',
    ResourceTagMappingList: found.slice(start, end).map(({ arn, tags }) => ({
      ResourceARN: arn,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}
