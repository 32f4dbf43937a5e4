import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** Programs that the checks drive, each looked for in these places, in this order; npm scripts run at the root. */
const OWN = resolve('.clients');
const PLACES = {
  'AWS CLI of Debian': ['/usr/bin/aws'],
  'newest AWS CLI of PyPI': [join(OWN, 'venv', 'bin', 'aws')],
  'Python with boto3': [join(OWN, 'venv', 'bin', 'python')],
  'Python with parliament': [join(OWN, 'venv', 'bin', 'python')],
  'cfn-lint': [join(OWN, 'venv', 'bin', 'cfn-lint')],
  'ecs-deploy': [join(OWN, 'venv', 'bin', 'ecs'), ...onPath('ecs')],
  ecspresso: onPath('ecspresso'),
  skopeo: onPath('skopeo'),
  Terraform: onPath('terraform'),
} as const;

/** How to get what .ci/install-clients does not install. */
const HOW: Partial<Record<Program, string>> = {
  ecspresso: 'put it on the PATH to run its checks',
  Terraform: 'put it on the PATH to run its checks',
};

export type Program = keyof typeof PLACES;

/** Where a program is; undefined: it is missing. */
export function find(program: Program): string | undefined {
  return PLACES[program].find(isExecutable);
}

/** `describe`, or, when the program is missing, a skipped one that says so. */
export function describeWith(program: Program, tests: (path: string) => void): void {
  const path = find(program);
  if (path !== undefined) {
    describe(`with ${program}`, () => tests(path));
    return;
  }
  process.stderr.write(
    `${program} is missing: ${HOW[program] ?? '.ci/install-clients installs it'}; looked for ${PLACES[program].join(', ')}\n`,
  );
  describe(`with ${program}`, () => {
    it.skip(`${program} is missing`, () => {});
  });
}

function onPath(name: string): string[] {
  return (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
