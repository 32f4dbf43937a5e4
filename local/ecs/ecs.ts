import type {
  Behaviour,
  Call,
  Cancel,
  Clock,
  Emit,
  Ids,
  ImageStore,
  JsonObject,
  OpenLog,
  ServiceApi,
  WriteLog,
} from '../contract.ts';
import type { KnownDefinition } from '../iam/needs.ts';
import { capacityProviderOperations } from './capacityProviders.ts';
import { clusterOperations, createCluster, taggedResources } from './clusters.ts';
import { repeatSteady } from './completion.ts';
import { beginDeployment, completeDeployment } from './deployments.ts';
import { type Disputed, USUAL } from './disputed.ts';
import { expressOperations } from './express/operations.ts';
import { loadBalancingApi } from './loadBalancing.ts';
import type { Context } from './model.ts';
import { clusterOf, findDefinition } from './names.ts';
import { text } from './read.ts';
import { resumeAll } from './resuming.ts';
import type { TargetGroup } from './routing.ts';
import { launchOf, touch } from './scheduler.ts';
import { makeService, serviceOperations } from './services.ts';
import { registerDefinition, taskDefinitionOperations } from './taskDefinitions.ts';
import { taskOperations } from './taskOperations.ts';
import { settledTask } from './tasks.ts';

interface EcsOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly account: string;
  readonly region: string;
  readonly emit: Emit;
  readonly images: ImageStore;
  readonly behaviours: () => readonly Behaviour[];
  readonly writeLog: WriteLog;
  readonly openLog?: OpenLog;
  /** How a Lambda hook of a deployment answers. Default: SUCCEEDED. */
  readonly hookAnswer?: Context['hookAnswer'];
}

export interface Ecs {
  readonly api: ServiceApi;
  /** Elastic Load Balancing: the target groups of the services. */
  readonly loadBalancing: ServiceApi;
  /** What the permissions of calls depend on: roles and tags of a task definition. */
  roles(reference: string): KnownDefinition | undefined;
  createCluster(name: string): void;
  /** Whether a cluster has or had a service: with the first one came the service-linked role. */
  hasLinkedRole(): boolean;
  /** Clusters, services and task definitions, with their tags. */
  tagged(): ReturnType<typeof taggedResources>;
  /** Returns the revision's ARN. */
  register(input: JsonObject): string;
  /** Creates a service that is steady, with all its tasks healthy, without events. */
  settle(input: JsonObject): void;
  /** The health checks and deregistration delay of a target group; others have AWS's defaults. */
  setTargetGroup(arn: string, settings: TargetGroup): void;
  /** The state of a CloudWatch alarm, for deployments. */
  setAlarm(name: string, state: 'ALARM' | 'OK'): void;
  /** What the sources do not settle; what is not given stays. */
  setDisputed(changes: Partial<Disputed>): void;
  reset(): void;
  /** The state, without timers. */
  keep(): unknown;
  /** Continues from a state that `keep` returned. */
  resume(kept: unknown): void;
}

/** State without timers. */
const KEPT = ['clusters', 'capacityProviders', 'families', 'targetGroups', 'rules'] as const;

/** ECS's API and its simulation in memory, on the given clock. */
export function createEcs(options: EcsOptions): Ecs {
  const timers = createTimers(options.clock);
  let disputed = USUAL;
  const ctx: Context = {
    ...options,
    clusters: new Map(),
    capacityProviders: new Map(),
    families: new Map(),
    targetGroups: new Map(),
    rules: new Map(),
    alarms: new Set(),
    disputed: () => disputed,
    hookAnswer: options.hookAnswer ?? (() => ({ status: 'SUCCEEDED' })),
    after: timers.after,
  };
  const root: Pick<Call, 'callerArn'> = { callerArn: `arn:aws:iam::${options.account}:root` };

  return {
    api: {
      service: 'ecs',
      operations: {
        ...clusterOperations(ctx),
        ...capacityProviderOperations(ctx),
        ...taskDefinitionOperations(ctx),
        ...serviceOperations(ctx),
        ...expressOperations(ctx),
        ...taskOperations(ctx),
      },
    },

    loadBalancing: loadBalancingApi(ctx),
    roles: (reference) => rolesOf(ctx, reference),
    createCluster: (name) => void createCluster(ctx, name),
    hasLinkedRole: () => [...ctx.clusters.values()].some(({ services }) => services.size > 0),
    tagged: () => taggedResources(ctx),
    register: (input) => registerDefinition(ctx, input, root.callerArn).arn,

    settle: (input) => settle(ctx, input, root),
    setTargetGroup: (arn, settings) => void ctx.targetGroups.set(arn, settings),

    setAlarm(name, state) {
      if (state === 'ALARM') ctx.alarms.add(name);
      else ctx.alarms.delete(name);
      for (const { services } of ctx.clusters.values())
        for (const service of services.values()) touch(ctx, service);
    },
    setDisputed(changes) {
      disputed = { ...disputed, ...changes };
    },

    keep: () => Object.fromEntries(KEPT.map((name) => [name, ctx[name]])),

    resume(kept) {
      const old: Partial<Pick<Context, (typeof KEPT)[number]>> = Object(kept);
      for (const [name, cluster] of old.clusters ?? []) ctx.clusters.set(name, cluster);
      for (const [name, provider] of old.capacityProviders ?? []) ctx.capacityProviders.set(name, provider);
      for (const [name, revisions] of old.families ?? []) ctx.families.set(name, revisions);
      for (const [arn, group] of old.targetGroups ?? []) ctx.targetGroups.set(arn, group);
      for (const [arn, rule] of old.rules ?? []) ctx.rules.set(arn, rule);
      resumeAll(ctx);
    },

    reset() {
      timers.reset();
      for (const name of KEPT) ctx[name].clear();
      ctx.alarms.clear();
      disputed = USUAL;
    },
  };
}

/** Timers on the clock that are canceled together. */
function createTimers(clock: Clock): Pick<Context, 'after'> & { readonly reset: () => void } {
  let timers = new Set<Cancel>();
  return {
    after(milliseconds, run, settings) {
      const mine = timers;
      const cancel = clock.after(
        milliseconds,
        () => {
          mine.delete(cancel);
          run();
        },
        settings,
      );
      mine.add(cancel);
      return () => {
        mine.delete(cancel);
        cancel();
      };
    },
    reset() {
      for (const cancel of timers) cancel();
      timers = new Set();
    },
  };
}

function rolesOf(ctx: Context, reference: string): ReturnType<Ecs['roles']> {
  const definition = findDefinition(ctx, reference);
  if (!definition) return undefined;
  const taskRoleArn = text(definition.document, 'taskRoleArn');
  const executionRoleArn = text(definition.document, 'executionRoleArn');
  return {
    arn: definition.arn,
    tags: definition.tags,
    ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
    ...(executionRoleArn === undefined ? {} : { executionRoleArn }),
  };
}

function settle(ctx: Context, input: JsonObject, caller: Pick<Call, 'callerArn'>): void {
  const service = makeService(ctx, clusterOf(ctx, input), input, caller);
  if (!service.definition) return;
  const deployment = beginDeployment(ctx, service, service.definition);
  for (let index = 0; index < service.desiredCount; index += 1) {
    const task = settledTask(ctx, launchOf(ctx, service, deployment));
    deployment.tasks.add(task);
    for (const { spec, imageDigest } of task.containers) {
      if (imageDigest !== undefined) deployment.revision.digests.set(spec.name, imageDigest);
    }
  }
  deployment.resolved = true;
  deployment.serviceDeployment.startedAt = ctx.clock.now();
  completeDeployment(ctx, service, deployment);
  service.steady = true;
  repeatSteady(ctx, service);
}
