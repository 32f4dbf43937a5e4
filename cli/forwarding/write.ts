import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Forwarding, ForwardingRegistry } from '../../stack/forwarding.ts';
import { forwardingName } from '../../stack/forwardingNames.ts';
import type { Template } from '../../stack/names.ts';
import { shellWord } from '../shell.ts';
import { writeFailure } from '../writing.ts';
import { nothingToForward } from './text.ts';

interface Written {
  readonly file: string;
  /** With credentials of this account. */
  readonly account: string;
  /** What to do with it. */
  readonly use: string;
}

/** Writes the templates and the policies of the repositories to a folder. `shown` is the folder as commands name it. */
export async function writeForwarding(
  forwarding: Forwarding,
  directory: string,
  shown: string,
): Promise<readonly Written[]> {
  const files = filesOf(forwarding, shown);
  try {
    for (const { file, content } of files) {
      await mkdir(dirname(join(directory, file)), { recursive: true });
      await writeFile(join(directory, file), `${JSON.stringify(content, undefined, 2)}\n`);
    }
  } catch (error) {
    throw writeFailure(error, `write to ${shown}`);
  }
  return files.map(({ file, account, use }) => ({ file, account, use }));
}

export function renderWritten(forwarding: Forwarding, files: readonly Written[], shown: string): string {
  if (files.length === 0) return nothingToForward(forwarding);
  const lines = files.map(({ file, account, use }) => `${file}, in ${account}:\n  ${use}`);
  return [`Wrote to ${shown}:`, ...lines].join('\n\n');
}

type File = Written & { readonly content: Template };

/** Files of all environments may be in one folder: the stack is a part of their names. */
function filesOf(forwarding: Forwarding, shown: string): readonly File[] {
  const { stack, registries } = forwarding;
  return [
    // First: EventBridge may refuse a target whose bus does not allow it yet.
    ...receiverFile(forwarding, shown),
    ...registries.flatMap((one) => [registryFile(forwarding, one, shown), ...policyFiles(stack, one)]),
  ];
}

function receiverFile({ stack, receiver, receiverTemplate }: Forwarding, shown: string): readonly File[] {
  if (receiverTemplate === undefined) return [];
  const file = `${stack}-receiver.json`;
  const { account, region } = receiver;
  const use = deployCommand(join(shown, file), `${stack}-receiver`, region);
  return [{ file, account, use, content: receiverTemplate }];
}

function registryFile({ stack, receiver }: Forwarding, one: ForwardingRegistry, shown: string): File {
  const { account, region } = one.registry;
  const file = `${stack}-registry-${account}-${region}.json`;
  const deploy = deployCommand(join(shown, file), forwardingName(stack, receiver), region);
  return { file, account, use: `${deploy} --capabilities CAPABILITY_IAM`, content: one.template };
}

/** CloudFormation sets the policy of a repository only where it creates the repository. */
function policyFiles(
  stack: string,
  { registry: { account, region }, repositoryPolicies }: ForwardingRegistry,
): readonly File[] {
  return Object.entries(repositoryPolicies).map(([name, content]) => ({
    file: `${stack}-policies-${account}-${region}/${name}.json`,
    account,
    use: `add its statements to the policy of ${name} in ${region}; replace those of the same name (Sid)`,
    content,
  }));
}

function deployCommand(file: string, stack: string, region: string): string {
  return `aws cloudformation deploy --region ${region} --stack-name ${stack} --template-file ${shellWord(file)}`;
}
