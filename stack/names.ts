import type { Configuration } from '../shared/domain/app.ts';
import { stackName } from '../shared/domain/stackName.ts';

export { SERVICE, serviceName, stackName } from '../shared/domain/stackName.ts';

/** The functions of Fairway. Each has a folder in `functions/` and its own role. */
export const FUNCTIONS = ['image-pushed', 'ecs-changed', 'run-task', 'sweep', 'operate'] as const;
/** With those that only some configurations have. */
export const ALL_FUNCTIONS = [...FUNCTIONS, 'audit'] as const;
export type FunctionName = (typeof ALL_FUNCTIONS)[number];

/** The functions that the stack of a configuration has. */
export function functionsOf({ audit }: Configuration): readonly FunctionName[] {
  return audit?.daily === undefined ? FUNCTIONS : ALL_FUNCTIONS;
}

/** A value for each function, made one after the other. */
export async function eachFunction<T>(
  make: (name: FunctionName) => Promise<T>,
): Promise<Readonly<Record<FunctionName, T>>> {
  return {
    'image-pushed': await make('image-pushed'),
    'ecs-changed': await make('ecs-changed'),
    'run-task': await make('run-task'),
    sweep: await make('sweep'),
    operate: await make('operate'),
    audit: await make('audit'),
  };
}

/** A function's name in AWS, as the Serverless Framework builds it: "fairway-production-sweep". */
export function functionName(configuration: Configuration, name: FunctionName): string {
  return `${stackName(configuration)}-${name}`;
}

/** "image-pushed" → "ImagePushed", for logical IDs in the template. */
export function pascal(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The logical ID that the Serverless Framework gives a function: "-" becomes "Dash". */
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
/** A string with pseudo parameters such as `${AWS::Region}`; a plain string stays as it is. */
export function sub(text: string): Template {
  return text.includes('${') ? { 'Fn::Sub': text } : text;
}

/**
 * A value as long as CloudFormation can make it, since AWS's limits count the characters of the resolved value.
 * The longest partition is "aws-us-gov", the longest region has 15 characters, a generated name has at most 64.
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
    .replaceAll('${AWS::Region}', 'us-isof-south-1')
    .replaceAll('${AWS::AccountId}', '123456789012');
}

/** An ARN in this account and region; `service` as in ARNs: "ecs". */
export function arn(service: string, resource: string): string {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`;
}

/** References to the resources of the stack itself. */
export interface OwnResources {
  readonly table: Template;
  readonly dueIndex: Template;
  readonly topic: Template;
  readonly failures: Template;
  readonly undelivered: Template;
}
