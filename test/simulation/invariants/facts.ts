import type { App } from '../../../shared/domain/app.ts';
import type { OperatorRequest } from '../../../shared/domain/operator.ts';
import type { Release } from '../../../shared/domain/release.ts';
import { isIndependent, type Run, starterOf } from '../../../shared/domain/run.ts';
import type { Change } from '../history.ts';
import { asObject } from '../objects.ts';
import { CLUSTER } from '../plan.ts';
import type { Played } from '../play.ts';
import { deploymentsIn, type Seen, seenService } from '../seen.ts';

/** What the invariants ask a run for. */

export type Released = Release & {
  readonly app: string;
  readonly endedAt?: number;
  readonly tasks: readonly Run[];
};

const RELEASES = new WeakMap<Played, readonly Released[]>();

/** Every release there was, as it was saved last, with the time of its end. */
export function releasesOf(played: Played): readonly Released[] {
  const releases = RELEASES.get(played) ?? findReleases(played);
  RELEASES.set(played, releases);
  return releases;
}

function findReleases({ world }: Played): readonly Released[] {
  const found = new Map<string, Released>();
  for (const { at, state } of world.history.saves) {
    for (const release of [...state.ended, state.release]) {
      if (!release) continue;
      // With an older table a release that had ended may be open once more.
      const endedAt = release.end && (found.get(release.id)?.endedAt ?? at);
      const runs = state.runs.filter((run) => !isIndependent(run) && starterOf(run) === release.id);
      // Its runs are forgotten once it has ended.
      const tasks = runs.length > 0 ? runs : (found.get(release.id)?.tasks ?? []);
      found.set(release.id, {
        ...release,
        app: state.app,
        tasks,
        ...(endedAt === undefined ? {} : { endedAt }),
      });
    }
  }
  return [...found.values()];
}

/** The app as its fairway.yml described it then. */
export function appAt({ plan, calmAt }: Played, app: App, time: number): App {
  const start = calmAt - plan.calmAt;
  const isChanged = plan.actions.some(
    (action) => action.kind === 'reconfigure' && action.app === app.name && start + action.at <= time,
  );
  return (isChanged ? undefined : plan.configuration.apps.find(({ name }) => name === app.name)) ?? app;
}

/** Changes of one operation that functions made. */
export function byFunctions(
  played: Played,
  operation: string,
): (Change & { readonly by: NonNullable<Change['by']> })[] {
  return played.world.history.changes.filter(
    (change): change is Change & { readonly by: NonNullable<Change['by']> } =>
      change.by !== undefined && change.operation === operation,
  );
}

/** The release that registered a revision, by our tag. */
function releaseOfRevision(played: Played, arn: unknown): string | undefined {
  for (const change of byFunctions(played, 'RegisterTaskDefinition')) {
    if (asObject(change.output.taskDefinition).taskDefinitionArn !== arn) continue;
    const tags = Array.isArray(change.input.tags) ? change.input.tags : [];
    const tag = tags.map(asObject).find(({ key }) => key === 'fairway:release-id');
    return typeof tag?.value === 'string' ? tag.value : undefined;
  }
  return undefined;
}

/** On behalf of which release a change was made. */
export function releaseOfChange(played: Played, change: Change): string | undefined {
  const effect = change.by?.effect;
  if (!effect) return undefined;
  if ('releaseId' in effect) return effect.releaseId;
  if (effect.kind === 'startRun') return effect.release;
  return effect.kind === 'updateService' ? releaseOfRevision(played, effect.revision) : undefined;
}

/** A service as it is at the end. */
export function serviceNow({ world }: Played, app: App, name: string): Seen | undefined {
  return seenService(world.cloud, app, name);
}

/** Service deployments of a service, newest first, each with the revision of its target. */
export function deploymentsOf({ world }: Played, service: string) {
  return deploymentsIn(world.cloud, service);
}

/** When ECS began to roll a deployment of the service back, epoch milliseconds, by its own record. */
export function rollbacksOf({ world }: Played, service: string): number[] {
  const listing = { cluster: CLUSTER, service, maxResults: 100 };
  const { serviceDeployments: listed } = world.cloud.call('ecs', 'ListServiceDeployments', listing);
  const arns = Array.isArray(listed) ? listed.map((one) => asObject(one).serviceDeploymentArn) : [];
  return arns.flatMap((arn) => {
    const asked = { serviceDeploymentArns: [String(arn)] };
    const { serviceDeployments } = world.cloud.call('ecs', 'DescribeServiceDeployments', asked);
    const [deployment] = Array.isArray(serviceDeployments) ? serviceDeployments.map(asObject) : [];
    const { startedAt } = asObject(deployment?.rollback);
    return typeof startedAt === 'number' ? [startedAt * 1_000] : [];
  });
}

/** What a tag points at now. */
export function digestNow({ world }: Played, repository: string, tag: string): string | undefined {
  const { images } = world.cloud.call('ecr', 'BatchGetImage', {
    repositoryName: repository,
    imageIds: [{ imageTag: tag }],
  });
  const [image] = Array.isArray(images) ? images.map(asObject) : [];
  const { imageDigest } = asObject(image?.imageId);
  return typeof imageDigest === 'string' ? imageDigest : undefined;
}

const MEDDLING: readonly string[] = [
  'foreignDeploy',
  'deployPrevious',
  'stopDeployment',
  'redeploy',
  'deleteService',
  'answerHook',
  'resetWeights',
];

/** Whether someone outside Fairway did something of this kind to the app's services. */
export function meddledWith(played: Played, app: App): boolean {
  // Services may have been taken out of the configuration since.
  const first = played.plan.configuration.apps.find(({ name }) => name === app.name) ?? app;
  const names = first.services.map(({ name }) => name);
  return played.plan.actions.some((action) => {
    if (!MEDDLING.includes(action.kind) || !('service' in action)) return false;
    return names.includes(action.service);
  });
}

/** The app that a person's request is about, if it is about one. */
export function appOf(request: OperatorRequest): string | undefined {
  return 'app' in request ? request.app : undefined;
}

/** The deployment that an answer of UpdateService shows as PRIMARY. */
export function primaryOf(output: unknown) {
  const { deployments } = asObject(asObject(output).service);
  return (Array.isArray(deployments) ? deployments : [])
    .map(asObject)
    .find(({ status }) => status === 'PRIMARY');
}
