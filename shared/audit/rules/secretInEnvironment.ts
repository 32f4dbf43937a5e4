import { redactMember } from '../../domain/redaction/structures.ts';
import { objectsAt, textAt } from '../../infrastructure/json.ts';
import { containersOf, familyOf } from '../parts.ts';
import type { Match, Rule } from '../rule.ts';
import type { Workload } from '../workload.ts';

export const secretInEnvironment: Rule = {
  id: 'secret-in-environment',
  title: 'Secret in a plain environment variable',
  severity: 'high',
  rule: 'No environment variable holds a secret in plain text: by its name, or because its value looks like a token, a key or an address with a password. Values are never shown. Empty values, placeholders and references do not count.',
  why: 'Everyone who may describe the task definition can read it, in every revision.',
  check: (workload) =>
    containersOf(workload).flatMap((container) =>
      objectsAt(container, 'environment').flatMap((variable) => {
        const name = textAt(variable, 'name') ?? '';
        const value = textAt(variable, 'value') ?? '';
        const isSecret = redactMember(name, value) !== value && !isPublic(name, value);
        return isSecret ? [matchOf(workload, textAt(container, 'name') ?? '', name)] : [];
      }),
    ),
  failing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [{ name: 'web', environment: [{ name: 'DB_PASSWORD', value: 'kJ8mQ2xL9' }] }],
    },
  },
  passing: {
    definition: {
      family: 'web-app',
      containerDefinitions: [
        {
          name: 'web',
          environment: [{ name: 'LOG_LEVEL', value: 'info' }],
          secrets: [{ name: 'DB_PASSWORD', valueFrom: '/web-app/db-password' }],
        },
      ],
    },
  },
};

/** A file, a public key or certificate, or the address of a Sentry project: they are not secret. */
const PUBLIC = [
  /^\/(?:[\w.-]+\/)+[\w.-]+\.[a-z\d]{2,5}$/i,
  /^-----BEGIN (?:[A-Z]+ )?(?:PUBLIC KEY|CERTIFICATE)-----/,
  /^https:\/\/[\da-f]{32}@[\w.-]+\/\d+$/,
];

function isPublic(name: string, value: string): boolean {
  if (value.includes('PRIVATE KEY')) return false;
  return /site_?key$/i.test(name) || PUBLIC.some((pattern) => pattern.test(value));
}

function matchOf(workload: Workload, container: string, name: string): Match {
  const family = familyOf(workload);
  const parameter = `/${family}/${name.toLowerCase().replaceAll('_', '-')}`;
  return {
    resource: `variable ${family}/${container}/${name}`,
    found: `${name} is in plain text`,
    fix: `change the secret, store it with \`aws ssm put-parameter --type SecureString --name ${parameter} --value …\`, and replace the variable by \`secrets: [{ name: ${name}, valueFrom: ${parameter} }]\` in the container ${container} of the task definition ${family}`,
  };
}
