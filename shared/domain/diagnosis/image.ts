import { anyOf, fatal, heals, type Wording } from './wording.ts';

/** What is wrong with an image or its command. Source: Amazon ECS Developer Guide, "CannotStartContainerError errors". */
export const IMAGE: readonly Wording[] = [
  fatal(
    anyOf(
      "descriptor matching platform '?([\\w/]+)?",
      'no matching manifest for ([\\w/]+)',
      'no match for platform in manifest',
      'image operating system',
    ),
    'wrongPlatform',
    (subject, [, platform, other]) =>
      `${subject} cannot run: its image was not built for ${platform ?? other ?? "the task's platform"}.`,
    "Build it for that platform, or change the task definition's runtimePlatform.",
  ),
  fatal(
    /exec format error/i,
    'wrongPlatform',
    (subject) => `${subject} cannot run: its program was built for another processor (exec format error).`,
    "Build the image for the task's platform.",
  ),

  // What follows words a missing file or a permission, too: not of the command, but of what the container is given.
  heals(
    anyOf(
      'gathering device information',
      'could not select device driver',
      'nvidia-container-cli',
      'error running hook',
    ),
    'device',
    (subject) => `${subject} cannot start: a device or GPU that it asks for cannot be used on its instance.`,
    "Check the task definition's devices and GPU, and the driver of the container instance.",
  ),
  heals(
    anyOf(
      'error mounting',
      'rootfs_linux\\.go',
      'invalid mount config',
      'invalid volume specification',
      'bind source path does not exist',
    ),
    'mount',
    (subject) => `${subject} cannot start: something could not be mounted into it.`,
    "Check the paths in the task definition's volumes and the container's mountPoints.",
  ),
  heals(
    anyOf('container init was OOM-killed', 'setting cgroup config .*device or resource busy'),
    'outOfMemory',
    (subject) => `${subject} cannot start: its memory is too little even for that.`,
    'Give it more memory.',
  ),
  heals(
    /port is already allocated|bind: address already in use/i,
    'hostPort',
    (subject) => `${subject} cannot start: its host port is taken on its instance.`,
    'Use dynamic host ports (hostPort 0), or one container instance for each task.',
  ),

  fatal(
    /(chdir to cwd|container init( caused)?:?[ \\"]*mkdir|working directory).*(no such file|not a directory|permission denied|read-only)/i,
    'workingDirectory',
    (subject) => `${subject} cannot start: its working directory cannot be used.`,
    "Check the task definition's workingDirectory and the image's WORKDIR.",
  ),
  fatal(
    anyOf(
      'executable file not found',
      '\\bexec(?: user process|: | <reference>:).*no such file or dir',
      'The system cannot find the (?:file|path) specified',
      'No command specified',
    ),
    'commandNotFound',
    (subject) => `${subject} cannot start: its command does not exist in the image.`,
    'Check entryPoint, command and the Dockerfile.',
  ),
  fatal(
    /\bexec(?: user process|: ).*permission denied/i,
    'commandNotExecutable',
    (subject) => `${subject} cannot start: its command is not executable.`,
    "Set the file's mode (chmod +x) in the image.",
  ),

  fatal(
    /unable to find (?:user|group) (\S+?):|no matching entries in (?:passwd|group) file/i,
    'userNotFound',
    (subject, [, user]) =>
      `${subject} cannot start: its image has no user or group${user ? ` ${user}` : ' of that name'}.`,
    "Create it in the Dockerfile, or correct the task definition's user.",
  ),
];
