const compiled = new Map<string, RegExp>();

/** Matches IAM's wildcards: `*` matches any number of characters, `?` any single one. */
export function matchesWildcard(pattern: string, text: string, ignoreCase = false): boolean {
  const key = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  const known = compiled.get(key) ?? compile(pattern, ignoreCase);
  compiled.set(key, known);
  return known.test(text);
}

/**
 * Matches an ARN in a condition, section by section: a wildcard in one section does not swallow the next
 * (IAM user guide, "ARN condition operators"). The last section may contain colons.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = sections(pattern);
  const parts = sections(arn);
  if (patterns.length !== 6 || parts.length !== 6) return pattern === arn;
  return patterns.every((each, index) => matchesWildcard(each, parts[index] ?? ''));
}

/**
 * Matches a Resource element. Unlike in a condition, a wildcard there can reach over colons, and an ARN with fewer
 * than six sections is completed: `arn:aws:sqs` is `arn:aws:sqs:*:*:*` (IAM user guide, "IAM JSON policy elements:
 * Resource", "Using wildcards in resource ARNs" and "Incomplete ARNs").
 */
export function matchesResource(pattern: string, resource: string): boolean {
  const given = pattern.split(':');
  const incomplete = given[0] === 'arn' && given.length < 6;
  const complete = incomplete ? [...given, ...Array(6 - given.length).fill('*')].join(':') : pattern;
  return matchesWildcard(complete, resource);
}

function sections(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function compile(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
}
