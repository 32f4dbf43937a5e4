/** What AWS's words name, for the sentence. Undefined: they do not name it. */

/** `assumed-role/NAME/session`, `role/path/NAME`. */
export function roleIn(text: string): string | undefined {
  const [, assumed, role, quoted] =
    /assumed-role\/([\w+=,.@-]+)|:role\/(?:[\w.-]+\/)*([\w+=,.@-]+)|\bRole '([\w+=,.@-]+)'/.exec(text) ?? [];
  return (assumed ?? role ?? quoted)?.replace(/[.,:]+$/, '');
}

/** "role NAME", or what role it usually is. */
export function roleOf(text: string, otherwise = 'the execution role'): string {
  const role = roleIn(text);
  return role === undefined ? otherwise : `role ${role}`;
}

/** The action that was refused. */
export function actionIn(text: string): string | undefined {
  return /perform:? ([a-z][\w-]*:[A-Za-z]\w*)/.exec(text)?.[1];
}

const PARAMETERS = /(?:invalid (?:ssm )?parameters?:|:parameter)[ /]*([\w/.-]+)/i;

/** "secret NAME" or "parameter /NAME". */
export function secretIn(text: string): string | undefined {
  const secret = /:secret:([\w/+=.@-]+)/.exec(text)?.[1];
  if (secret !== undefined) return `secret ${secret.replace(/[.:]+$/, '')}`;
  const parameter = PARAMETERS.exec(text)?.[1];
  return parameter === undefined ? undefined : `parameter /${parameter.replace(/[.:]+$/, '')}`;
}

const IMAGE =
  /(?:resolve ref(?:erence)?|manifest for|access denied for|repository) ["']?([^\s"',]+?)["']?[:,]?(?=\s|$)/i;

/** `registry/repository:tag`, digests shortened. */
function imageIn(text: string): string | undefined {
  return IMAGE.exec(text)?.[1]?.replace(/(@sha256:[\da-f]{12})[\da-f]+/, '$1…');
}

/** " IMAGE", to follow "its image". */
export function imageNamed(text: string): string {
  const image = imageIn(text);
  return image === undefined ? '' : ` ${image}`;
}

/** The host that did not answer. */
function hostIn(text: string): string | undefined {
  return (/https?:\/\/([\w.-]+)/.exec(text) ?? /lookup ([\w.-]+)/.exec(text))?.[1];
}

/** " (HOST)", where it is known. */
export function hostNamed(text: string): string {
  const host = hostIn(text);
  return host === undefined ? '' : ` (${host})`;
}

/** " NAME", to follow "log group". */
export function logGroupNamed(text: string): string {
  const group = /log-group:([\w/.#-]+)|log group:? ['"]?(\/[\w/.#-]+)/i.exec(text);
  const name = group?.[1] ?? group?.[2];
  return name === undefined ? '' : ` ${name}`;
}

/** What the runtime was to execute, or a file that it names. */
export function pathIn(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1];
}
