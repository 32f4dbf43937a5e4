import { domainOf } from '../../shared/domain/partition.ts';
import { type Deliverable, MANIFEST, TEMPLATE } from '../../stack/deliverable.ts';
import { commandHere } from '../here.ts';

export const INSTRUCTIONS = 'INSTRUCTIONS.md';

/** How to deploy a package, in order, for each tool. */
export function instructionsFor(deliverable: Deliverable): string {
  const { stack, version, region = 'REGION' } = deliverable;
  return `# Deploy ${stack}

Written by Fairway ${version}. The stack is named \`${stack}\`. \`${MANIFEST}\` has the checksum of every file.

1. Choose a bucket in the region of the stack, and a prefix that ends with a slash.
2. Upload the template and the archives. Their names contain a checksum: old and new versions can be side by side.

   \`\`\`
   aws s3 cp . s3://BUCKET/PREFIX/ --recursive --exclude "*" --include "*.zip" --include ${TEMPLATE} --region ${region}
   \`\`\`

3. Deploy the stack \`${stack}\` with one of these.

   AWS CLI:

   \`\`\`
   aws cloudformation deploy --region ${region} --stack-name ${stack} \\
     --template-file ${TEMPLATE} --s3-bucket BUCKET --s3-prefix PREFIX \\
     --parameter-overrides CodeBucket=BUCKET CodePrefix=PREFIX/ \\
     --capabilities ${capabilities(deliverable)}${tagsForCli(deliverable)}
   \`\`\`

   Terraform:

   \`\`\`hcl
${indented(terraform(deliverable))}
   \`\`\`

   CDK:

   \`\`\`ts
${indented(cdk(deliverable))}
   \`\`\`

   StackSets: create a stack set from the template's URL with the same parameters and capabilities. The bucket must be readable from every account, and each region needs a separate bucket.

4. Check it: \`${commandHere().fairway} status\`.

Keep the name of the stack: the functions, rules and alarms are named after it. The table \`Table\` holds the state of your releases. It is retained when the stack is deleted, and it must never be replaced.
`;
}

function terraform({ stack, region = '', capabilities: needed, tags }: Deliverable): string {
  return `locals {
  fairway = jsondecode(file("\${path.module}/${MANIFEST}"))
}

resource "aws_s3_object" "fairway" {
  for_each = { for each in concat([local.fairway.template], local.fairway.uploads) : each.file => each }
  bucket   = var.bucket
  key      = "fairway/\${each.key}"
  source   = "\${path.module}/\${each.key}"
  checksum_algorithm = "SHA256"
  source_hash        = each.value.sha256
}

resource "aws_cloudformation_stack" "fairway" {
  name         = "${stack}"
  template_url = "https://\${var.bucket}.s3.\${var.region}.${domainOf(region)}/fairway/${TEMPLATE}?checksum=\${local.fairway.template.sha256}"
  parameters   = { CodeBucket = var.bucket, CodePrefix = "fairway/" }
  capabilities = ${JSON.stringify(needed)}
  tags         = ${JSON.stringify(tags)}
  depends_on   = [aws_s3_object.fairway]
}`;
}

function cdk({ stack }: Deliverable): string {
  return `new CfnInclude(new Stack(app, '${stack}', { stackName: '${stack}' }), 'Fairway', {
  templateFile: '${TEMPLATE}',
  parameters: { CodeBucket: bucket, CodePrefix: 'PREFIX/' },
});`;
}

function capabilities({ capabilities: needed }: Deliverable): string {
  return needed.join(' ');
}

function tagsForCli({ tags }: Deliverable): string {
  const pairs = Object.entries(tags).map(([name, value]) => `"${name}=${value}"`);
  return pairs.length === 0 ? '' : ` \\\n     --tags ${pairs.join(' ')}`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '   ');
}
