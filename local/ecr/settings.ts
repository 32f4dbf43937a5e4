import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import type { Tag } from '../ecs/definition.ts';
import { flag, object, objects, present, required, seconds, text, texts } from '../ecs/read.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../stack/json.ts';
import { invalidAt, MUTABILITIES, type Registry } from './registry.ts';
import type { Repository } from './repository.ts';

/** Settings of ECR repositories: mutability, scanning, lifecycle policy, repository policy and tags. */

interface SettingOptions {
  readonly registry: Registry;
  readonly account: string;
  readonly now: () => number;
  /** The repository of a request. Throws RepositoryNotFoundException. */
  readonly named: (input: JsonObject) => Repository;
}

/** The settings of CreateRepository. */
export function settingsOf(input: JsonObject): Parameters<Registry['create']>[1] {
  const mutability = text(input, 'imageTagMutability');
  const encryption = object(input, 'encryptionConfiguration');
  const exclusions = objects(input, 'imageTagMutabilityExclusionFilters');
  return {
    ...(mutability === undefined ? {} : { mutability }),
    ...(encryption === undefined ? {} : { encryption }),
    ...(exclusions.length > 0 ? { exclusions } : {}),
    scanOnPush: scanOnPush(input),
    tags: tagsOf(input),
  };
}

export function settingOperations(options: SettingOptions): ServiceApi['operations'] {
  return {
    ...mutabilityOperations(options),
    ...scanningOperations(options),
    ...lifecycleOperations(options),
    ...policyOperations(options),
    ...tagOperations(options),
  };
}

function scanOnPush(input: JsonObject): boolean {
  return flag(object(input, 'imageScanningConfiguration') ?? {}, 'scanOnPush') ?? false;
}

function identity({ account }: SettingOptions, repository: Repository): JsonObject {
  return { registryId: account, repositoryName: repository.name };
}

function mutabilityOperations(options: SettingOptions): ServiceApi['operations'] {
  return {
    PutImageTagMutability(input) {
      const repository = options.named(input);
      const mutability = required(input, 'imageTagMutability');
      if (!MUTABILITIES.includes(mutability)) {
        const set = `[${MUTABILITIES.join(', ')}]`;
        throw invalidAt('imageTagMutability', `Member must satisfy enum value set: ${set}`);
      }
      const filters = objects(input, 'imageTagMutabilityExclusionFilters');
      repository.mutability = mutability;
      if (filters.length > 0) repository.exclusions = filters;
      else delete repository.exclusions;
      return present({
        ...identity(options, repository),
        imageTagMutability: mutability,
        imageTagMutabilityExclusionFilters: repository.exclusions,
      });
    },
  };
}

function scanningOperations(options: SettingOptions): ServiceApi['operations'] {
  const { registry } = options;
  return {
    PutImageScanningConfiguration(input) {
      const repository = options.named(input);
      repository.scanOnPush = scanOnPush(input);
      const imageScanningConfiguration = { scanOnPush: repository.scanOnPush };
      return { ...identity(options, repository), imageScanningConfiguration };
    },

    GetRegistryScanningConfiguration: () => ({
      registryId: options.account,
      scanningConfiguration: { scanType: 'BASIC', rules: [] },
    }),

    BatchGetRepositoryScanningConfiguration(input) {
      const names = texts(input, 'repositoryNames');
      const found = names.flatMap((name) => registry.repositories.get(name) ?? []);
      const missing = names.filter((name) => !registry.repositories.has(name));
      return {
        scanningConfigurations: found.map((repository) => ({
          repositoryArn: repository.arn,
          repositoryName: repository.name,
          scanOnPush: repository.scanOnPush,
          scanFrequency: repository.scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL',
          appliedScanFilters: [],
        })),
        failures: missing.map((repositoryName) => ({
          repositoryName,
          failureCode: 'REPOSITORY_NOT_FOUND',
          failureReason: 'The repository does not exist.',
        })),
      };
    },
  };
}

function lifecycleOperations(options: SettingOptions): ServiceApi['operations'] {
  function existing(repository: Repository): string {
    if (repository.lifecyclePolicy !== undefined) return repository.lifecyclePolicy;
    const message = `Lifecycle policy does not exist for the repository with name '${repository.name}' in the registry with id '${options.account}'`;
    throw new AwsError('LifecyclePolicyNotFoundException', message);
  }
  return {
    PutLifecyclePolicy(input) {
      const repository = options.named(input);
      const lifecyclePolicyText = documentText(input, 'lifecyclePolicyText');
      repository.lifecyclePolicy = lifecyclePolicyText;
      repository.lifecyclePolicyAt = options.now();
      return { ...identity(options, repository), lifecyclePolicyText };
    },
    GetLifecyclePolicy(input) {
      const repository = options.named(input);
      const lifecyclePolicyText = existing(repository);
      return { ...identity(options, repository), lifecyclePolicyText };
    },
    DeleteLifecyclePolicy(input) {
      const repository = options.named(input);
      const lifecyclePolicyText = existing(repository);
      delete repository.lifecyclePolicy;
      return {
        ...identity(options, repository),
        lifecyclePolicyText,
        lastEvaluatedAt: seconds(repository.lifecyclePolicyAt ?? options.now()),
      };
    },
  };
}

function policyOperations(options: SettingOptions): ServiceApi['operations'] {
  function existing(repository: Repository): string {
    if (repository.policy !== undefined) return repository.policy;
    const message = `Repository policy does not exist for the repository with name '${repository.name}' in the registry with id '${options.account}'`;
    throw new AwsError('RepositoryPolicyNotFoundException', message);
  }
  return {
    SetRepositoryPolicy(input) {
      const repository = options.named(input);
      const policyText = documentText(input, 'policyText');
      repository.policy = policyText;
      return { ...identity(options, repository), policyText };
    },
    GetRepositoryPolicy(input) {
      const repository = options.named(input);
      return { ...identity(options, repository), policyText: existing(repository) };
    },
    DeleteRepositoryPolicy(input) {
      const repository = options.named(input);
      const policyText = existing(repository);
      delete repository.policy;
      return { ...identity(options, repository), policyText };
    },
  };
}

/** The text of a JSON document. Throws InvalidParameterException. */
function documentText(input: JsonObject, member: string): string {
  const document = required(input, member);
  try {
    if (isObject(parseJson(document))) return document;
  } catch {
    // Refused below, as text that is no document.
  }
  throw invalidAt(member, 'Invalid repository policy provided');
}

function tagOperations({ registry }: SettingOptions): ServiceApi['operations'] {
  function tagged(input: JsonObject): Repository {
    const arn = required(input, 'resourceArn');
    return registry.repository(arn.replace(/^.*:repository\//, ''));
  }
  return {
    TagResource(input) {
      const repository = tagged(input);
      const added = tagsOf(input);
      const kept = (repository.tags ?? []).filter(({ key }) => !added.some((tag) => tag.key === key));
      repository.tags = [...kept, ...added];
      return {};
    },
    UntagResource(input) {
      const repository = tagged(input);
      const keys = texts(input, 'tagKeys');
      repository.tags = (repository.tags ?? []).filter(({ key }) => !keys.includes(key));
      return {};
    },
    ListTagsForResource: (input) => ({
      tags: (tagged(input).tags ?? []).map(({ key, value }) => ({ Key: key, Value: value })),
    }),
  };
}

function tagsOf(input: JsonObject): readonly Tag[] {
  return objects(input, 'tags').map((tag) => ({
    key: required(tag, 'Key'),
    value: text(tag, 'Value') ?? '',
  }));
}
