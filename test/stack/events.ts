import type { JsonObject } from '../../local/contract.ts';
import { compilePattern } from '../../local/events/pattern.ts';
import { isObject, listOf, objectAt } from '../../local/stack/json.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { payload } from '../intake/payloads.ts';
import { ofType, stackOf } from './configurations.ts';

/** Returns the targets of every rule that matches an event, one entry per rule. */
export function listeners(configuration: Configuration): (event: JsonObject) => readonly string[] {
  const rules = ofType(stackOf(configuration), 'AWS::Events::Rule').flatMap(({ properties }) =>
    isObject(properties.EventPattern)
      ? [{ matches: compilePattern(properties.EventPattern), targets: listOf(properties.Targets) }]
      : [],
  );
  return (event) =>
    rules
      .filter(({ matches }) => matches(event))
      .flatMap(({ targets }) => targets.map((target) => String(objectAt(target, 'target').Id)));
}

/** A payload of `events/` as an object. */
export function anEvent(name: string): JsonObject {
  const event = payload(name);
  if (typeof event !== 'object' || event === null) throw new Error(`events/${name}.json is not an object`);
  return { ...event };
}

export function aPush(repository: string): JsonObject {
  return withDetail(anEvent('ecr-push'), { 'repository-name': repository });
}

export function aStoppedTask(cluster: string, detail: JsonObject): JsonObject {
  const clusterArn = `arn:aws:ecs:us-east-1:123456789012:cluster/${cluster}`;
  return withDetail(anEvent('ecs-task-stopped-crash'), { clusterArn, ...detail });
}

export function anEndedDeployment(cluster: string, service: string): JsonObject {
  const resources = [`arn:aws:ecs:us-east-1:123456789012:service/${cluster}/${service}`];
  return { ...anEvent('ecs-deployment-completed'), resources };
}

export function aServiceAction(cluster: string, service: string, detail: JsonObject = {}): JsonObject {
  const resources = [`arn:aws:ecs:us-east-1:123456789012:service/${cluster}/${service}`];
  return { ...withDetail(anEvent('ecs-service-placement-failure'), detail), resources };
}

/** `undefined` removes a member. */
function withDetail(event: JsonObject, detail: JsonObject): JsonObject {
  const merged = Object.entries({ ...objectAt(event.detail, 'detail'), ...detail });
  return { ...event, detail: Object.fromEntries(merged.filter(([, value]) => value !== undefined)) };
}
