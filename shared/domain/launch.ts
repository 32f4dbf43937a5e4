import type { Network, TaskCapacity } from './app.ts';
import { isFargate, type Raw, type RawDefinition } from './revision.ts';
import type { RevisionTag } from './revisionTags.ts';

/** What a task takes of the service that it is like, beside network and capacity. */

/** What a service adds to its tasks, as DescribeServices shows it. */
export interface ServiceLaunch {
  readonly platformVersion?: string;
  readonly placementConstraints: readonly PlacementConstraint[];
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly propagateTags?: string;
  readonly managedTags: boolean;
  readonly tags: readonly RevisionTag[];
  readonly volumes: readonly LaunchVolume[];
  /** Of its settings that no task outside of a service can have, in words. */
  readonly ofServicesOnly: readonly string[];
  readonly exec: boolean;
}

interface PlacementConstraint {
  readonly type: 'distinctInstance' | 'memberOf';
  readonly expression?: string;
}

interface PlacementStrategy {
  readonly type: 'random' | 'spread' | 'binpack';
  readonly field?: string;
}

/** An EBS volume that ECS creates when a task starts. */
export interface LaunchVolume {
  readonly name: string;
  /** ARN of the role that ECS creates it with. */
  readonly role: string;
  readonly encrypted?: boolean;
  readonly kmsKeyId?: string;
  readonly volumeType?: string;
  readonly sizeInGiB?: number;
  readonly snapshotId?: string;
  readonly volumeInitializationRate?: number;
  readonly iops?: number;
  readonly throughput?: number;
  readonly filesystemType?: 'ext3' | 'ext4' | 'ntfs' | 'xfs';
  readonly tags: readonly RevisionTag[];
  readonly propagateTags?: string;
}

/** What RunTask gets, decided once for all attempts to start a task. */
export interface Launch {
  readonly platformVersion?: string;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly tags?: readonly RevisionTag[];
  readonly propagateTags?: 'TASK_DEFINITION';
  readonly managedTags?: true;
  readonly volumes?: readonly LaunchVolume[];
  readonly exec?: true;
}

/** Where and how a task starts. */
export interface TaskPlace {
  readonly network?: Network;
  readonly capacity?: TaskCapacity;
  readonly launch: Launch;
}

export interface LaunchRequest {
  readonly task: { readonly name: string; readonly volumeRole?: string; readonly exec?: true };
  /** The service that the task is like, if it is like one. */
  readonly service: string | undefined;
  readonly around: ServiceLaunch | undefined;
  /** Where the task runs. */
  readonly capacity: TaskCapacity | undefined;
  readonly definition: RawDefinition;
}

/** What the service has and the task does not get: `notTaken` although it could, `notForTasks` by nature or by choice. */
export type LaunchDecision =
  | {
      readonly launch: Launch;
      readonly notTaken: readonly string[];
      readonly notForTasks: readonly string[];
    }
  | { readonly refused: string };

/** Most tags of a task. Source: Amazon ECS Developer Guide, "Tagging Amazon ECS resources". */
const MOST_TAGS = 50;
/** Characters that they may take together: they are in the app's item while the task starts and runs. */
const LONGEST_TAGS = 4_000;

const ROOM_FOR_TAGS = `at most ${MOST_TAGS} tags are copied, of ${LONGEST_TAGS.toLocaleString('en-US')} characters in all`;

/** What of a service fits a task. What does not is named, and what would make RunTask fail is refused. */
export function launchLike(request: LaunchRequest): LaunchDecision {
  const { task, service, around, capacity, definition } = request;
  const wanted = volumesAtLaunch(definition);
  const refused = refusalOfExec(request) ?? refusalOfVolumes(request, wanted);
  if (refused !== undefined) return { refused };
  const exec = task.exec ? { exec: true as const } : {};
  if (!around) return { launch: exec, notTaken: [], notForTasks: [] };
  const onFargate = isFargate(capacity);
  const tags = tagsFor(around);
  const volumes = around.volumes.filter(({ name }) => wanted.includes(name));
  const ofVolumes = volumes.map((volume) => tagsForVolume(volume, around));
  const left = [...new Set([tags, ...ofVolumes].flatMap((some) => some.left))];
  const launch: Launch = {
    ...exec,
    ...(onFargate ? ofFargate(around) : ofInstances(around)),
    ...(tags.taken.length > 0 && { tags: tags.taken }),
    ...(around.propagateTags === 'TASK_DEFINITION' && { propagateTags: 'TASK_DEFINITION' as const }),
    ...(around.managedTags && { managedTags: true as const }),
    ...(volumes.length > 0 && { volumes: volumes.map((volume) => volumeFor(volume, around)) }),
  };
  const of = `of ${service}`;
  const notForTasks = [
    ...around.ofServicesOnly.map((what) => `${what} ${of}: only tasks of a service can have it`),
    ...(around.exec && !task.exec ? [`ECS Exec ${of}: set exec: true on ${task.name} to allow it`] : []),
  ];
  const notTaken = [
    ...(left.length > 0 ? [`tags ${left.join(', ')} ${of}: ${ROOM_FOR_TAGS}`] : []),
    ...placementLeft(around, onFargate).map((what) => `${what} ${of}: ${task.name} runs on Fargate`),
  ];
  return { launch, notTaken, notForTasks };
}

function ofFargate({ platformVersion }: ServiceLaunch): Launch {
  return platformVersion === undefined ? {} : { platformVersion };
}

/** Fargate takes neither. Source: Amazon ECS Developer Guide, "Task placement". */
function ofInstances({ placementConstraints, placementStrategy }: ServiceLaunch): Launch {
  return {
    ...(placementConstraints.length > 0 && { placementConstraints }),
    ...(placementStrategy.length > 0 && { placementStrategy }),
  };
}

function placementLeft(around: ServiceLaunch, onFargate: boolean): readonly string[] {
  const has = around.placementConstraints.length > 0 || around.placementStrategy.length > 0;
  return onFargate && has ? ['placement'] : [];
}

interface CopiedTags {
  readonly taken: readonly RevisionTag[];
  /** Keys of those that had no room. */
  readonly left: readonly string[];
}

/** RunTask takes no tags from a service, so they are copied, less those of AWS. Source: ECS API reference, RunTask. */
function tagsFor({ propagateTags, tags }: ServiceLaunch, present: readonly RevisionTag[] = []): CopiedTags {
  const own = propagateTags === 'SERVICE' ? tags.filter(({ key }) => !/^aws:/i.test(key)) : [];
  // AWS refuses a key that occurs twice: the tag that is there already stays.
  const wanted = own.filter(({ key }) => !present.some((other) => other.key === key));
  const taken: RevisionTag[] = [];
  for (const tag of wanted) {
    const all = [...present, ...taken, tag];
    if (all.length <= MOST_TAGS && JSON.stringify(all).length <= LONGEST_TAGS) taken.push(tag);
  }
  return { taken, left: wanted.filter((tag) => !taken.includes(tag)).map(({ key }) => key) };
}

/** The tags of a service that its volume takes. */
function tagsForVolume({ propagateTags, tags }: LaunchVolume, around: ServiceLaunch): CopiedTags {
  if (propagateTags !== 'SERVICE') return { taken: [], left: [] };
  return tagsFor({ ...around, propagateTags }, tags);
}

/** The tags of a service are copied here, too. */
function volumeFor(volume: LaunchVolume, around: ServiceLaunch): LaunchVolume {
  const { propagateTags, ...rest } = volume;
  if (propagateTags === 'TASK_DEFINITION') return volume;
  return { ...rest, tags: [...rest.tags, ...tagsForVolume(volume, around).taken] };
}

/** Names of the volumes that RunTask has to configure. Source: ECS API reference, Volume, `configuredAtLaunch`. */
function volumesAtLaunch({ volumes }: RawDefinition): readonly string[] {
  const list: readonly Raw[] = Array.isArray(volumes) ? volumes : [];
  return list.flatMap((volume) => {
    const { name, configuredAtLaunch } = Object(volume);
    return typeof name === 'string' && configuredAtLaunch === true ? [name] : [];
  });
}

/** Source: Amazon ECS Developer Guide, "Monitor Amazon ECS containers with Amazon ECS Exec", prerequisites. */
function refusalOfExec({ task, definition }: LaunchRequest): string | undefined {
  if (!task.exec || typeof definition.taskRoleArn === 'string') return undefined;
  return `${task.name} has exec: true, and its task definition has no task role, which ECS Exec needs.`;
}

function refusalOfVolumes(
  { task, service, around }: LaunchRequest,
  wanted: readonly string[],
): string | undefined {
  for (const name of wanted) {
    const volume = around?.volumes.find((other) => other.name === name);
    if (service === undefined)
      return `${task.name} has the volume ${name}, which is configured at launch: set like to a service that configures it.`;
    if (!volume)
      return `${task.name} has the volume ${name}, which is configured at launch, and ${service} does not configure it.`;
    if (task.volumeRole === undefined || !isSameRole(task.volumeRole, volume.role))
      return `${task.name} has the volume ${name}, which ECS creates with the role ${volume.role}: set volumeRole: ${nameOf(volume.role)} in fairway.yml, then deploy its stack again.`;
  }
  return undefined;
}

/** A name with its path, or an ARN. */
function isSameRole(configured: string, role: string): boolean {
  return configured.startsWith('arn:') ? configured === role : configured === nameOf(role);
}

function nameOf(role: string): string {
  return role.slice(role.indexOf(':role/') + ':role/'.length);
}
