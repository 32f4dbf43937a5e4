import { fatal, type Wording } from './wording.ts';

/** What is wrong with an image or its command. Source: Amazon ECS Developer Guide, "CannotStartContainerError errors". */
export const IMAGE: readonly Wording[] = [
  fatal(
    /descriptor matching platform '?([\w/]+)?|no matching manifest for ([\w/]+)|image operating system/i,
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
  fatal(
    /(chdir to cwd|mkdir|working directory).*(no such file|not a directory|permission denied|read-only)/i,
    'workingDirectory',
    (subject) => `${subject} cannot start: its working directory cannot be used.`,
    "Check the task definition's workingDirectory and the image's WORKDIR.",
  ),
  fatal(
    /executable file not found|(starting container|exec: |stat ).*no such file or dir/i,
    'commandNotFound',
    (subject) => `${subject} cannot start: its command does not exist in the image.`,
    'Check entryPoint, command and the Dockerfile.',
  ),
  fatal(
    /(starting container|exec: ).*permission denied|permission denied.*\bexec\b/i,
    'commandNotExecutable',
    (subject) => `${subject} cannot start: its command is not executable.`,
    "Set the file's mode (chmod +x) in the image.",
  ),

  fatal(
    /unable to find user (\S+?):|no matching entries in passwd file/i,
    'userNotFound',
    (subject, [, user]) =>
      `${subject} cannot start: its image has no user${user ? ` ${user}` : ' of that name'}.`,
    "Create the user in the Dockerfile, or correct the task definition's user.",
  ),
];
