import type { Json, JsonObject } from '../contract.ts';
import type { Container, Task, TaskStatus, TaskVolume } from './model.ts';
import { platformOf } from './platform.ts';
import { objects, present, seconds, text } from './read.ts';

/** Tasks as in answers of ECS and in events. */

/** ISO 8601 without trailing zeros in the fraction, as in ECS events. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.?0+Z$/, 'Z');
}

/** DescribeTasks, RunTask, StopTask. */
export function taskView(task: Task, options: { readonly tags?: boolean } = {}): JsonObject {
  return present({
    ...members(task, seconds, true),
    healthStatus: taskHealth(task),
    tags: options.tags === true ? task.tags.map((tag) => ({ ...tag })) : [],
  });
}

/** `detail` of an `ECS Task State Change`. */
export function taskEventDetail(task: Task): JsonObject {
  return present(members(task, isoTime, false));
}

type Time = (milliseconds: number) => Json;

function members(task: Task, time: Time, described: boolean): { [key: string]: Json | undefined } {
  const when = (at: number | undefined) => (at === undefined ? undefined : time(at));
  const { document } = task.definition;
  const fargate = task.launchType === 'FARGATE';
  return {
    attachments: attachments(task, described),
    attributes: attributes(task),
    availabilityZone: task.network && (task.network.zone ?? 'us-east-1a'),
    capacityProviderName: task.capacityProvider,
    clusterArn: task.cluster.arn,
    connectivity: task.connectivityAt === undefined ? undefined : 'CONNECTED',
    connectivityAt: when(task.connectivityAt),
    containers: task.containers.map((container) => containerView(task, container, described)),
    cpu: text(document, 'cpu'),
    createdAt: time(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    ephemeralStorage: fargate ? (document.ephemeralStorage ?? { sizeInGiB: 20 }) : undefined,
    executionStoppedAt: when(task.executionStoppedAt),
    group: task.group,
    launchType: task.launchType,
    lastStatus: task.lastStatus,
    memory: text(document, 'memory'),
    overrides: overridesView(task, described),
    platformFamily: fargate && described ? 'Linux' : undefined,
    platformVersion: fargate ? '1.4.0' : undefined,
    pullStartedAt: when(task.pullStartedAt),
    pullStoppedAt: when(task.pullStoppedAt),
    startedAt: when(task.startedAt),
    startedBy: task.startedBy,
    stoppingAt: when(task.stoppingAt),
    stoppedAt: when(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stopCode: task.stopCode,
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    updatedAt: described ? undefined : time(task.updatedAt),
    version: task.version,
  };
}

/** Without the architecture if it depends on the instance. */
function attributes({ definition, launchType }: Task): Json {
  const { architecture } = platformOf(definition.document, launchType);
  if (architecture === undefined) return [];
  return [{ name: 'ecs.cpu-architecture', value: architecture === 'arm64' ? 'arm64' : 'x86_64' }];
}

function containerView(task: Task, container: Container, described: boolean): JsonObject {
  const { spec } = container;
  return present({
    containerArn: container.arn,
    taskArn: task.arn,
    name: spec.name,
    image: spec.image,
    imageDigest: container.imageDigest,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkInterfaces:
      task.network === undefined
        ? []
        : [{ attachmentId: task.network.attachment, privateIpv4Address: task.network.address }],
    networkBindings: described ? [] : undefined,
    healthStatus: described ? container.health : undefined,
    cpu: String(spec.cpu),
    memory: spec.memory === undefined ? undefined : String(spec.memory),
    memoryReservation: spec.memoryReservation === undefined ? undefined : String(spec.memoryReservation),
  });
}

function attachments(task: Task, described: boolean): Json {
  const { network } = task;
  const volumes = (task.volumes ?? []).map((volume) => volumeView(volume, task.lastStatus));
  if (network === undefined) return volumes;
  return [
    {
      id: network.attachment,
      type: described ? 'ElasticNetworkInterface' : 'eni',
      status: network.status,
      details: [
        { name: 'subnetId', value: network.subnet },
        { name: 'networkInterfaceId', value: network.eni },
        { name: 'macAddress', value: network.mac },
        { name: 'privateDnsName', value: `ip-${network.address.replaceAll('.', '-')}.ec2.internal` },
        { name: 'privateIPv4Address', value: network.address },
      ],
    },
    ...volumes,
  ];
}

/** AWS docs: ebs-volumes, "Viewing the attachment status". */
function volumeView(volume: TaskVolume, status: TaskStatus): Json {
  const attaching = status === 'PROVISIONING' ? 'ATTACHING' : 'ATTACHED';
  return {
    id: volume.attachment,
    type: 'AmazonElasticBlockStorage',
    status: status === 'STOPPED' ? 'DELETED' : attaching,
    details: [
      { name: 'roleArn', value: volume.roleArn },
      { name: 'volumeName', value: volume.name },
      { name: 'volumeId', value: volume.id },
      { name: 'deleteOnTermination', value: 'true' },
    ],
  };
}

/** Every container is listed by name, with or without an override. */
function overridesView(task: Task, described: boolean): JsonObject {
  const given = objects(task.overrides, 'containerOverrides');
  return {
    ...task.overrides,
    containerOverrides: task.containers.map(
      ({ spec }) => given.find((each) => text(each, 'name') === spec.name) ?? { name: spec.name },
    ),
    ...(described ? { inferenceAcceleratorOverrides: [] } : {}),
  };
}

/** UNHEALTHY if any essential container is; HEALTHY if all checked ones are. */
function taskHealth(task: Task): string {
  const checked = task.containers.filter(({ spec }) => spec.essential && spec.healthCheck !== undefined);
  if (checked.some((each) => each.health === 'UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every((each) => each.health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}
