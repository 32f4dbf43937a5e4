import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Member, Shape } from './shapes.ts';
import { faultsOf, isObject } from './validate.ts';

/** EventBridge's schema registry for AWS's own events, as the CDK's service spec carries it. */

/** A type of the registry, as far as events use them. */
interface Type {
  readonly type: string;
  readonly element?: Type;
  readonly reference?: EventType['rootProperty'];
}
type Spec = ReturnType<typeof loadAwsServiceSpecSync>;
type EventType = ReturnType<typeof eventsIn>[number];

const text: Member = { shape: () => ({ kind: 'text' }), required: true };

/**
 * Not in the registry. Source: Amazon ECS Developer Guide, "Amazon ECS service deployment state change events".
 */
const DEPLOYMENT: Shape = structure('ECSDeploymentStateChange', [
  ['eventType', oneOf(['INFO', 'ERROR'])],
  [
    'eventName',
    oneOf(['SERVICE_DEPLOYMENT_IN_PROGRESS', 'SERVICE_DEPLOYMENT_COMPLETED', 'SERVICE_DEPLOYMENT_FAILED']),
  ],
  ['deploymentId', text],
  ['updatedAt', text],
  ['reason', text],
]);

/** Not in the registry. Source: Amazon ECS Developer Guide, "Amazon ECS hook state change events". */
const HOOK: Shape = structure('ECSHookStateChange', [
  ['eventType', oneOf(['INFO', 'ERROR'])],
  [
    'eventName',
    oneOf(['HOOK_IN_PROGRESS', 'HOOK_AWAITING_ACTION', 'HOOK_SUCCEEDED', 'HOOK_FAILED', 'HOOK_TIMED_OUT']),
  ],
  ['hookId', text],
  ['hookType', text],
  ['expiresAt', text],
  ['lifecycleStage', text],
  ['clusterArn', text],
  ['serviceArn', text],
  ['serviceDeploymentArn', text],
  ['updatedAt', text],
]);

/** EventBridge User Guide, "AWS service event metadata". */
const ENVELOPE: Shape = structure('envelope', [
  ['version', oneOf(['0'])],
  ['id', text],
  ['detail-type', text],
  ['source', text],
  ['account', text],
  ['time', text],
  ['region', text],
  ['resources', { shape: () => ({ kind: 'list', item: () => ({ kind: 'text' }) }), required: true }],
  ['detail', { shape: () => ({ kind: 'document' }), required: true }],
]);

interface EventSchemas {
  /** What is wrong with an event as a rule's target gets it; nothing when it fits. */
  faultsOf(event: unknown): readonly string[];
}

function eventsIn(spec: Spec) {
  return spec.all('event');
}

/** Reads the registry: about a second. */
export function loadEventSchemas(): EventSchemas {
  const spec = loadAwsServiceSpecSync();
  const known = new Map<string, Shape>([
    ['aws.ecs ECS Deployment State Change', DEPLOYMENT],
    ['aws.ecs ECS Hook State Change', HOOK],
  ]);
  for (const event of eventsIn(spec)) {
    known.set(
      `${event.source} ${event.detailType}`,
      shapeOfType({ type: 'ref', reference: event.rootProperty }, spec),
    );
  }
  return {
    faultsOf(event) {
      const envelope = faultsOf(event, ENVELOPE, 'event');
      if (envelope.length > 0 || !isObject(event)) return envelope;
      const name = `${String(event.source)} ${String(event['detail-type'])}`;
      const shape = known.get(name);
      if (!shape) return [`${name}: there is no such event`];
      const faults = [...timeFaults(event, 'event'), ...faultsOf(event.detail, shape, name)];
      return faults.filter((fault) => !DISAGREEMENTS.some((known) => known.test(fault)));
    },
  };
}

/** What ECS sends though the registry has it not, or otherwise: docs/local-cloud.md, "Where models and behavior disagree". */
const DISAGREEMENTS = [
  /^aws\.ecs ECS Task State Change\.attachments\[\d+\]\.details: expected a structure/,
  /^aws\.ecs ECS Task State Change\.(?:capacityProviderName|enableExecuteCommand|ephemeralStorage): /,
];

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Times of events are ISO 8601 text: the registry knows them as text only. */
function timeFaults(value: unknown, place: string): readonly string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const isTime = name === 'time' || /(?<=[a-z])At$/.test(name);
    if (isTime && typeof item === 'string' && !ISO.test(item))
      return [`${place}.${name}: expected ISO 8601, found ${item}`];
    return timeFaults(item, `${place}.${name}`);
  });
}

function shapeOfType(type: Type, spec: Spec): Shape {
  const { element, reference } = type;
  switch (type.type) {
    case 'string':
      return { kind: 'text' };
    case 'number':
    case 'integer':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'json':
      return { kind: 'document' };
    case 'array':
      if (element) return { kind: 'list', item: () => shapeOfType(element, spec) };
      break;
    case 'map':
      if (element) return { kind: 'map', value: () => shapeOfType(element, spec) };
      break;
    case 'ref': {
      if (!reference) break;
      const { name, properties } = spec.get('eventTypeDefinition', reference);
      return structure(
        name,
        Object.entries(properties).map(([member, property]) => [
          member,
          { shape: () => shapeOfType(property.type, spec), required: property.required === true },
        ]),
      );
    }
  }
  return { kind: 'document' };
}

function structure(name: string, members: readonly (readonly [string, Member])[]): Shape {
  return { kind: 'structure', name, union: false, members: new Map(members) };
}

function oneOf(values: readonly string[]): Member {
  return { shape: () => ({ kind: 'text', values }), required: true };
}
