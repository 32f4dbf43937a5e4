import type { Configuration } from '../shared/domain/app.ts';

/** The functions of Fairway; each is a folder of `functions/` and a role of its own. */
export const FUNCTIONS = ['image-pushed', 'ecs-changed', 'run-task', 'sweep', 'operate'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** The name of the Serverless service where the configuration names no installation. */
export const SERVICE = 'fairway';

/** The name of the Serverless service: "fairway", "fairway-payments". */
export function serviceName({ installation }: Configuration): string {
  return installation === undefined ? SERVICE : `${SERVICE}-${installation}`;
}

/** The name of the stack, and the start of every name in it: "fairway-production", "fairway-payments-production". */
export function stackName(configuration: Configuration): string {
  return `${serviceName(configuration)}-${configuration.environment}`;
}

/** A function's name in AWS, as the Serverless Framework makes it: "fairway-production-sweep". */
export function functionName(configuration: Configuration, name: FunctionName): string {
  return `${stackName(configuration)}-${name}`;
}

/** "image-pushed" → "ImagePushed", for logical ids of the template. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Logical id that the Serverless Framework gives a function: "-" becomes "Dash". */
export function functionLogicalId(name: FunctionName): string {
  const id = name.replace(/-/g, 'Dash');
  return `${id.charAt(0).toUpperCase()}${id.slice(1)}LambdaFunction`;
}

export function roleLogicalId(name: FunctionName): string {
  return `${pascal(name)}Role`;
}

/** Values of CloudFormation's template language. */
export type Template =
  | null
  | boolean
  | number
  | string
  | readonly Template[]
  | { readonly [key: string]: Template };
export interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [key: string]: Template };
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

export function ref(logicalId: string): Template {
  return { Ref: logicalId };
}
export function attribute(logicalId: string, name: string): Template {
  return { 'Fn::GetAtt': [logicalId, name] };
}
/** Text with pseudo parameters such as `${AWS::Region}`; plain text stays plain. */
export function sub(text: string): Template {
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

/**
 * How long a value can become once CloudFormation has filled it in: limits of AWS count characters of the result.
 * The longest partition is "aws-us-gov", the longest regions have 14 letters; a generated name has at most 64.
 */
export function longest(value: Template): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const [key, inner] = Object.entries(part)[0] ?? [];
    if (key === 'Fn::Sub' && typeof inner === 'string') return filledIn(inner);
    if (key === 'Ref') return 'x'.repeat(80);
    if (key === 'Fn::GetAtt') return 'x'.repeat(140);
    return part;
  });
}

function filledIn(text: string): string {
  return text
    .replaceAll('${AWS::Partition}', 'aws-us-gov')
    .replaceAll('${AWS::Region}', 'ap-northeast-1')
    .replaceAll('${AWS::AccountId}', '123456789012');
}

/** The ARN of something in this account and region; `service` is the ARN's: "ecs". */
export function arn(service: string, resource: string): string {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
}
