import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { counted } from '../../shared/domain/counted.ts';
import { changesOf, isUnchanged, type ResourceChange, type StackChanges } from '../../stack/changes.ts';
import { otherInstallation } from '../../stack/installation.ts';
import { codeAt, templateOf } from '../../stack/template.ts';
import type { Context } from '../command.ts';
import { type Connection, installationFrom } from '../connection.ts';
import { awsFailure, exitCode, Failure } from '../failure.ts';
import type { Style } from '../style.ts';
import { readStack } from './stack.ts';

/** The deployed stack, and what a deployment of this version and configuration would change. */
export interface StackPlan {
  readonly stack: string;
  readonly where: string;
  readonly changes: StackChanges;
}

/** Compares the deployed template with the one of this version. Reads only. Throws a `Failure`. */
export async function planStack({ file, around, options, connect }: Context): Promise<StackPlan> {
  const stack = await readStack(await file(), options, around);
  const connection = await connect(() => installationFrom(stack.configuration));
  const deployed = await deployedTemplate(stack.stack, connection);
  const other = otherInstallation(stack.stack, deployed, stack.resources);
  if (other !== undefined) throw new Failure(exitCode.failed, `failed to plan the stack: ${other}`);
  const next = templateOf({ parts: stack, code: (name) => codeAt(name), description: '' });
  const changes = changesOf(deployed, JSON.parse(JSON.stringify(next)));
  return { stack: stack.stack, where: connection.where, changes };
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

/** The plan like a diff. Its last line counts. */
export function renderStackPlan({ stack, where, changes }: StackPlan, style: Style): string {
  const { version, code, configuration, rights, resources, refused } = changes;
  const from = version.from === undefined ? '' : `${version.from} → `;
  const lines = [
    ...(code ? [`${style.warn('~')} code of all functions: Fairway ${from}${version.to}`] : []),
    ...(configuration ? [`${style.warn('~')} configuration of all functions`] : []),
    ...rights.flatMap(({ role, gains, loses }) => [
      `${style.warn('~')} rights of ${role}`,
      ...gains.map((right) => `  ${style.good('+')} ${right}`),
      ...loses.map((right) => `  ${style.bad('-')} ${right}`),
    ]),
    ...resources.map((change) => resourceLine(change, style)),
    ...refused.map((why) => `${style.bad('!')} refused: ${why}`),
  ];
  const sentence = isUnchanged(changes) ? 'No changes' : `Plan: ${countOf(changes)}`;
  return [`${stack} in ${where}`, ...lines, '', style.bold(`${sentence}.`)].join('\n');
}

function resourceLine({ action, id, type, properties }: ResourceChange, style: Style): string {
  switch (action) {
    case 'add':
      return `${style.good('+')} ${id} (${type})`;
    case 'remove':
      return `${style.bad('-')} ${id} (${type})`;
    case 'change':
      return `${style.warn('~')} ${id} (${type}): ${properties.join(', ')}`;
  }
}

function countOf({ rights, resources, refused }: StackChanges): string {
  const count = (action: ResourceChange['action']) =>
    resources.filter((change) => change.action === action).length;
  const parts = [
    `${counted(count('add'), 'resource')} to add`,
    `${count('change')} to change`,
    `${count('remove')} to remove`,
    `rights of ${counted(rights.length, 'role')}`,
  ];
  return `${parts.join(', ')}. ${refused.length === 0 ? 'The table stays' : 'Refused'}`;
}

/** Throws a `Failure` for a plan that must not be deployed. */
export function refuse({ stack, changes: { refused } }: StackPlan): void {
  if (refused.length === 0) return;
  throw new Failure(exitCode.failed, `the stack ${stack} must not be deployed: ${refused.join('; ')}`);
}
