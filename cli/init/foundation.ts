import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../stack/root.ts';
import { ofPackage } from './files.ts';

/** `fairway init --foundation`: from an empty account. */

const TEMPLATE = 'foundation.yml';

export function foundationFiles(): { readonly configuration: string; readonly template: string } {
  const read = (name: string) => readFileSync(join(packageRoot(), 'examples', 'foundation', name), 'utf8');
  const configuration = read('fairway.yml')
    .replace('$schema=../../', `$schema=${ofPackage.schema}/`)
    .replace('template.yml', TEMPLATE)
    .replace(/^environment: .*$/m, `$&\ncommand: ${ofPackage.fairway}`);
  return { configuration, template: read('template.yml') };
}

/** The template, by the name that it has in the folder. */
export function templateFile(): Readonly<Record<string, string>> {
  return { [TEMPLATE]: foundationFiles().template };
}

/** Creates the stack that the file names. */
export const deployFoundation = `aws cloudformation deploy --stack-name foundation --template-file ${TEMPLATE} --capabilities CAPABILITY_NAMED_IAM --parameter-overrides Vpc=vpc-… Subnets=subnet-…,subnet-…`;
