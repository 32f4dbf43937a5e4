import { parse } from 'yaml';
import { createAutoscaling } from '../../local/autoscaling/autoscaling.ts';
import { scalableServices } from '../../local/autoscaling/services.ts';
import { createBehaviours } from '../../local/behaviours.ts';
import { createClock } from '../../local/clock.ts';
import type { ServiceApi } from '../../local/contract.ts';
import { ecrApi } from '../../local/ecr/api.ts';
import { pushImage } from '../../local/ecr/push.ts';
import { createRegistry } from '../../local/ecr/registry.ts';
import { createEcs } from '../../local/ecs/ecs.ts';
import { eventsApi } from '../../local/events/api.ts';
import { typedInput } from '../../local/front/types.ts';
import type { LinkedService } from '../../local/iam/needs.ts';
import { createIds } from '../../local/ids.ts';
import { createRules } from '../../local/schedules/rules.ts';
import { createScheduler } from '../../local/schedules/scheduler.ts';
import { createIam } from '../../local/services/iam.ts';
import { createLogs } from '../../local/services/logs.ts';
import { compileConfiguration } from '../../shared/config/load.ts';
import { readActual } from '../../shared/infrastructure/actual.ts';
import { apply } from '../../shared/infrastructure/apply.ts';
import { declared } from '../../shared/infrastructure/declared.ts';
import type { JsonObject } from '../../shared/infrastructure/json.ts';
import type { Aws, DeployRights, Place, Resource } from '../../shared/infrastructure/kind.ts';
import { type LiveImages, readListings } from '../../shared/infrastructure/listings.ts';
import { type Plan, planOf } from '../../shared/infrastructure/plan.ts';
import { isRead } from '../../shared/infrastructure/retrying.ts';
import { infrastructure } from '../../shared/infrastructure/source/schema.ts';
import { START } from '../builders.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
export const PLACE: Place = {
  partition: 'aws',
  account: ACCOUNT,
  region: REGION,
  installation: 'fairway-production',
};
const CALL = {
  caller: 'external',
  callerArn: `arn:aws:iam::${ACCOUNT}:user/op`,
  account: ACCOUNT,
  region: REGION,
};

/** The services of the local cloud that infrastructure is made of, in memory. */
export function anEmptyCloud() {
  const clock = createClock(START);
  const ids = createIds(1);
  const place = { account: ACCOUNT, region: REGION };
  const behaviours = createBehaviours();
  const logs = createLogs(clock, ACCOUNT, REGION);
  const registry = createRegistry({ clock, emit: () => {}, ...place });
  const ecs = createEcs({
    clock,
    ids,
    ...place,
    emit: () => {},
    images: registry.images,
    behaviours: behaviours.list,
    writeLog: logs.write,
    openLog: logs.open,
  });
  const scaling = createAutoscaling({
    clock,
    ids,
    ...place,
    services: scalableServices(ecs.api, ACCOUNT, REGION),
  });
  const ecr = ecrApi({
    registry,
    account: ACCOUNT,
    password: 'local',
    blobUrl: () => '',
    now: () => clock.now(),
  });
  const iam = createIam(ACCOUNT, () => clock.now());
  const people = createRules({ clock, ...place });
  const events = eventsApi({ emit: () => '', rules: [], people, ...place });
  const scheduler = createScheduler({ clock, ...place, stack: [] });
  const apis: readonly ServiceApi[] = [
    ecs.api,
    ecs.loadBalancing,
    ecr,
    logs.api,
    scaling.api,
    events,
    scheduler.api,
    iam.api,
  ];
  const calls: string[] = [];

  const aws: Aws = async (service, operation, input) => {
    const run = apis.find((api) => api.service === service)?.operations[operation];
    if (run === undefined) throw new Error(`${service}:${operation} is not simulated`);
    calls.push(`${service}:${operation}`);
    const answer = await run(typedInput(service, operation, structuredClone(input)), CALL);
    return JSON.parse(JSON.stringify(answer));
  };

  return {
    aws,
    registry,
    clock,
    scaling,
    hasLinkedRole: (service: LinkedService) =>
      (service === 'ecs.amazonaws.com' ? ecs : scaling).hasLinkedRole(),
    /** How the containers behave from now on. */
    behave: behaviours.add,
    /** Load of the service, and what follows within half an hour. */
    load(cpu: number) {
      scaling.setMetrics('app-prod', 'web-app', { cpu });
      clock.runUntil(clock.now() + 30 * 60_000);
    },
    /** Calls that changed something, oldest first. */
    changes: () => calls.filter((call) => !isRead(call.split(':')[1] ?? '')),
    calls,
    push: (repository: string, tag: string) => pushImage(registry, ids, { repository, tag, content: tag }),
    /** Pushes an index. Returns the digest of the image of one of its platforms. */
    pushIndex(repository: string, tag: string) {
      const platforms = ['linux/amd64', 'linux/arm64'];
      const digest = pushImage(registry, ids, { repository, tag, content: tag, platforms });
      return registry.repository(repository).images.get(digest)?.children[0] ?? '';
    },
    async read(
      service: string,
      operation: string,
      input: JsonObject,
    ): Promise<ReturnType<typeof JSON.parse>> {
      return aws(service, operation, input);
    },
  };
}

export type EmptyCloud = ReturnType<typeof anEmptyCloud>;

const APPS = `
environment: production
defaults: { cluster: app-prod }
apps:
  web:
    image: { repository: web-app, tags: { semver: ">=1.0.0" } }
    services: [{ name: web-app }]
`;

const CONFIGURATION = compileConfiguration(APPS, 'fairway.yml');

const known = new Map<string, readonly Resource[]>();

/** Reading takes longer than planning: each text is read once. */
export function resourcesOf(yaml: string): readonly Resource[] {
  const { apps } = CONFIGURATION;
  const resources =
    known.get(yaml) ??
    declared(infrastructure.parse(parse(yaml)), { place: PLACE, apps, cluster: 'app-prod' });
  known.set(yaml, resources);
  return resources;
}

/** What a file declares, planned against a cloud. `yaml` is the content of `infrastructure:`. */
export async function planned(
  yaml: string,
  { aws, registry, clock }: EmptyCloud,
  liveImages: (app: string) => Promise<LiveImages> = async () => ({}),
  rights?: DeployRights,
): Promise<Plan> {
  const resources = resourcesOf(yaml);
  const images = [...registry.repositories.values()].flatMap(({ name, images }) =>
    [...images.keys()].slice(0, 1).map((digest): [string, string] => [name, digest]),
  );
  const actual = await readActual(resources, aws);
  const { apps } = CONFIGURATION;
  return planOf(resources, actual, {
    listings: await readListings(resources, actual, apps, {
      aws,
      home: PLACE,
      liveImages,
      now: clock.now(),
    }),
    place: PLACE,
    firstImages: new Map(images),
    apps: new Map([['app-prod/web-app', 'web']]),
    ...(rights && { rights: new Map([['app-prod/web-app', rights]]) }),
    tagged: [],
  });
}

/** Plans and applies. Returns the apps that a release was ordered for. */
export async function applied(
  yaml: string,
  cloud: EmptyCloud,
  aws: Aws = cloud.aws,
): Promise<readonly string[]> {
  const ordered: string[] = [];
  await apply(await planned(yaml, cloud), {
    aws,
    async release({ app }) {
      ordered.push(app);
      return '';
    },
    onDone: () => {},
    onOrdered: () => {},
  });
  return ordered;
}

/** What a file declares, running after its first image. */
export async function aRunningExample(yaml: string): Promise<EmptyCloud> {
  const cloud = anEmptyCloud();
  await applied(yaml, cloud);
  cloud.push('web-app', '1.0.0');
  await applied(yaml, cloud);
  return cloud;
}
