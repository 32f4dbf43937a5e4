import { pathIn } from './names.ts';
import { anyOf, fatal, heals, type Wording } from './wording.ts';

const OTHER_PLATFORM = "Build it for that platform, or change the task definition's runtimePlatform.";

/** What is wrong with an image or its command. Source: Amazon ECS Developer Guide, "CannotStartContainerError errors". */
export const PLATFORM: readonly Wording[] = [
  fatal(
    anyOf(
      'descriptor matching platform [\'"{[]*([\\w/]+)?',
      'no matching manifest for ([\\w/]+)',
      'does not match the specified platform:? ?\\(?([\\w/]+)?',
      'no match for platform in manifest',
      'image operating system',
    ),
    'wrongPlatform',
    (subject, [, ...platforms]) =>
      `${subject} cannot run: its image was not built for ${platforms.find(Boolean) ?? "the task's platform"}.`,
    OTHER_PLATFORM,
  ),
  fatal(
    /operating system(?: of the container)? does not match|incompatible with a \S+ host|ProcessUtilityVMImage|0xc0370101/i,
    'wrongPlatform',
    (subject) => `${subject} cannot run: its image was built for another version of Windows.`,
    "Build it for the version that runs it: the task definition's runtimePlatform, or the container instance's AMI.",
  ),
  fatal(
    /exec format error/i,
    'wrongPlatform',
    (subject) =>
      `${subject} cannot run: its program was built for another processor, or is a script without #! (exec format error).`,
    "Build the image for the task's platform; for a script, add #!/bin/sh as its first line.",
  ),
];

/** How runtimes name what they could not execute. */
const EXEC = '\\bexec(?: user process|: | <reference>:)';

export const COMMAND: readonly Wording[] = [
  fatal(
    /(chdir to cwd|container init( caused)?:?[ \\"]*mkdir|working directory).*(no such file|not a directory|permission denied|read-only)/i,
    'workingDirectory',
    (subject) => `${subject} cannot start: its working directory cannot be used.`,
    "Check the task definition's workingDirectory and the image's WORKDIR.",
  ),
  // An image without users: the runtime opens its /etc/passwd, whose name is masked here.
  fatal(
    /create new container.*(?:mount callback failed on \S+ open \S+ no such file|no users found|\buser \S+ not found)/i,
    'userNotFound',
    (subject) => `${subject} cannot start: its image has no such user, or no users at all (/etc/passwd).`,
    "Create it in the Dockerfile, or name the task definition's user by number.",
  ),
  // The runtime found the file (it says nothing of "stat"): what it lacks is the interpreter that the file names.
  fatal(
    /\bexec <reference>: no such file or di|exec user process caused:? "?no such file or di/i,
    'interpreterMissing',
    (subject, _, whole) =>
      `${subject} cannot start: the interpreter of ${pathIn(whole, /\bexec "?([^\s":]+)"?: no such/) ?? 'its script'} does not exist in the image (the file itself does).`,
    'Save the script with LF line ends instead of CRLF, or install what its first line names (often bash); for a program, build it for the libc of the image.',
  ),
  fatal(
    /stat <reference>: permission denied/i,
    'commandNotExecutable',
    (subject, _, whole) =>
      `${subject} cannot start: its user may not enter the directory of ${pathIn(whole, /stat "?([^\s":]+)"?: permission/) ?? 'its command'}.`,
    'Let the user that runs the image enter each directory of that path (chmod o+x), or put the program elsewhere: /root is closed to others.',
  ),
  fatal(
    // ECS cuts reasons off: "such file or direct...".
    anyOf(
      'executable file not found',
      `${EXEC}.*such file or di`,
      'The system cannot find the (?:file|path) specified',
      'No command specified',
    ),
    'commandNotFound',
    (subject, _, whole) => `${subject} cannot start: its command${named(whole)} does not exist in the image.`,
    'Check entryPoint, command and the Dockerfile.',
  ),
  fatal(
    anyOf(`${EXEC}.*permission denied`),
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
  heals(
    /(?:starting container process caused|start container process):? \\?"?exec:/i,
    'cannotStart',
    (subject) => `${subject} could not be started: its command could not be executed.`,
    'Check entryPoint and command: that the file exists in the image, is executable, and fits the platform.',
  ),
];

/** " NAME" of the command. */
function named(whole: string): string {
  const command = pathIn(whole, /\bexec: \\*"([^"\\]{1,100})\\*"/);
  return command === undefined ? '' : ` ${command}`;
}
