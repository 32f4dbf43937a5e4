import { type Deliverable, MANIFEST, prefixOf, TEMPLATE } from '../../stack/deliverable.ts';
import { commandHere } from '../../stack/here.ts';
import { cdkExample, terraformExample } from './examples.ts';

export const INSTRUCTIONS = 'INSTRUCTIONS.md';

/**
 * How to deploy a package, in order, for each tool.
 * @param folder the name of the folder that has the package
 */
export function instructionsFor(deliverable: Deliverable, folder: string): string {
  const { stack, version } = deliverable;
  return `# Deploy ${stack}

Written by Fairway ${version}. \`${MANIFEST}\` has the checksum of every file, and everything that the examples need.

1. Check the account and the region. ${placeOf(deliverable)}

   \`\`\`
   aws sts get-caller-identity --query Account --output text
   \`\`\`

2. Choose a bucket in this region, and replace \`BUCKET\` with its name. Stacks can share a bucket: the keys begin with \`${prefixOf(deliverable)}\`, and contain a checksum. Keep the files of the version that runs: CloudFormation needs them to roll back.

3. Deploy the stack with one of these.

   AWS CLI, in this folder:

   \`\`\`
${indented(upload(deliverable))}
${indented(deployment(deliverable))}
   \`\`\`

   Terraform, beside this folder:

   \`\`\`hcl
${indented(terraformExample(folder))}
   \`\`\`

   CDK, beside this folder:

   \`\`\`ts
${indented(cdkExample(folder))}
   \`\`\`

4. Check it: \`${commandHere().fairway} status\`.

The stack must be named \`${stack}\`: the functions, rules and alarms are named after it, and \`plan --stack\` and \`version --stack\` look for it. StackSets choose other names, and cannot be used. The table \`Table\` holds the state of your releases. It is retained when the stack is deleted, and it must never be replaced.
`;
}

function placeOf({ account, region }: Deliverable): string {
  const where = region === undefined ? '' : ` The region is \`${region}\`.`;
  if (account === undefined)
    return `This command prints the account of your credentials.${where} With \`account\` in the configuration file, Terraform and CDK refuse any other account.`;
  return `This command must print \`${account}\`.${where}`;
}

/** Each archive by its name: a folder may have other files. */
function upload(deliverable: Deliverable): string {
  const files = deliverable.uploads.map(({ file }) => `  --include ${file}`);
  return [
    `aws s3 cp . s3://BUCKET/${prefixOf(deliverable)} --recursive --region ${regionOf(deliverable)} --exclude "*"`,
    ...files,
  ].join(' \\\n');
}

/** It uploads the template, under its checksum. */
function deployment(deliverable: Deliverable): string {
  const { stack, capabilities, tags } = deliverable;
  const pairs = Object.entries(tags).map(([name, value]) => `"${name}=${value}"`);
  return [
    `aws cloudformation deploy --region ${regionOf(deliverable)} --stack-name ${stack}`,
    `  --template-file ${TEMPLATE} --s3-bucket BUCKET --s3-prefix ${stack}`,
    `  --parameter-overrides CodeBucket=BUCKET CodePrefix=${prefixOf(deliverable)}`,
    `  --capabilities ${capabilities.join(' ')}`,
    ...(pairs.length === 0 ? [] : [`  --tags ${pairs.join(' ')}`]),
  ].join(' \\\n');
}

function regionOf({ region = 'REGION' }: Deliverable): string {
  return region;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '   ');
}
