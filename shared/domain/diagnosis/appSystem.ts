import { type AppRow, name } from './appRow.ts';

/** What the system does not provide, and which settings the application lacks. */
export const SYSTEM: readonly AppRow[] = [
  {
    kind: 'outOfMemory',
    pattern:
      /heap out of memory|java\.lang\.OutOfMemoryError|std::bad_alloc|Allowed memory size of|insufficient memory for the Java|Cannot allocate memory|failed to map \d+ bytes|OutOfMemoryException|runtime: out of memory|MemoryError\b|Native memory allocation|NoMemoryError|Out of memory\b/,
    means: () => 'it ran out of memory, or reached the limit of its heap',
    advice:
      "Raise the limit of its heap (--max-old-space-size, -Xmx, memory_limit) or the task's memory, or make it use less.",
    example: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  },
  {
    kind: 'outOfMemory',
    pattern: /^(?:\S+: )?(?:line \d+:\s+\d+ )?Killed\b/,
    means: () => 'one of its processes was killed, probably for lack of memory',
    advice:
      'Compare its memory use with its limit (Container Insights, MemoryUtilized); give it more memory if they meet.',
    example: '/entrypoint.sh: line 7:    12 Killed                  node server.js',
  },
  {
    kind: 'diskFull',
    pattern:
      /No space left on device|ENOSPC|not enough space on the disk|disk (?:is )?full|database or disk is full|Disk quota exceeded/i,
    means: () => 'its disk is full',
    advice:
      'Give the task more ephemeral storage (ephemeralStorage, 21 to 200 GiB), the container instance a larger disk, or write less.',
    example: 'OSError: [Errno 28] No space left on device',
  },
  {
    kind: 'openFiles',
    pattern: /EMFILE|ENFILE|[Tt]oo many open files/,
    means: () => 'it has too many open files',
    advice:
      'Raise nofile in ulimits of the container definition, and look for files or connections that are never closed.',
    example: "Error: EMFILE: too many open files, watch '/app'",
  },
  {
    kind: 'portTaken',
    pattern:
      /EADDRINUSE|address already in use|Port (\d+) (?:was|is) already in use|server is already running|Only one usage of each socket|bind\(\) to \S+ failed \(98|eaddrinuse/i,
    means: (found) => `its port${portIn(found)} is already in use in the task`,
    advice:
      'Let only one process of the task listen on that port: containers of one task share their ports in the network mode awsvpc. A PID file that was copied into the image has the same effect.',
    example: 'Error: listen EADDRINUSE: address already in use 0.0.0.0:8080',
  },
  {
    kind: 'portDenied',
    pattern:
      /listen EACCES|bind\(\) to \S+ failed \(13|(?:bind|listen|SocketException)\b.*[Pp]ermission denied|permission denied.*(?:bind|listen|:\d{2,3}$)|SocketException \(13\)|could not bind.*[Pp]ermission denied/,
    means: (found) => `it may not listen on its port${portIn(found)} (permission denied)`,
    advice:
      'Only root may listen on ports below 1024 in many images: let it listen on a higher port, and change containerPort, or run it as another user.',
    example: 'nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)',
  },
  {
    kind: 'kernelSetting',
    pattern:
      /(?:max virtual memory areas )?(vm\.max_map_count)|(vm\.overcommit_memory)|(net\.core\.\w+|net\.ipv4\.\w+|fs\.\w+(?:\.\w+)?).*(?:too low|increase)|max virtual memory areas|seccomp|io_uring_\w+ .*not permitted|clone3? .*Operation not permitted|unshare .*Operation not permitted/i,
    means: (found) => `a setting of the kernel (${name(found, found[0])}) does not allow what it needs`,
    advice:
      'Set it with systemControls in the container definition where it has a namespace, otherwise with sysctl on the container instance; on Fargate, turn the check off in the application.',
    example:
      'ERROR: bootstrap check failure: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]',
  },
  {
    kind: 'pathDenied',
    pattern: /EROFS|[Rr]ead-only file ?system|ReadOnlyFileSystem/,
    means: () => 'it writes to a path of a read-only file system',
    advice:
      'Mount a volume (or tmpfs) at that path, or turn off readonlyRootFilesystem in the container definition.',
    example: 'mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)',
  },
  {
    kind: 'pathDenied',
    pattern:
      /(?:EACCES|EPERM|AccessDeniedException: \/|[Pp]ermission denied|PermissionError|not writable|UnauthorizedAccessException|isn't writable|not be opened in append mode)/,
    means: () => 'its user may not read or write a path (permission denied)',
    advice:
      "Give the path to the user that runs the container (chown in the Dockerfile, the task definition's user, the PosixUser of an EFS access point), or write elsewhere.",
    example: "Error: EACCES: permission denied, open '/app/data/cache.json'",
  },
  {
    kind: 'license',
    pattern:
      /licen[sc]e (?:key )?(?:is |has )?(?:expired|invalid|missing|not (?:found|valid))|(?:invalid|expired|missing|no valid) licen[sc]e|requires a (?:valid )?licen[sc]e/i,
    means: () => 'its license is missing, invalid or expired',
    advice: 'Renew the license, and check the secret or variable that holds it.',
    example: 'ERROR License expired on 2026-10-31: the server will not start',
  },
  {
    kind: 'configurationMissing',
    pattern:
      /(?:[Mm]issing|[Rr]equired?|[Uu]nset|[Ii]nvalid|[Nn]o)\b.{0,40}\benv(?:ironment)?(?: |_)?var\w*(?:[ :`'"]+([A-Z][A-Z\d_]{2,}))?|env(?:ironment)? ?var\w*.{0,80}(?:missing|required|not (?:set|found|defined|present)|unset|undefined|must be|empty)|\b([A-Z][A-Z\d]*(?:_[A-Z\d]+)+)\b.{0,30}(?:\bmissing|(?:is |must be )?(?:required|set\b|provided|defined)|(?:is )?(?:not set|undefined|unset|not defined|empty)|unbound variable|parameter (?:null or )?not set)|KeyError: ['"]([A-Z][A-Z\d_]{2,})['"]|(?:[Mm]issing|[Rr]equires?)\b.{0,30}\b([A-Z][A-Z\d]*_[A-Z\d_]+)|NotPresent\b|could not fetch environment variable/,
    means: (found) =>
      `the environment variable ${name(found, variableIn(found.input))} is missing or invalid`,
    advice:
      'Add it to environment or secrets of the container in the task definition, or to the environment file. Fairway copies them from the revision before, so change that one.',
    example: 'Error: Missing required environment variable DATABASE_URL',
  },
  {
    kind: 'configurationMissing',
    pattern:
      /Could not resolve placeholder ['"]([\w.:-]+)|encryption key has been specified|secret_key_base|SECRET_KEY setting must not be empty|connection string .*(?:missing|not (?:found|configured|set))|No (?:connection string|config\w*)\b|config\w* (?:is )?(?:missing|not found)|(?:[Mm]issing|[Nn]o) (?:required )?(?:config\w*|setting|property|secret)|validation errors? for \w*(?:Settings|Config)|No value (?:supplied|provided) for|required (?:property|setting|option|key|configuration)|\bno config\b/,
    means: (found) => `a setting that it needs is missing${found[1] ? ` (${found[1]})` : ''}`,
    advice:
      "Add the setting to the container's environment or secrets in the task definition, or to the configuration file in the image.",
    example: "IllegalArgumentException: Could not resolve placeholder 'payments.base-url'",
  },
  {
    kind: 'configurationInvalid',
    pattern:
      /\byaml\b.{0,60}(?:line \d+|error|did not find|mapping)|mapping values are not allowed|in JSON at position|Unexpected (?:token|end).{0,60}JSON|JSON(?:Decode|\.parse|Parse)\w*(?:Error|Exception)|invalid (?:character|configuration|config|directive|option|value|port|URL|uri)\b|unknown (?:flag|option|directive|argument|setting)|(?:parse|syntax|parsing|unmarshal)\b.{0,40}(?:error|config|yaml|json|toml)|(?:config\w*|\.ya?ml|\.json|\.toml|\.conf|\.ini)\b.{0,20}(?:line |:)\d+|unrecognized (?:option|arguments?)|unexpected argument|no such option|Invalid URL|bad value for/i,
    means: () => 'its configuration or its arguments cannot be parsed',
    advice:
      'Correct the configuration file, variable or argument that the line names; compare it with the last image that ran.',
    example: 'Fatal: config.yml line 3: mapping values are not allowed here',
  },
  {
    kind: 'fileMissing',
    pattern:
      /ENOENT|No such file or directory|FileNotFound\w*|cannot find the (?:file|path)|NoSuchFile\w*|could not open file|\bcan't open file\b/i,
    means: () => 'a file that it needs does not exist in the image',
    advice:
      'Copy it into the image, mount the volume that has it, or correct the path and the working directory.',
    example: "Error: ENOENT: no such file or directory, open '/app/config.json'",
  },
];

function portIn({ input }: RegExpExecArray): string {
  const port = /(?:^|[\s\]*]|\d{1,3}(?:\.\d{1,3}){3}|::):(\d{2,5})\b(?!:\d)|[Pp]ort (\d{2,5})/.exec(input);
  const found = port?.[1] ?? port?.[2];
  return found === undefined ? '' : ` ${found}`;
}

function variableIn(text: string): string {
  return /\b([A-Z][A-Z\d]*_[A-Z\d_]+)\b/.exec(text)?.[1] ?? 'that the line names';
}
