import { MANIFEST } from '../../stack/deliverable.ts';

/**
 * How Terraform and CDK deploy a package, beside the folder that has it: everything that changes is read from its
 * manifest. docs/install.md has the same text.
 */

/** @param folder the folder of the package, such as "dist" */
export function terraformExample(folder: string): string {
  const inHcl = hclEscaped(folder);
  return `variable "bucket" {
  type        = string
  description = "A bucket in the region of the stack."
}

locals {
  fairway = jsondecode(file("\${path.module}/${inHcl}/${MANIFEST}"))
  files   = concat([local.fairway.template], local.fairway.uploads)
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.id
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_s3_bucket" "fairway" {
  bucket = var.bucket
}

resource "aws_s3_object" "fairway" {
  for_each = { for file in local.files : file.key => file.file }
  bucket   = var.bucket
  key      = each.key
  source   = "\${path.module}/${inHcl}/\${each.value}"

  lifecycle {
    # A rollback of the stack needs the archives before this update.
    create_before_destroy = true
  }
}

resource "aws_cloudformation_stack" "fairway" {
  name         = local.fairway.stack
  template_url = "https://\${data.aws_s3_bucket.fairway.bucket_regional_domain_name}/\${local.fairway.template.key}"
  parameters   = { CodeBucket = var.bucket, CodePrefix = "\${local.fairway.stack}/" }
  capabilities = local.fairway.capabilities
  tags         = local.fairway.tags
  depends_on   = [aws_s3_object.fairway]

  lifecycle {
    precondition {
      condition     = try(local.fairway.account, local.account) == local.account
      error_message = "\${local.fairway.stack} belongs to another account than \${local.account}."
    }
    precondition {
      condition     = try(local.fairway.region, local.region) == local.region
      error_message = "\${local.fairway.stack} belongs to another region than \${local.region}."
    }
  }
}`;
}

/** @param folder the folder of the package, such as "dist" */
export function cdkExample(folder: string): string {
  const inTypeScript = typeScriptEscaped(folder);
  return `const fairway = JSON.parse(readFileSync('${inTypeScript}/${MANIFEST}', 'utf8'));
const env = { account: fairway.account, region: fairway.region };

const archives = new Stack(app, 'FairwayArchives', { stackName: \`\${fairway.stack}-archives\`, env });
new BucketDeployment(archives, 'Archives', {
  sources: [Source.asset('${inTypeScript}', { exclude: ['*', '!*.zip'] })],
  destinationBucket: Bucket.fromBucketName(archives, 'Bucket', 'BUCKET'),
  destinationKeyPrefix: \`\${fairway.stack}/\`,
  prune: false, // A rollback of the stack needs the archives before this update.
});

const stack = new Stack(app, 'Fairway', { stackName: fairway.stack, env, tags: fairway.tags });
stack.node.addDependency(archives);
new CfnInclude(stack, 'Template', {
  templateFile: '${inTypeScript}/template.json',
  parameters: { CodeBucket: 'BUCKET', CodePrefix: \`\${fairway.stack}/\` },
});`;
}

/** Between double quotes of HCL, where `${` and `%{` begin expressions. */
function hclEscaped(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/([$%])\{/g, (_, sign: string) => `${sign}${sign}{`);
}

/** Between single quotes of TypeScript. */
function typeScriptEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll("'", "\\'");
}
