import { AwsError, type JsonObject, type ServiceApi } from '../contract.ts';
import { stopByRequest } from './breaker.ts';
import type { Context, Service, ServiceDeployment } from './model.ts';
import { clusterOf, serviceOf } from './names.ts';
import { invalid, object, oneOf, page, present, required, text, texts } from './read.ts';
import { touch } from './scheduler.ts';
import { serviceDeploymentView, serviceRevisionView } from './serviceViews.ts';
import { answerPause } from './shifting/hooks.ts';

/** Service deployments and revisions: list, describe, stop. */

/** AWS API: DescribeServiceDeployments and DescribeServiceRevisions, ARNs in one call. */
const MOST_DESCRIBED = 20;
/** AWS API: ServiceDeploymentStatus. */
const STATUSES = [
  'PENDING',
  'SUCCESSFUL',
  'STOPPED',
  'STOP_REQUESTED',
  'IN_PROGRESS',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const;
/** Already rolling back: stopping them again has no effect. AWS docs: service-deployment. */
const STOPPING: ReadonlySet<string> = new Set([
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);

const HOOK_ID = /^ecs-[a-z]+-[A-Za-z0-9_-]+$/;

export function serviceDeploymentOperations(ctx: Context): ServiceApi['operations'] {
  return {
    ListServiceDeployments(input) {
      const service = serviceOf(clusterOf(ctx, input), required(input, 'service'));
      const wanted = texts(input, 'status').map((status) => oneOf(status, STATUSES));
      const { before, after } = timesOf(input);
      const briefs = service.serviceDeployments
        .filter(({ status }) => wanted.length === 0 || wanted.some((each) => each === status))
        .filter(({ createdAt }) => createdAt > after && createdAt < before)
        .map((one) => briefView(ctx, service, one));
      const { items, next } = page(briefs, input, { usual: 20, most: 100 });
      return { serviceDeployments: items, ...next };
    },

    DescribeServiceDeployments(input) {
      const arns = described(input, 'serviceDeploymentArns');
      const found = arns.flatMap((arn) => {
        const service = serviceOfArn(ctx, arn);
        const one = service?.serviceDeployments.find((other) => other.arn === arn);
        return service && one ? [serviceDeploymentView(ctx, service, one)] : [];
      });
      const known = new Set(found.map(({ serviceDeploymentArn }) => serviceDeploymentArn));
      return { serviceDeployments: found, failures: missing(arns, known) };
    },

    DescribeServiceRevisions(input) {
      const arns = described(input, 'serviceRevisionArns');
      const found = arns.flatMap((arn) => {
        const service = serviceOfArn(ctx, arn);
        const revision = service?.revisions.find((other) => other.arn === arn);
        return service && revision ? [serviceRevisionView(service, revision)] : [];
      });
      const known = new Set(found.map(({ serviceRevisionArn }) => serviceRevisionArn));
      return { serviceRevisions: found, failures: missing(arns, known) };
    },

    StopServiceDeployment: (input) => stop(ctx, input),
    ContinueServiceDeployment: (input) => resume(ctx, input),
  };
}

function stop(ctx: Context, input: JsonObject): JsonObject {
  const arn = required(input, 'serviceDeploymentArn');
  // The enumeration has ABORT as well; the reference allows ROLLBACK only.
  oneOf(text(input, 'stopType') ?? 'ROLLBACK', ['ROLLBACK']);
  const service = serviceOfArn(ctx, arn);
  const one = service?.serviceDeployments.find((other) => other.arn === arn);
  if (!service || !one)
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  if (one !== service.serviceDeployments[0] || one.finishedAt !== undefined) {
    throw new AwsError('ConflictException', 'The service deployment has ended already.');
  }
  if (service.express !== undefined && ctx.disputed().stopOfExpress === 'unsupported')
    throw new AwsError('UnsupportedFeatureException', 'The service is managed by Amazon ECS.');
  if (STOPPING.has(one.status)) return { serviceDeploymentArn: arn };
  if (one.shift === undefined) stopByRequest(ctx, service);
  else one.status = 'ROLLBACK_REQUESTED';
  touch(ctx, service);
  return { serviceDeploymentArn: arn };
}

/** Answers a hook at which the deployment is paused. */
function resume(ctx: Context, input: JsonObject): JsonObject {
  const arn = required(input, 'serviceDeploymentArn');
  const id = required(input, 'hookId');
  const action = oneOf(text(input, 'action') ?? 'CONTINUE', ['CONTINUE', 'ROLLBACK']);
  if (!HOOK_ID.test(id)) throw invalid('Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}');
  const service = serviceOfArn(ctx, arn);
  const one = service?.serviceDeployments.find((other) => other.arn === arn);
  if (!service || !one)
    throw new AwsError('ServiceDeploymentNotFoundException', 'The service deployment does not exist.');
  if (one.finishedAt !== undefined)
    throw invalid(
      'Continuing a service deployment is not allowed for service deployment in terminal states.',
    );
  const hook = (one.shift ?? one.pause)?.hooks.find(
    (other) => other.id === id && other.status === 'AWAITING_ACTION',
  );
  if (hook === undefined)
    throw invalid(
      'Provided hookId is either completed, unavailable, or not associated with the given Resource ARN',
    );
  answerPause(ctx, service, one, hook, action);
  touch(ctx, service);
  return { serviceDeploymentArn: arn };
}

function briefView(ctx: Context, service: Service, one: ServiceDeployment): JsonObject {
  const view = serviceDeploymentView(ctx, service, one);
  return present({
    serviceDeploymentArn: view.serviceDeploymentArn,
    serviceArn: view.serviceArn,
    clusterArn: view.clusterArn,
    createdAt: view.createdAt,
    startedAt: view.startedAt,
    finishedAt: view.finishedAt,
    status: view.status,
    statusReason: view.statusReason,
    targetServiceRevisionArn: one.target.arn,
  });
}

/** Epoch milliseconds; the wire has seconds, or ISO text. */
function timesOf(input: JsonObject): { readonly before: number; readonly after: number } {
  const between = object(input, 'createdAt') ?? {};
  return {
    before: timeOf(between, 'before') ?? Number.POSITIVE_INFINITY,
    after: timeOf(between, 'after') ?? Number.NEGATIVE_INFINITY,
  };
}

function timeOf(from: JsonObject, member: string): number | undefined {
  const value = from[member];
  if (value === undefined || value === null) return undefined;
  const time = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (!Number.isFinite(time)) throw invalid(`createdAt.${member} is not a time.`);
  return time;
}

function described(input: JsonObject, member: string): readonly string[] {
  const arns = texts(input, member);
  if (arns.length === 0) throw invalid(`${member} cannot be empty.`);
  if (arns.length > MOST_DESCRIBED)
    throw invalid(`${member} cannot have more than ${MOST_DESCRIBED} elements.`);
  return arns;
}

/** `…:service-deployment/CLUSTER/SERVICE/ID`. */
function serviceOfArn(ctx: Context, arn: string): Service | undefined {
  const [, cluster = '', service = ''] = arn.split('/');
  return ctx.clusters.get(cluster)?.services.get(service);
}

function missing(arns: readonly string[], known: ReadonlySet<unknown>) {
  return arns.filter((arn) => !known.has(arn)).map((arn) => ({ arn, reason: 'MISSING' }));
}
