import { isDeepStrictEqual } from 'node:util';
import type { ReleaseTask } from '../../../shared/domain/app.ts';
import { judgeTag } from '../../../shared/domain/releases/tagPolicy.ts';
import { SECRET } from '../cloud.ts';
import { asObject } from '../objects.ts';
import type { Played } from '../play.ts';
import { appAt, byFunctions, deploymentsOf, primaryOf, releaseOfChange, releasesOf } from './facts.ts';

/** Invariants about what a release did on its way. Each answers a sentence per violation. */

/** 1. No two releases of an app change ECS at once. */
export function oneAtATime(played: Played): string[] {
  const violations: string[] = [];
  const ended = new Map(releasesOf(played).map((release) => [release.id, release.endedAt]));
  const current = new Map<string, string>();
  const over = new Set<string>();
  for (const change of played.world.history.changes) {
    if (!change.by || change.operation === 'RegisterTaskDefinition') continue;
    const release = releaseOfChange(played, change);
    if (release === undefined) continue;
    const before = current.get(change.by.app);
    if (before === release) continue;
    if (over.has(release))
      violations.push(`${change.operation} for release ${release} came after that of ${before}`);
    if (before !== undefined) {
      over.add(before);
      const endOfBefore = ended.get(before);
      if (endOfBefore === undefined || endOfBefore > change.at)
        violations.push(`${change.operation} for release ${release} while release ${before} was open`);
    }
    current.set(change.by.app, release);
  }
  return violations;
}

/** 3. A release is live only if each service's own deployment was completed at its revision. */
export function liveMeansLive(played: Played): string[] {
  const violations: string[] = [];
  for (const release of releasesOf(played)) {
    if (release.end?.outcome !== 'live' || release.endedAt === undefined) continue;
    for (const rollout of release.services) {
      if (rollout.state === 'unchanged') continue;
      if (rollout.shift) {
        violations.push(...liveShift(played, release, rollout));
        continue;
      }
      const completed = played.world.history.emitted.some(
        (event) =>
          event.at <= (release.endedAt ?? 0) &&
          event.detail.eventName === 'SERVICE_DEPLOYMENT_COMPLETED' &&
          event.detail.deploymentId === rollout.deploymentId,
      );
      if (!completed)
        violations.push(
          `v${release.number} is live, and ${rollout.service}'s ${rollout.deploymentId} was never completed`,
        );
      const update = played.world.history.changes.find(
        (change) =>
          change.operation === 'UpdateService' && primaryOf(change.output)?.id === rollout.deploymentId,
      );
      // Someone may have forced a new deployment of the release's own revision: that one names none.
      if (!update || primaryOf(update.output)?.taskDefinition !== rollout.target)
        violations.push(
          `v${release.number} is live, and ${rollout.service}'s deployment is not of its revision ${rollout.target}`,
        );
    }
  }
  return violations;
}

/** 3. What a release calls its own deployment was ordered with UpdateService, by it or by whom it took for itself. */
export function whatRollsWasOrdered(played: Played): string[] {
  const ordered = new Set(
    played.world.history.changes.flatMap(({ operation, output }) =>
      operation === 'UpdateService' ? (primaryOf(output)?.id ?? []) : [],
    ),
  );
  return releasesOf(played).flatMap(({ number, services }) =>
    services.flatMap(({ service, deploymentId, shift }) =>
      deploymentId === undefined || shift || ordered.has(deploymentId)
        ? []
        : [`v${number} takes ${deploymentId} for its own, and it was not ordered for ${service}`],
    ),
  );
}

/** Where traffic shifts, ECS's own record of the service deployment decides: its events and lists are disputed. */
function liveShift(
  played: Played,
  { number, endedAt = 0 }: { readonly number: number; readonly endedAt?: number },
  { service, target }: { readonly service: string; readonly target?: string },
): string[] {
  const ours = deploymentsOf(played, service).filter((one) => one.target === target);
  const isLive = ours.some(({ status, finishedAt }) => status === 'SUCCESSFUL' && finishedAt <= endedAt);
  return isLive ? [] : [`v${number} is live, and no deployment of ${service} to ${target} was SUCCESSFUL`];
}

/**
 * Each time that ECS has no capacity is a separate attempt. A table of before those attempts begins to count anew, and
 * comes to a token that has started nothing: known by attempts that go down, which they never do otherwise.
 */
function hasForgottenRefusals(played: Played, releaseId: string, task: string): boolean {
  const attempts = byFunctions(played, 'RunTask').flatMap(({ by: { effect } }) =>
    effect.kind === 'startRun' && effect.release === releaseId && effect.task === task
      ? [effect.attempt]
      : [],
  );
  return attempts.some((attempt, index) => attempt < Math.max(...attempts.slice(0, index)));
}

/** How often a release task may run: once, but where retries are configured; and once more in place of Spot. */
function mostRunsOf({ retries, capacity }: ReleaseTask): number {
  if (retries.times === 0) return 1;
  return 1 + retries.times + (capacity && 'providers' in capacity ? 1 : 0);
}

/**
 * 4. Release tasks run once, more often only where retries are configured, and end with 0 in their named container
 * before a service changes.
 */
export function migrationGates(played: Played): string[] {
  const violations: string[] = [];
  const tasks = played.world.history.emitted.filter(
    (event) => event['detail-type'] === 'ECS Task State Change',
  );
  for (const release of releasesOf(played)) {
    const app = played.plan.configuration.apps.find((other) => other.name === release.app);
    if (!app) continue;
    const now = played.world.apps.find(({ name }) => name === release.app) ?? app;
    const ofRelease = tasks.filter(({ detail }) => detail.startedBy === `fairway/${release.id}`);
    for (const task of [...app.before, ...app.after]) {
      const ran = ofRelease.filter(
        ({ detail }) => detail.lastStatus === 'RUNNING' && detail.group === `family:${task.family}`,
      );
      const arns = new Set(ran.map(({ detail }) => detail.taskArn));
      if (arns.size > mostRunsOf(task) && !hasForgottenRefusals(played, release.id, task.name))
        violations.push(`v${release.number} ran ${task.name} ${arns.size} times`);
    }
    for (const change of byFunctions(played, 'UpdateService')) {
      if (change.by.effect.kind !== 'updateService' || releaseOfChange(played, change) !== release.id)
        continue;
      for (const run of release.tasks.filter(({ owner }) => 'phase' in owner && owner.phase === 'before')) {
        const task = app.before.find((other) => other.name === run.task);
        // Taken out of fairway.yml by then, and never begun.
        const isGone = !appAt(played, now, change.at).before.some(({ name }) => name === run.task);
        const hasBegun = ofRelease.some(({ detail }) => detail.group === `family:${task?.family}`);
        if (!task || (isGone && !hasBegun)) continue;
        const succeeded = ofRelease.some(
          ({ at, detail }) =>
            at <= change.at &&
            detail.lastStatus === 'STOPPED' &&
            detail.group === `family:${task.family}` &&
            (Array.isArray(detail.containers) ? detail.containers.map(asObject) : []).some(
              ({ name, exitCode }) => name === task.container && exitCode === 0,
            ),
        );
        if (!succeeded)
          violations.push(
            `v${release.number} changed ${change.input.service} although ${task.name} had not ended with 0`,
          );
      }
    }
  }
  return violations;
}

/** 1. Effects of an app are performed by one function at a time: the holder of its lease. */
export function onePerformer(played: Played): string[] {
  return played.world.history.overlaps;
}

/** 1. Before UpdateService is repeated, Fairway checks: what others have deployed meanwhile is not deployed over. */
export function repeatsLookFirst(played: Played): string[] {
  const { changes } = played.world.history;
  const ordered = new Set<string>();
  return byFunctions(played, 'UpdateService').flatMap((change) => {
    const { effect, attempt } = change.by;
    if (effect.kind !== 'updateService') return [];
    // The first attempt as Fairway counts it is a repeat if an earlier one was carried out.
    const order = [effect.service, effect.revision, effect.expected].join(' ');
    const isRepeat = attempt > 0 || ordered.has(order);
    ordered.add(order);
    if (!isRepeat) return [];
    if (change.primary === effect.expected || change.primary === primaryOf(change.output)?.id) return [];
    // Between the look and the call nothing can be closed on AWS.
    const justNow = changes.some(
      ({ by, at, operation, input }) =>
        !by && operation === 'UpdateService' && input.service === effect.service && change.at - at < 10_000,
    );
    return justNow ? [] : [`a repeated UpdateService of ${effect.service} deployed over ${change.primary}`];
  });
}

/** What takes a release further. */
const FORWARD: readonly string[] = ['readBases', 'register', 'updateService'];

/** Functions may die, and the table may be out, before an answer is saved. */
const MOST_DENIALS = 5;

/** 5. A missing permission fails a release at once. */
export function denialsAreFinal({ world }: Played): string[] {
  const { denials, saves } = world.history;
  const attempts = new Map<string, Set<string>>();
  for (const { at, by } of denials.filter(({ by }) => FORWARD.includes(by.effect.kind))) {
    const release = saves.findLast((save) => save.at <= at && save.state.app === by.app)?.state.release;
    if (!release) continue;
    const what = `${by.effect.kind} of v${release.number} of ${by.app}`;
    attempts.set(what, (attempts.get(what) ?? new Set()).add(`${by.invocation} ${by.attempt}`));
  }
  return [...attempts]
    .filter(([, { size }]) => size > MOST_DENIALS)
    .map(([what, { size }]) => `${what} was denied ${size} times, and did not fail`);
}

/** 6. What failed is not tried again without a person, nor is a tag that does not match. */
export function aPersonsWordStands(played: Played): string[] {
  const violations: string[] = [];
  const before = new Map<string, (typeof played.world.history.saves)[number]['state']>();
  for (const { state } of played.world.history.saves) {
    const earlier = before.get(state.app);
    before.set(state.app, state);
    const { release } = state;
    if (!release || earlier?.release?.id === release.id || release.trigger.kind !== 'push') continue;
    if (earlier?.blockedImages.some(({ digest }) => digest === release.image.digest))
      violations.push(`v${release.number} automatically retries an image that had failed`);
    const app = played.plan.configuration.apps.find(({ name }) => name === state.app);
    if (app && !judgeTag(app.image, release.image.tag).counts)
      violations.push(`v${release.number} is of the tag ${release.image.tag}, which does not count`);
  }
  return violations;
}

const OUTPUT_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
];

/** 8. A revision differs from its base only in image and tags. */
export function lossless(played: Played): string[] {
  return byFunctions(played, 'RegisterTaskDefinition').flatMap((change) => {
    const bases = basesOf(change);
    if (bases.length === 0) return [`a revision was registered for ${change.by.effect.kind}`];
    const { tags: _, ...input } = change.input;
    const isMadeFrom = (base: string) => isDeepStrictEqual(withoutImages(input), inputOf(played, base));
    return bases.some(isMadeFrom)
      ? []
      : [`a revision made from ${bases[0]} differs in more than image and tags`];
  });
}

/** What a revision was made from. For a run that is what its service runs, or the family's newest: any before it. */
function basesOf({ by, input, output }: ReturnType<typeof byFunctions>[number]): readonly string[] {
  switch (by.effect.kind) {
    case 'register':
      return [by.effect.base];
    case 'rollBack':
      return [by.effect.revision];
    case 'prepareRun': {
      const made = Number(asObject(output.taskDefinition).revision);
      return Array.from({ length: made - 1 }, (_, index) => `${input.family}:${made - 1 - index}`);
    }
    default:
      return [];
  }
}

function inputOf({ world }: Played, revision: string): object {
  const described = world.cloud.call('ecs', 'DescribeTaskDefinition', { taskDefinition: revision });
  const kept = Object.entries(asObject(described.taskDefinition)).filter(
    ([name]) => !OUTPUT_ONLY.includes(name),
  );
  return withoutImages(Object.fromEntries(kept));
}

function withoutImages(definition: object): object {
  const { containerDefinitions } = asObject(definition);
  const containers = Array.isArray(containerDefinitions) ? containerDefinitions.map(asObject) : [];
  return { ...definition, containerDefinitions: containers.map(({ image: _, ...rest }) => rest) };
}

/** 9. UpdateService carries the task definition, and nothing else that would change the service. */
export function scalingIsNotOurs(played: Played): string[] {
  return byFunctions(played, 'UpdateService').flatMap((change) =>
    Object.keys(change.input)
      .filter((member) => !['cluster', 'service', 'taskDefinition'].includes(member))
      .map((member) => `UpdateService of ${change.input.service} carried ${member}`),
  );
}

/** 11. No secret in a log line, an announcement or the table. */
export function secretsStaySecret({ world }: Played): string[] {
  const places = {
    'a log line': world.history.lines.map(({ text }) => text),
    'an announcement': world.history.told,
    'the table': world.table.items(),
  };
  return Object.entries(places)
    .filter(([, content]) => JSON.stringify(content).includes(SECRET))
    .map(([place]) => `a secret is in ${place}`);
}
