import { type Deliverable, MANIFEST, prefixOf, TEMPLATE } from '../../stack/deliverable.ts';
import { commandHere } from '../../stack/here.ts';
import { cdkExample, terraformExample } from './examples.ts';

export const INSTRUCTIONS = 'INSTRUCTIONS.md';

/**
 * How to deploy a package, in order, for each tool.
 * @param folder the name of the folder that has the package
 * @param same the options with which a command acts in its environment, after a space
 */
export function instructionsFor(deliverable: Deliverable, folder: string, same = ''): string {
  const { stack, version } = deliverable;
  return `# Deploy ${stack}

Written by Fairway ${version}. \`${MANIFEST}\` has the checksum of every file, and everything that the examples need.

1. Check the account and the region. ${placeOf(deliverable)}

   \`\`\`
   ${accountCheck(deliverable)}
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

4. Check it: \`${commandHere().fairway} status${same}\`.

Name the stack \`${stack}\`: \`plan --stack\` and \`version --stack\` look for this name. The names of the functions, rules and alarms are in the template. The table \`Table\` holds the state of your releases. It is retained when the stack is deleted, and it must never be replaced.

StackSets: the names and roles in the template are those of one environment. Create one StackSet for each environment, with its account and region as the only target. Upload the archives with the first command of step 3, and \`${TEMPLATE}\`, to a bucket in this region that the target account can read. Set the parameters \`CodeBucket\` and \`CodePrefix\`, the capabilities and the tags as in step 3. CloudFormation names the stack \`StackSet-…\`: \`plan --stack\` and \`version --stack\` do not find it. All other commands find its functions.
`;
}

/** Fails with credentials of another account than the environment's. */
function accountCheck({ account }: Deliverable): string {
  const read = 'aws sts get-caller-identity --query Account --output text';
  return account === undefined ? read : `test "$(${read})" = ${account} && echo "right account"`;
}

function placeOf({ account, region }: Deliverable): string {
  const where = region === undefined ? '' : ` The region is \`${region}\`.`;
  if (account === undefined)
    return `This command prints the account of your credentials.${where} With \`account\` in the configuration file, Terraform and CDK refuse any other account.`;
  return `This command prints \`right account\`, and fails with credentials of another account than \`${account}\`.${where}`;
}

/** Each archive by its name: a folder may have other files. */
function upload(deliverable: Deliverable): string {
  const files = deliverable.uploads.map(({ file }) => `  --include ${file}`);
  return [
    `aws s3 cp . s3://BUCKET/${prefixOf(deliverable)} --recursive --region ${regionOrPlaceholder(deliverable)} --exclude "*"`,
    ...files,
  ].join(' \\\n');
}

/** It uploads the template, under its checksum. */
function deployment(deliverable: Deliverable): string {
  const { stack, capabilities, tags } = deliverable;
  const pairs = Object.entries(tags).map(([name, value]) => `"${name}=${value}"`);
  return [
    `aws cloudformation deploy --region ${regionOrPlaceholder(deliverable)} --stack-name ${stack}`,
    `  --template-file ${TEMPLATE} --s3-bucket BUCKET --s3-prefix ${stack}`,
    `  --parameter-overrides CodeBucket=BUCKET CodePrefix=${prefixOf(deliverable)}`,
    `  --capabilities ${capabilities.join(' ')}`,
    ...(pairs.length === 0 ? [] : [`  --tags ${pairs.join(' ')}`]),
  ].join(' \\\n');
}

function regionOrPlaceholder({ region = 'REGION' }: Deliverable): string {
  return region;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '   ');
}
