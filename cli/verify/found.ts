import type { Registry } from '../../shared/domain/registry.ts';

/** What AWS has of the things that a configuration names: read by `look`, compared by `compare`. */
export interface Found {
  /** Status by cluster name; absent: there is none. */
  readonly clusters: Readonly<Record<string, string>>;
  /** By `cluster/service`; absent: there is none. */
  readonly services: Readonly<Record<string, FoundService>>;
  /** By family: its newest active revision; absent: there is none. */
  readonly families: Readonly<Record<string, FoundDefinition>>;
  /** Their keys: see `repositoryKey`. */
  readonly repositories: readonly string[];
  /** By key: why a repository in another registry could not be read. */
  readonly unreadable?: Readonly<Record<string, string>>;
  /** That of the account and region; absent where no repository in it was found. */
  readonly registry?: Registry;
  /** Absent where they were not read. */
  readonly tags?: FoundTags;
}

/** Tags by the key of the repository, newest first. */
export type FoundTags = ReadonlyMap<string, readonly string[]>;

export interface FoundService {
  /** Its ARN, where that could be read. */
  readonly arn?: string;
  readonly status: string;
  readonly controller: string;
  readonly strategy: string;
  /** Of the revision the service runs; absent where that could not be read. */
  readonly definition?: FoundDefinition;
  /** The roles that ECS creates its EBS volumes with, by the name of the volume; absent: it configures none. */
  readonly volumes?: Readonly<Record<string, string>>;
}

export interface FoundDefinition {
  /** `family:number`. */
  readonly revision: string;
  readonly family: string;
  readonly containers: readonly FoundContainer[];
  readonly taskRole?: string;
  readonly executionRole?: string;
  /** Names of the volumes that are configured when a task starts; absent: none. */
  readonly volumesAtLaunch?: readonly string[];
}

interface FoundContainer {
  readonly name: string;
  readonly image: string;
  /** Of the awslogs driver. */
  readonly logGroup?: string;
}
