import type { bundling } from './bundling.ts';
import type { FunctionName, Resources, Template } from './names.ts';

/** What all functions have in common, in the words of the Serverless Framework. */
export const runtime = {
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  memorySize: 512,
  logRetentionInDays: 30,
} as const;

type Runtime = typeof runtime;

/** A function, in the words of the Serverless Framework. */
export interface BuiltFunction {
  readonly handler: string;
  /** The version that the code is of: CloudFormation replaces functions one by one. */
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  readonly role: Template;
  readonly environment?: Variables;
}

type Variables = { readonly [name: string]: Template };

/** What `serverless.yml` reads from the configuration. */
export interface BuiltStack extends Runtime {
  /** Options of serverless-esbuild, for a checkout. */
  readonly esbuild: typeof bundling & {
    readonly plugins: string;
    readonly outputFileExtension: '.mjs';
    readonly concurrency: number;
  };
  readonly service: string;
  readonly stage: string;
  readonly stackTags: Readonly<Record<string, string>>;
  readonly environment: Variables;
  readonly functions: Readonly<Partial<Record<FunctionName, BuiltFunction>>>;
  readonly resources: {
    readonly Metadata: { readonly [name: string]: Template };
    readonly Resources: Resources;
    readonly Outputs: Template;
  };
}
