import { AwsError, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import { number, object, page, present, required, text, texts } from '../ecs/read.ts';

/** The settings of log groups: retention, class, key and tags. */

export interface GroupSettings {
  readonly createdAt: number;
  retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly logGroupClass?: string;
  tags: Readonly<Record<string, string>>;
}

/** CloudWatch Logs API reference, PutRetentionPolicy. */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

interface Groups {
  readonly account: string;
  readonly region: string;
  readonly now: () => number;
  /** Names of the log groups. */
  readonly names: () => readonly string[];
  readonly settings: Map<string, GroupSettings>;
  /** The name of the existing group of a request. Throws ResourceNotFoundException. */
  readonly existing: (input: JsonObject) => string;
}

/** The settings of CreateLogGroup. */
export function newSettings(input: JsonObject, now: number): GroupSettings {
  const kmsKeyId = text(input, 'kmsKeyId');
  const logGroupClass = text(input, 'logGroupClass');
  return {
    createdAt: now,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    ...(logGroupClass === undefined ? {} : { logGroupClass }),
    tags: tagsOf(object(input, 'tags') ?? {}),
  };
}

export function groupOperations(groups: Groups): ServiceApi['operations'] {
  const settingsOf = (name: string): GroupSettings => {
    const known = groups.settings.get(name) ?? newSettings({}, groups.now());
    groups.settings.set(name, known);
    return known;
  };
  const tagged = (input: JsonObject): GroupSettings =>
    settingsOf(groups.existing({ logGroupIdentifier: required(input, 'resourceArn') }));
  return {
    DescribeLogGroups(input) {
      const prefix = text(input, 'logGroupNamePrefix') ?? '';
      const names = groups
        .names()
        .filter((name) => name.startsWith(prefix))
        .toSorted();
      const { items, next } = page(names, { ...input, maxResults: input.limit }, { usual: 50, most: 50 });
      return { logGroups: items.map((name) => groupView(groups, name, settingsOf(name))), ...next };
    },
    PutRetentionPolicy(input) {
      const settings = settingsOf(groups.existing(input));
      const days = number(input, 'retentionInDays') ?? 0;
      if (!RETENTIONS.includes(days)) {
        const message = `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`;
        throw new AwsError('InvalidParameterException', message);
      }
      settings.retentionInDays = days;
      return {};
    },
    DeleteRetentionPolicy(input) {
      delete settingsOf(groups.existing(input)).retentionInDays;
      return {};
    },
    TagResource(input) {
      const settings = tagged(input);
      settings.tags = { ...settings.tags, ...tagsOf(object(input, 'tags') ?? {}) };
      return {};
    },
    UntagResource(input) {
      const settings = tagged(input);
      const keys = texts(input, 'tagKeys');
      settings.tags = Object.fromEntries(
        Object.entries(settings.tags).filter(([key]) => !keys.includes(key)),
      );
      return {};
    },
    ListTagsForResource: (input) => ({ tags: tagged(input).tags }),
  };
}

function groupView({ account, region }: Groups, logGroupName: string, settings: GroupSettings): JsonObject {
  const logGroupArn = `arn:aws:logs:${region}:${account}:log-group:${logGroupName}`;
  return present({
    logGroupName,
    creationTime: settings.createdAt,
    retentionInDays: settings.retentionInDays,
    kmsKeyId: settings.kmsKeyId,
    logGroupClass: settings.logGroupClass ?? 'STANDARD',
    storedBytes: 0,
    arn: `${logGroupArn}:*`,
    logGroupArn,
  });
}

function tagsOf(tags: Readonly<Record<string, Json | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value ?? '')]));
}
