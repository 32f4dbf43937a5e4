import type { BuiltFunction, BuiltStack } from './built.ts';
import { VERSION } from './installation.ts';
import {
  ALL_FUNCTIONS,
  type FunctionName,
  functionLogicalId,
  type Resource,
  type Resources,
  ref,
  type Template,
} from './names.ts';

interface TemplateOptions {
  readonly parts: BuiltStack;
  /** The code of a function, as `Code` of AWS::Lambda::Function. */
  readonly code: (name: FunctionName) => Template;
  readonly parameters?: Template;
  readonly description: string;
}

interface Finished {
  readonly Parameters?: Template;
  readonly Resources: Resources;
  readonly [section: string]: unknown;
}

/**
 * The finished CloudFormation template, with the resources that the Serverless Framework would add for the functions,
 * under the same logical IDs: a stack can move from one to the other (docs/install.md).
 */
export function templateOf({ parts, code, parameters, description }: TemplateOptions): Finished {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: description,
    Metadata: parts.resources.Metadata,
    ...(parameters === undefined ? {} : { Parameters: parameters }),
    Resources: { ...functionsOf(parts, code), ...parts.resources.Resources },
    Outputs: parts.resources.Outputs,
  };
}

/**
 * The text of the finished template that `fairway package` writes.
 * @param fileOf the archive of a function
 */
export function templateText(parts: BuiltStack, fileOf: (name: FunctionName) => string): string {
  const template = templateOf({
    parts,
    code: (name) => codeAt(fileOf(name)),
    parameters: codeParameters,
    description: `${VERSION}, ${parts.stage}`,
  });
  return `${JSON.stringify(template, undefined, 2)}\n`;
}

/** The functions that the stack has. */
function namesIn({ functions }: BuiltStack): readonly FunctionName[] {
  return ALL_FUNCTIONS.filter((name) => functions[name] !== undefined);
}

function functionIn({ functions }: BuiltStack, name: FunctionName): BuiltFunction {
  const found = functions[name];
  if (found === undefined) throw new Error(`the stack has no function ${name}`);
  return found;
}

function functionsOf(parts: BuiltStack, code: TemplateOptions['code']): Resources {
  const names = namesIn(parts);
  const groups = names.map((name) => [logGroupId(name), logGroup(parts, name)]);
  const functions = names.map((name) => [functionLogicalId(name), lambda(parts, name, code(name))]);
  return Object.fromEntries([...groups, ...functions]);
}

function logGroupId(name: FunctionName): string {
  return functionLogicalId(name).replace(/LambdaFunction$/, 'LogGroup');
}

function logGroup(parts: BuiltStack, name: FunctionName): Resource {
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: `/aws/lambda/${fullName(parts, name)}`,
      RetentionInDays: parts.logRetentionInDays,
    },
  };
}

function lambda(parts: BuiltStack, name: FunctionName, code: Template): Resource {
  const { handler, description, timeout, role, environment } = functionIn(parts, name);
  return {
    Type: 'AWS::Lambda::Function',
    // Otherwise Lambda creates the log group with the first line.
    DependsOn: [logGroupId(name)],
    Properties: {
      Code: code,
      Handler: handler,
      Description: description,
      Runtime: parts.runtime,
      FunctionName: fullName(parts, name),
      MemorySize: parts.memorySize,
      Timeout: timeout,
      Architectures: [parts.architecture],
      Environment: { Variables: { ...parts.environment, ...environment } },
      Role: role,
    },
  };
}

function fullName({ service, stage }: BuiltStack, name: FunctionName): string {
  return `${service}-${stage}-${name}`;
}

interface Parameter {
  readonly [property: string]: string;
  readonly Description: string;
}

/** Parameters for where the archives are. */
export const codeParameters: Readonly<Record<string, Parameter>> = {
  CodeBucket: {
    Type: 'String',
    Description: 'The S3 bucket, in the region of the stack, that contains the archives of the functions.',
  },
  CodePrefix: {
    Type: 'String',
    Default: '',
    AllowedPattern: '^([^/].*/)?$',
    ConstraintDescription: 'empty, or a prefix that ends with a slash and does not start with one',
    Description: 'What precedes the names of the archives in the bucket, with a slash at the end.',
  },
};

/** `Code` of a function whose archive is below the parameters. */
export function codeAt(file: string): Template {
  return { S3Bucket: ref('CodeBucket'), S3Key: { 'Fn::Sub': `\${CodePrefix}${file}` } };
}
