import type { JsonObject } from '../../local/contract.ts';
import { type Resource, resolveTemplate } from '../../local/stack/template.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import type { Configuration } from '../../shared/domain/app.ts';
import { buildStack } from '../../stack/build.ts';
import { FUNCTIONS, functionLogicalId, functionName } from '../../stack/names.ts';

/** Configurations of any size, and the stack that CloudFormation would create for them. */

export interface Size {
  readonly apps: number;
  /** Per app. */
  readonly services: number;
  readonly clusterOf?: (app: number) => string;
  readonly nameOf?: (service: number) => string;
  readonly rolesOf?: (service: number) => { readonly taskRole?: string; readonly executionRole?: string };
  /** Whether each service has a log group. */
  readonly logs?: boolean;
  /** Whether each app has a migration. */
  readonly tasks?: boolean;
  /** Scheduled tasks of each app. */
  readonly schedules?: number;
}

/** The text of `fairway.yml`, as JSON, which is valid YAML. */
export function aSource(size: Size): string {
  const { clusterOf = () => 'app-prod', nameOf = (service) => `service-${service}`, tasks = true } = size;
  const { rolesOf = () => ({ taskRole: 'shared-task', executionRole: 'shared-execution' }) } = size;
  const apps = numbers(size.apps).map((app) => [
    `app-${app}`,
    {
      cluster: clusterOf(app),
      image: { repository: `team/app-${app}`, tags: { semver: '>=1.0.0' } },
      ...(tasks ? { before: [{ name: `migrate-${app}`, container: 'migrate' }] } : {}),
      services: numbers(size.services).map((index) => {
        const service = app * size.services + index;
        const logs = size.logs ? { logGroup: `/ecs/${nameOf(service)}` } : {};
        return { name: nameOf(service), ...rolesOf(service), ...logs };
      }),
      tasks: numbers(size.schedules ?? 0).map((task) => ({
        name: `task-${task}`,
        like: nameOf(app * size.services),
        container: 'web',
        schedule: { expression: 'rate(1 hour)' },
      })),
    },
  ]);
  return JSON.stringify({
    environment: 'production',
    channels: { mail: { sns: {} } },
    defaults: { channels: ['mail'] },
    apps: Object.fromEntries(apps),
  });
}

export function aConfiguration(size: Size): Configuration {
  return compileConfiguration(aSource(size), 'fairway.yml');
}

/** The resources of a configuration, with references resolved. */
export function stackOf(configuration: Configuration, stackName = 'fairway-production'): readonly Resource[] {
  const functions = FUNCTIONS.map((name) => [
    functionLogicalId(name),
    { Type: 'AWS::Lambda::Function', Properties: { FunctionName: functionName(configuration, name) } },
  ]);
  const { Resources } = buildStack(configuration, 0).resources;
  // As JSON, since that is what CloudFormation gets.
  const template: JsonObject = JSON.parse(
    JSON.stringify({ Resources: { ...Resources, ...Object.fromEntries(functions) } }),
  );
  return resolveTemplate(template, { account: '123456789012', region: 'us-east-1', stackName }, {});
}

export function ofType(resources: readonly Resource[], type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
