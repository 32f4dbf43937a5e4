import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AwsError, type Json, type JsonObject, type ServiceApi } from '../contract.ts';
import { parseJson } from '../json.ts';
import type { Outcome } from './environment.ts';
import { parseClientContext } from './failures.ts';
import type { Target } from './target.ts';

interface LambdaApiOptions {
  readonly find: (functionName: string, qualifier: string | undefined) => Target;
  readonly accept: (target: Target, payload: string) => void;
  readonly run: (target: Target, payload: string, clientContext: JsonObject | undefined) => Promise<Outcome>;
}

/**
 * Lambda's Invoke over parsed members: `Payload` is JSON text both ways (the front carries it as the HTTP body, and
 * `InvocationType`, `ClientContext` and `FunctionError` as headers). Of the others, only GetFunctionConfiguration is
 * simulated.
 */
export function lambdaApi(options: LambdaApiOptions): ServiceApi {
  return {
    service: 'lambda',
    operations: {
      Invoke: (input) => invoke(input, options),
      GetFunctionConfiguration: (input) => configurationOf(targetOf(input, options)),
    },
  };
}

function targetOf({ FunctionName, Qualifier }: JsonObject, { find }: LambdaApiOptions): Target {
  return find(textOf(FunctionName) ?? '', textOf(Qualifier));
}

/** Without the environment, which nothing needs from here. */
async function configurationOf({ definition, qualifier }: Target): Promise<Json> {
  const code = await readFile(definition.zipPath);
  return {
    FunctionName: definition.name,
    FunctionArn: qualifier === undefined ? definition.arn : `${definition.arn}:${qualifier}`,
    Description: definition.description ?? '',
    Runtime: definition.runtime,
    Handler: definition.handler,
    Role: definition.roleArn,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memory,
    CodeSize: code.length,
    CodeSha256: createHash('sha256').update(code).digest('base64'),
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

async function invoke(input: JsonObject, options: LambdaApiOptions): Promise<Json> {
  const target = targetOf(input, options);
  const payload = payloadOf(input.Payload);
  const type = input.InvocationType ?? 'RequestResponse';
  if (type === 'DryRun') return { StatusCode: 204 };
  if (type === 'Event') {
    options.accept(target, payload);
    return { StatusCode: 202 };
  }
  if (type !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `Unsupported invocation type ${String(type)}`);
  }
  const context = input.ClientContext;
  const clientContext = typeof context === 'string' ? parseClientContext(context) : undefined;
  const outcome = await options.run(target, payload, clientContext);
  return {
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    ...(outcome.ok ? {} : { FunctionError: 'Unhandled' }),
    Payload: outcome.payload,
  };
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function payloadOf(payload: Json | undefined): string {
  if (payload === undefined || payload === '') return '{}';
  try {
    if (typeof payload !== 'string') throw new SyntaxError('not text');
    parseJson(payload);
    return payload;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${why}`);
  }
}
