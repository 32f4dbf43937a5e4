import { type AppRow, name } from './appRow.ts';

const IN_IMAGE =
  'Add it to the image (its list of dependencies, a COPY that is missing, a build stage that leaves it out), and test the image before the push: docker run.';

/** What the image lacks, or what it was built for. */
export const IMAGES: readonly AppRow[] = [
  {
    kind: 'wrongPlatform',
    pattern:
      /\bexec(?: user process caused)?\b.*: exec format error|cannot execute binary file|rosetta error|qemu-\w+: /i,
    means: () => 'its program was built for another processor, or is a script without #! in its first line',
    advice:
      "Build the image for the task's platform (docker build --platform), or add #!/bin/sh to the script.",
    example: 'exec /usr/local/bin/docker-entrypoint.sh: exec format error',
    canHeal: false,
  },
  {
    kind: 'interpreterMissing',
    pattern:
      /^(?:standard_init_linux\S* )?exec (?:user process caused: )?"?(\S+?)"?:? no such file or directory|(\S+): (?:\/usr\/bin\/env: )?.*bad interpreter|env: ['‘`]?(\w+\\?r?)['’`]?: No such file|: not found\r$|\$'\\r'/i,
    means: (found) =>
      `the interpreter of ${name(found, 'its script')} does not exist in the image (the script itself does)`,
    advice:
      'Save the script with LF line ends instead of CRLF (.gitattributes: *.sh text eol=lf), or install the interpreter of its first line (bash).',
    example: 'exec /app/entrypoint.sh: no such file or directory',
    canHeal: false,
  },
  {
    kind: 'interpreterMissing',
    pattern: /Illegal option -o pipefail|\[\[: not found|Bad substitution|Syntax error: .*unexpected/,
    means: () => 'its script is written for bash, and another shell runs it',
    advice:
      'Install bash in the image and name it in the first line of the script (#!/bin/bash), or write the script for sh.',
    example: './entrypoint.sh: 3: set: Illegal option -o pipefail',
  },
  {
    kind: 'runtimeVersion',
    pattern:
      /compiled by a more recent version of the Java Runtime \((class file version [\d.]+)\)|UnsupportedClassVersion(?!.*compiled by a more recent)\w*|You must install or update \.NET|required (?:node|Node\.js|ruby|php|python) version|The engine "node" is incompatible|Your Ruby version is|requires (?:PHP|Python|Node) ?[\d.>=]+|was compiled against a different Node\.js|libhostfxr|framework .*was not found/i,
    means: (found) =>
      `the runtime in the image is too old for the application${found[1] ? ` (${found[1]})` : ''}`,
    advice: 'Build on a base image with the version that the application was built for.',
    example:
      'UnsupportedClassVersionError: Main has been compiled by a more recent version of the Java Runtime (class file version 65.0)',
  },
  {
    kind: 'libraryMissing',
    pattern:
      /error while loading shared libraries: ([^\s:]+)|Error loading shared library ([^\s:]+)|cannot open shared object file|version [`'](\S+?)' not found|Couldn't find a valid (ICU) package|Library not loaded|Unable to load shared library '([^']+)'|UnsatisfiedLinkError|ImportError: (lib[\w.+-]+): cannot/,
    means: (found) => `the image lacks the shared library ${name(found, 'that the line names')}`,
    advice:
      'Install the package that has it in the image, or build on a base image that does (musl and glibc do not fit each other).',
    example:
      '/app/server: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory',
  },
  {
    kind: 'moduleMissing',
    pattern:
      /Cannot find (?:module|package) ['"]([^'"]+)['"]|No module named ['"]?([\w.-]+)|ClassNotFoundException: (\S+)|NoClassDefFoundError: (\S+)|Could not find or load main class (\S+)|cannot load such file -- (\S+)|Could not find (\S+) in (?:locally|any of)|Could not import module "([^"]+)"|Class "([^"]+)" not found|Could not load file or assembly '([^,']+)|ModuleNotFoundError(?!.*No module named)|no main manifest attribute, in (\S+)|Unable to access jarfile (\S+)|GemNotFound|package (\S+) is not in|Failed opening required '([^']+)'|module (\S+) is not available|cannot import name ['"](\w+)/,
    means: (found) => `the image lacks the module or class ${name(found, 'that the line names')}`,
    advice: IN_IMAGE,
    example: "ModuleNotFoundError: No module named 'psycopg2'",
  },
  {
    kind: 'commandNotFound',
    pattern:
      /Missing script:? ["']?([\w:.-]+)|(?:sh: |line )(?:line )?\d+: ([\w./-]+): (?:command )?not found|command not found: (\S+)|^(?:\S*sh): ([\w./-]+): (?:command )?not found|exec: (\S+): (?:executable file )?not found|Command "([^"]+)" not found|No such command '([^']+)'/,
    means: (found) => `the command ${name(found, 'of its script')} does not exist in the image`,
    advice:
      'Install it in the image, or correct the command in the task definition, the script or package.json.',
    example: '/docker-entrypoint.sh: line 14: envsubst: command not found',
  },
  {
    kind: 'commandNotExecutable',
    pattern:
      /(?:sh: |line )(?:line )?\d+: (\S+): Permission denied$|^(?:\S*sh): (\S+): Permission denied$|exec (\S+): permission denied/i,
    means: (found) => `${name(found, 'its command')} is not executable`,
    advice: "Set the file's mode in the image (chmod +x, COPY --chmod=755), and check the user that runs it.",
    example: '/bin/sh: 1: ./start.sh: Permission denied',
  },
];
