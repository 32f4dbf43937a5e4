import { anyOf, heals, type Wording } from './wording.ts';

/**
 * What a container is given when it is made: room on the disk, devices, mounts, ports, a network, memory. Runtimes word
 * a missing file or a permission of these, too: they are read before what is wrong with a command.
 * Sources: Amazon ECS Developer Guide, "CannotStartContainerError errors"; the ECS container agent, for its own words.
 */
export const GIVEN: readonly Wording[] = [
  heals(
    /CannotPull.*(?:no space left on device|ENOSPC|not enough space on the disk|Thin Pool has \d+ free)/i,
    'diskFull',
    (subject) => `${subject}: its image does not fit on the disk.`,
    'Give the task more ephemeral storage, or the container instance a larger disk.',
  ),
  heals(
    /no space left on device|ENOSPC|not enough space on the disk|Thin Pool has \d+ free/i,
    'diskFull',
    (subject) => `${subject} cannot start: the disk is full.`,
    'Give the task more ephemeral storage, or the container instance a larger disk.',
  ),
  heals(
    /credential ?spec|\bgMSA\b|trust relationship between this workstation/i,
    'credentialSpec',
    (subject) => `${subject} cannot start: its gMSA credential spec cannot be used.`,
    "Check the task definition's credentialSpecs, whether the execution role may read what they name, and that the instance is joined to the domain.",
  ),
  heals(
    anyOf(
      'gathering device information',
      'could not select device driver',
      'nvidia-container-cli',
      'error running hook',
      'unknown (?:or invalid )?runtime (?:name|specified):? ?nvidia',
    ),
    'device',
    (subject) => `${subject} cannot start: a device or GPU that it asks for cannot be used on its instance.`,
    "Check the task definition's devices and GPU, and the driver of the container instance.",
  ),
  heals(
    /unknown capability:? ?["']?(\w+)/i,
    'cannotStart',
    (subject, [, capability]) =>
      `${subject} cannot start: the host has no such capability${capability === undefined ? '' : ` (${capability})`}.`,
    'Correct linuxParameters.capabilities in the task definition: names as NET_ADMIN, without misspellings.',
  ),
  heals(
    /setting rlimits?/i,
    'cannotStart',
    (subject) => `${subject} cannot start: one of its ulimits is higher than the host allows.`,
    'Lower the ulimits of the container definition, or raise the limits of the Docker daemon on the container instance.',
  ),
  heals(
    /sysctl "?([\w.-]+)"?.*(?:not in a separate kernel namespace|not whitelisted|not allowed)/i,
    'kernelSetting',
    (subject, [, setting]) =>
      `${subject} cannot start: the kernel setting ${setting ?? 'that it asks for'} cannot be set for a container.`,
    'Take it out of systemControls; set it on the container instance where it is needed.',
  ),
  {
    ...heals(
      /open <reference>: (?:no such file or directory|permission denied|read-only)/i,
      'kernelSetting',
      (subject, _, whole) =>
        `${subject} cannot start: the kernel setting ${(/\/proc\/sys\/([\w/.-]+)/.exec(whole)?.[1] ?? 'that it asks for').replaceAll('/', '.')} cannot be set for it.`,
      'Take it out of systemControls, or use a network mode and a host that have it.',
    ),
    naming: /\/proc\/sys\//,
  },
  heals(
    anyOf(
      'error mounting',
      'rootfs_linux\\.go',
      'invalid mount config',
      'invalid volume specification',
      'InvalidVolumeError',
      'bind source path does not exist',
      'creating mount source path',
      'Duplicate mount point',
      'failed to mkdir',
    ),
    'mount',
    (subject) => `${subject} cannot start: something could not be mounted into it.`,
    "Check the paths in the task definition's volumes and the container's mountPoints.",
  ),
  heals(
    anyOf(
      'container init was OOM-killed',
      'setting cgroup config .*device or resource busy',
      'Minimum memory limit',
      'container status: OOMKilled',
    ),
    'outOfMemory',
    (subject) => `${subject} cannot start: its memory is too little even for that.`,
    'Give it more memory.',
  ),
  heals(
    /cannot allocate memory/i,
    'outOfMemory',
    (subject) => `${subject} cannot start: its instance has no memory left for it.`,
    'Let its tasks reserve what they need, set ECS_RESERVED_MEMORY on the container instances, or use larger ones.',
  ),
  heals(
    /init-p: broken pipe|final child's pid from pipe/i,
    'outOfMemory',
    (subject) =>
      `${subject} cannot start: its process died before it ran, as it does with too little memory.`,
    'Give it more memory; if that does not help, replace the container instance.',
  ),
  heals(
    /port is already allocated|\bbind\b.*address already in use/i,
    'hostPort',
    (subject) => `${subject} cannot start: its host port is taken on its instance.`,
    'Use dynamic host ports (hostPort 0), or one container instance for each task.',
  ),
  heals(
    anyOf(
      'ContainerNetworkingError',
      'failed to set ?up (?:container )?network',
      '\\bcni (?:setup|plugin)',
      'network namespace',
      'iptables failed',
    ),
    'network',
    (subject) => `${subject} cannot start: its network could not be set up on its instance.`,
    'ECS tries again; if it happens again on one container instance, restart its agent and Docker, or replace it.',
  ),
];
