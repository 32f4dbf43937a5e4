import type { Configuration } from '../shared/domain/app.ts';
import { aliases } from './aliases.ts';
import { auditSchedule } from './audit.ts';
import { type BuiltFunction, type BuiltStack, runtime } from './built.ts';
import { bundling } from './bundling.ts';
import { METADATA, signatureOf, VERSION } from './installation.ts';
import { attribute, type FunctionName, type Resources, ref, roleLogicalId, serviceName } from './names.ts';
import { refuseBeyondQuotas } from './quotas.ts';
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
