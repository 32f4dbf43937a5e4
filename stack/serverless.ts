import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkWholeFile, chosenEnvironment, configurationFile } from '../shared/config/load.ts';
import type { Configuration } from '../shared/domain/app.ts';
import { outOfReach } from '../shared/domain/registry.ts';
import { aliases } from './aliases.ts';
import { auditSchedule } from './audit.ts';
import { type BuiltFunction, type BuiltStack, runtime } from './built.ts';
import { bundling } from './bundling.ts';
import { codeDigest } from './codeDigest.ts';
import { requestedEnvironment } from './environment.ts';
import { METADATA, signatureOf, VERSION, withCode } from './installation.ts';
import {
  attribute,
  type FunctionName,
  type Resources,
  ref,
  roleLogicalId,
  serviceName,
  stackName,
} from './names.ts';
import { quotaWarnings, refuseBeyondQuotas } from './quotas.ts';
import { regionFrom, regionOfProfile } from './region.ts';
import { alarms, invocations, messaging, table } from './resources.ts';
import { roles } from './roles.ts';
import { triggers } from './rules.ts';
import { schedules } from './schedules.ts';
import { withSettings } from './settings.ts';

/** Seconds. A function aborts its calls before this, and its lease ends a minute after it. */
const TIMEOUT = 60;
/** Seconds, the most that Lambda allows: an audit reads at a pace. */
const AUDIT_TIMEOUT = 900;

/** The queues of events that could not be delivered or handled, for `fairway redrive`. */
const parkedEvents = {
  UNDELIVERED_EVENTS_URL: ref('UndeliveredEvents'),
  FAILED_INVOCATIONS_URL: ref('FailedInvocations'),
};

/** Builds the stack from a configuration. Pure. Throws an Error if it does not fit into the limits of AWS. */
export function buildStack(configuration: Configuration, now: number): BuiltStack {
  const { resources: roleResources, widened } = roles(configuration);
  const own: Resources = {
    ...table(),
    ...messaging(configuration),
    ...roleResources,
    ...triggers(configuration),
    ...schedules(configuration, now),
    ...invocations(),
    ...aliases(),
    ...alarms(configuration),
    ...auditSchedule(configuration),
  };
  const stack: BuiltStack = {
    ...runtime,
    esbuild: {
      ...bundling,
      plugins: './stack/bundlingPlugins.cjs',
      outputFileExtension: '.mjs',
      concurrency: 2,
    },
    service: serviceName(configuration),
    stage: configuration.environment,
    stackTags: stackTags(configuration),
    environment: {
      TABLE_NAME: ref('Table'),
      TOPIC_ARN: ref('Topic'),
      POWERTOOLS_SERVICE_NAME: 'fairway',
      LOG_LEVEL: 'INFO',
    },
    functions: {
      'image-pushed': buildFunction('image-pushed'),
      'ecs-changed': buildFunction('ecs-changed'),
      'run-task': buildFunction('run-task'),
      sweep: buildFunction('sweep'),
      operate: { ...buildFunction('operate'), environment: parkedEvents },
      ...(configuration.audit?.daily === undefined
        ? {}
        : { audit: { ...buildFunction('audit'), timeout: AUDIT_TIMEOUT } }),
    },
    resources: {
      Metadata: { [METADATA]: signatureOf(configuration) },
      Resources: withSettings(own, configuration),
      Outputs: {
        TableName: { Value: ref('Table') },
        TopicArn: { Value: ref('Topic') },
        WidenedPermissions: {
          Description: "Permissions that are broader than needed, because of IAM's size limits",
          Value: widened.length === 0 ? 'none' : widened.join('; '),
        },
      },
    },
  };
  refuseBeyondQuotas(stack);
  return stack;
}

/** With the tag that the Serverless Framework adds, so that a package has the same; IAM ignores the case of keys. */
function stackTags({ environment, stack }: Configuration): Readonly<Record<string, string>> {
  const tags = stack?.tags ?? {};
  const isSet = Object.keys(tags).some((key) => key.toUpperCase() === 'STAGE');
  return isSet ? tags : { STAGE: environment, ...tags };
}

function buildFunction(name: FunctionName): BuiltFunction {
  return {
    handler: `functions/${name}/handler.handler`,
    description: VERSION,
    timeout: TIMEOUT,
    role: attribute(roleLogicalId(name), 'Arn'),
  };
}

/** The stack, with the region that the options and the environment set, if any. */
export interface Prepared extends BuiltStack {
  readonly stack: string;
  readonly region: string | undefined;
  /** The only account that the stack may be deployed into, if the configuration names one. */
  readonly account: string | undefined;
  /** Warnings about the configuration, one line each. */
  readonly warnings: readonly string[];
}

/** Command line options of the Serverless Framework; null if not given. */
export interface ServerlessOptions {
  readonly stage?: string | null;
  readonly region?: string | null;
  readonly 'aws-profile'?: string | null;
}

/** The stack, and the configuration that it was built from. */
export interface StackOfFile extends Prepared {
  readonly configuration: Configuration;
}

/**
 * Reads a configuration file and builds its stack. Throws a ConfigurationError, or an Error if an option contradicts
 * the configuration.
 */
export async function stackOfFile(
  file: string,
  options: ServerlessOptions = {},
  environment?: string,
): Promise<StackOfFile> {
  const stage = options.stage ?? undefined;
  const variable = process.env.FAIRWAY_ENVIRONMENT;
  const requested = requestedEnvironment({ environment, variable, stage });
  const { configuration, warnings } = checkWholeFile(file, chosenEnvironment(file, requested, stage));
  refuseOtherStage(configuration, stage);
  const region = await regionFrom({
    option: options.region ?? undefined,
    configured: configuration.region,
    env: process.env,
    profile: () => regionOfProfile(options['aws-profile'] ?? undefined),
  });
  refuseOtherPartition(configuration, region);
  const built = withCode(buildStack(configuration, Date.now()), await codeDigest());
  const { account } = configuration;
  return {
    ...built,
    configuration,
    stack: stackName(configuration),
    region,
    account,
    warnings: [...warnings, ...quotaWarnings(built)],
  };
}

/**
 * Like `stackOfFile`, for the configuration file of FAIRWAY_CONFIG, default `fairway.yml`. Writes the configuration to
 * `.fairway/configuration.json` under `root` for the functions.
 */
export async function prepare(
  root: string,
  options: ServerlessOptions = {},
  file = configurationFile(process.cwd(), process.env),
): Promise<Prepared> {
  const { configuration, ...prepared } = await stackOfFile(resolve(root, file), options);
  const target = resolve(root, '.fairway', 'configuration.json');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${JSON.stringify(configuration)}\n`);
  return prepared;
}

/** A region that the file does not name is known only here. */
function refuseOtherPartition({ apps }: Configuration, region: string | undefined): void {
  if (region === undefined) return;
  const faults = apps.flatMap(({ name, image }) => {
    const fault = outOfReach(region, image.registry);
    return fault === undefined ? [] : [`apps.${name}.image.repository: ${fault}`];
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** The stage must be the environment; otherwise functions and rules would belong to two different stacks. */
function refuseOtherStage({ environment }: Configuration, stage: string | undefined): void {
  if (stage === undefined || stage === environment) return;
  throw new Error(
    `--stage ${stage} does not match \`environment: ${environment}\` in the configuration file: omit the option, and add \`environments\` to the file, or use one file per environment (FAIRWAY_CONFIG=fairway.${stage}.yml)`,
  );
}
