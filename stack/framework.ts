import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { configurationFile } from '../shared/config/load.ts';
import { archivesFor } from './archives.ts';
import { guard, refuseWithoutRegion } from './guards.ts';
import { withCommandsHere } from './here.ts';
import { type FunctionName, functionsOf } from './names.ts';
import { type Prepared, type ServerlessOptions, type StackOfFile, stackOfFile } from './serverless.ts';

export { withCommandsHere };

/** What the plugins use of the Serverless Framework. */
export interface Framework {
  readonly serviceDir: string;
  readonly processedInput: {
    readonly commands: readonly string[];
    readonly options: { readonly package?: string | null };
  };
  /** The framework does not read the name of the service again. */
  readonly service: { service: string; serviceObject: { name: string } };
  /** The content of `serverless.yml`, which the framework reads again before it runs a command. */
  readonly configurationInput: Record<string, unknown> & { provider: object };
  getProvider(name: 'aws'): {
    readonly naming: { getStackName(): string };
    getAccountId(): Promise<string>;
    getCloudFormationClient(): Promise<{
      send(command: GetTemplateCommand): Promise<{ readonly TemplateBody?: string | undefined }>;
    }>;
  };
}

/** The folder of the archives, below that of `serverless.yml`. */
const ARCHIVES = '.serverless';

const stacks = new WeakMap<Framework, StackOfFile>();

/**
 * Fills in `serverless.yml` from `fairway.yml`: name, provider, functions and resources. Throws a ConfigurationError, or
 * an Error if an option contradicts the file or no region is set.
 */
export async function configure(framework: Framework, options: ServerlessOptions): Promise<void> {
  const file = configurationFile(framework.serviceDir, process.env);
  const stack = await stackOfFile(file, options);
  refuseWithoutRegion(framework.processedInput.commands, stack.region);
  for (const warning of stack.warnings)
    process.stderr.write(`fairway: warning: ${withCommandsHere(warning)}\n`);
  stacks.set(framework, stack);
  const { runtime, architecture, memorySize, logRetentionInDays, stackTags, environment, stage } = stack;
  Object.assign(framework.configurationInput, {
    service: stack.service,
    functions: Object.fromEntries(
      functionsOf(stack.configuration).map((name) => [name, withArchive(name, stack)]),
    ),
    resources: stack.resources,
  });
  Object.assign(framework.service, { service: stack.service, serviceObject: { name: stack.service } });
  Object.assign(framework.configurationInput.provider, {
    ...{ runtime, architecture, memorySize, logRetentionInDays, stackTags, environment, stage },
    // Packaging needs no region; a command that would use this default in an account was refused.
    region: stack.region ?? 'us-east-1',
    versionFunctions: false,
  });
}

function withArchive(name: FunctionName, { functions }: Prepared) {
  return { ...functions[name], package: { artifact: `${ARCHIVES}/${name}.zip`, individually: true } };
}

/**
 * Throws if the command must not run. Not before the framework is initialized: its region and credentials depend on
 * what `configure` has set.
 */
export async function guardConfigured(framework: Framework): Promise<void> {
  const stack = stacks.get(framework);
  if (stack !== undefined) await guardCommand(framework, stack);
}

/** Writes the archives that the functions name. */
export async function writeArchives(framework: Framework): Promise<void> {
  const { configuration } = stacks.get(framework) ?? {};
  if (configuration === undefined) return;
  const directory = join(framework.serviceDir, ARCHIVES);
  const archives = await archivesFor(configuration);
  await mkdir(directory, { recursive: true });
  for (const name of functionsOf(configuration))
    await writeFile(join(directory, `${name}.zip`), archives[name]);
}

/** Throws if the framework's command would change another stack, or one of another installation or account. */
export async function guardCommand(
  framework: Framework,
  prepared: Parameters<typeof guard>[2],
): Promise<void> {
  const { commands, options } = framework.processedInput;
  const provider = framework.getProvider('aws');
  const template = (stack: string) => templateOf(framework, stack);
  const wanted = { stack: provider.naming.getStackName(), package: options.package ?? undefined };
  await guard(commands, wanted, prepared, { template, id: () => provider.getAccountId() }, process.env);
}

async function templateOf(framework: Framework, StackName: string): Promise<string | undefined> {
  try {
    const client = await framework.getProvider('aws').getCloudFormationClient();
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName }));
    return TemplateBody;
  } catch (error) {
    if (error instanceof Error && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}
