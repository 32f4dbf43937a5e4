import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../stack/root.ts';
import type { Names } from './files.ts';

/** `fairway init --foundation`: from an empty account. */

const TEMPLATE = 'foundation.yml';

interface Where {
  readonly environment: string;
  readonly region?: string | undefined;
}

export function foundationFiles({ environment, region }: Where, { fairway, schema }: Names) {
  const read = (name: string) => readFileSync(join(packageRoot(), 'examples', 'foundation', name), 'utf8');
  const members = { environment, ...(region && { region }), command: fairway };
  const configuration = read('fairway.yml')
    .replace('$schema=../../', `$schema=${schema}/`)
    .replace('template.yml', TEMPLATE)
    .replace(/^environment: .*\n/m, stringify(members));
  return { configuration, others: { [TEMPLATE]: read('template.yml') } };
}

/** Creates the stack that the file names. */
export function deployFoundation(region: string | undefined): string {
  const where = region === undefined ? '' : ` --region ${region}`;
  return `aws cloudformation deploy --stack-name foundation${where} --template-file ${TEMPLATE} --capabilities CAPABILITY_NAMED_IAM --parameter-overrides Vpc=vpc-… Subnets=subnet-…,subnet-…`;
}
