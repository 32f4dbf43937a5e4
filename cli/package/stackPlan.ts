import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { checkConfiguration } from '../../shared/config/load.ts';
import { changesOf, type StackChanges } from '../../stack/changes.ts';
import { otherInstallation } from '../../stack/installation.ts';
import { codeAt, templateOf } from '../../stack/template.ts';
import type { Context } from '../command.ts';
import { type Connection, installationFrom } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import { readStack } from './stack.ts';

/** The deployed stack, and what a deployment of this version and configuration would change. */
export interface StackPlan {
  readonly stack: string;
  readonly where: string;
  readonly changes: StackChanges;
  /** Whether FAIRWAY_REPLACE lets it be deployed whatever `changes.refused` says, as it does when deploying. */
  readonly isForced: boolean;
}

/** Compares the deployed template with the one of this version. Reads only. Throws a `Failure`. */
export async function planStack({ file, around, options, connect }: Context): Promise<StackPlan> {
  const stack = await readStack(await file(), options, around, checkConfiguration);
  const connection = await connect(() => installationFrom(stack.configuration));
  const deployed = await deployedTemplate(stack.stack, connection);
  const isForced = around.env.FAIRWAY_REPLACE === stack.stack;
  const other = isForced ? undefined : otherInstallation(stack.stack, deployed, stack.resources);
  if (other !== undefined) throw new Failure(exitCode.failed, `failed to plan the stack: ${other}`);
  const next = templateOf({ parts: stack, code: (name) => codeAt(name), description: '' });
  const changes = changesOf(deployed, JSON.parse(JSON.stringify(next)));
  return { stack: stack.stack, where: connection.where, changes, isForced };
}

/** The template of a stack as data; undefined if it does not exist. Throws a `Failure`. */
export async function deployedTemplate(stack: string, { settings, where }: Connection): Promise<unknown> {
  const client = new CloudFormationClient(settings);
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: stack }));
    return JSON.parse(TemplateBody);
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    if (error instanceof SyntaxError)
      throw new Failure(exitCode.failed, `failed to read the template of ${stack}: it is not JSON`, {
        cause: error,
      });
    throw awsFailure(error, `read the template of the stack ${stack}`, where);
  } finally {
    client.destroy();
  }
}

/** Why a plan must not be deployed; undefined if it may. */
export function refusalOf({
  stack,
  changes: { refused },
  isForced,
}: Pick<StackPlan, 'stack' | 'changes' | 'isForced'>): string | undefined {
  if (refused.length === 0 || isForced) return undefined;
  return `the stack ${stack} must not be deployed: ${refused.join('; ')}`;
}
