import type { EffectOf } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { knowsDeployment, lookAtWhatRuns, rememberDeployment } from '../kernel/deployments.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedBase, ObservedService } from '../observations.ts';
import type { BaseRequest } from '../requests.ts';
import { platformFits, revisionName } from '../revision.ts';
import { releaseTaskOf } from '../runs/settings.ts';
import { changedAt, isRolling, isUnderWay, primaryOf } from '../strategies/rolling.ts';
import { endRelease } from './ending.ts';
import { failRelease } from './failing.ts';
import { isOlderThanOurs, isSecondLook } from './looking.ts';
import { proceed } from './proceeding.ts';
import { tasksOfRelease } from './releaseTasks.ts';
import { closeStep } from './steps.ts';

/** The services are known: can they be released at all, and from which revisions? */
export function servicesFound(
  ctx: Context,
  release: ReleaseDraft,
  observations: readonly ObservedService[],
): string {
  const byName = new Map(observations.map((observed) => [observed.service, observed]));
  for (const rollout of release.services) {
    const observed = byName.get(rollout.service);
    const refusal = refuse(ctx, rollout.service, observed);
    if (refusal) return failRelease(ctx, release, { service: rollout.service, cause: refusal });
  }
  const older = release.services.find((rollout) => isOlder(ctx, byName.get(rollout.service)));
  if (older && !isSecondLook(ctx, older, [...byName.keys()])) {
    return `the answer about ${older.service} is older than its last deployment: looking once more`;
  }
  const busy = observations.find((observed) => rollingForeign(observed));
  if (busy) return waitForForeign(release, busy);
  if (release.trigger.kind === 'push' && observations.some((observed) => isUnknown(ctx, observed))) {
    // The event of a deployment from outside was lost, or the table is an older one: what runs decides.
    lookAtWhatRuns(ctx);
    return 'a deployment is not known: looking at what runs';
  }

  for (const rollout of release.services) {
    const observed = byName.get(rollout.service);
    const primary = observed && primaryOf(observed);
    if (!observed || !primary) continue;
    rollout.before = { taskDefinition: primary.taskDefinition, deploymentId: primary.id };
    const changed = changedAt(primary);
    if (changed !== undefined) rollout.before.changedAt = changed;
    const digest = memberOf(ctx.state.liveDigests, rollout.service);
    if (digest !== undefined) rollout.before.digest = digest;
    rollout.desired = observed.desired;
    rollout.threshold = observed.threshold;
    rememberDeployment(ctx, rollout.service, primary.id);
    if (!observed.breaker) {
      note(
        release,
        `${rollout.service} has no deployment circuit breaker: Fairway watches its tasks and its own timeout`,
      );
    }
  }
  enqueue(ctx, 'bases', { kind: 'readBases', bases: basesOf(ctx, release) });
  return 'the services can be released: reading the revisions they run';
}

function refuse(ctx: Context, name: string, observed: ObservedService | undefined) {
  const where = `service ${name} in cluster ${ctx.app.cluster}`;
  if (!observed?.found)
    return causeOf('serviceMissing', `There is no ${where}: create it, or fix its name in fairway.yml.`);
  if (observed.status !== 'ACTIVE')
    return causeOf('serviceNotActive', `The ${where} is ${observed.status}, not ACTIVE.`);
  if (observed.controller !== 'ECS') {
    return causeOf(
      'controller',
      `The ${where} is deployed by ${observed.controller}: Fairway rolls services of the ECS deployment controller only.`,
    );
  }
  if (!isRolling(observed)) {
    return causeOf(
      'strategy',
      `The ${where} uses the ${observed.strategy} strategy: Fairway rolls services of the ROLLING strategy only.`,
    );
  }
  if (!primaryOf(observed)) {
    return causeOf('noDeployment', `The ${where} has no deployment.`);
  }
  return undefined;
}

function rollingForeign(observed: ObservedService): boolean {
  const primary = primaryOf(observed);
  return primary !== undefined && isUnderWay(primary);
}

function isOlder(ctx: Context, observed: ObservedService | undefined): boolean {
  const primary = observed && primaryOf(observed);
  return (
    observed !== undefined &&
    primary !== undefined &&
    isOlderThanOurs(ctx, observed.service, changedAt(primary))
  );
}

function isUnknown(ctx: Context, observed: ObservedService): boolean {
  const primary = primaryOf(observed);
  return primary !== undefined && !knowsDeployment(ctx, observed.service, primary.id);
}

/** A deployment from outside is under way: the release waits for its end, within its own time. */
function waitForForeign(release: ReleaseDraft, busy: ObservedService): string {
  note(release, `waited for a deployment of ${busy.service} that was under way`);
  return `waiting for the deployment of ${busy.service} that is under way`;
}

function basesOf(ctx: Context, release: ReleaseDraft): BaseRequest[] {
  const wanted: BaseRequest[] = [];
  for (const { name, family, containers } of ctx.app.services) {
    const before = release.services.find((other) => other.service === name)?.before;
    if (!before) continue;
    const latest = ctx.app.baseRevision === 'latest' ? { latestOf: family } : {};
    addBase(wanted, {
      reference: before.taskDefinition,
      ...latest,
      containers,
      for: [`service:${name}`],
    });
  }
  for (const run of tasksOfRelease(ctx, release)) {
    const task = releaseTaskOf(ctx.app, run.task);
    if (task) addBase(wanted, { reference: task.family, containers: [], for: [`task:${task.name}`] });
  }
  return wanted;
}

/** The same base with the same containers is read once. */
function addBase(wanted: BaseRequest[], base: BaseRequest): void {
  const index = wanted.findIndex((other) => keyOf(other) === keyOf(base));
  const same = wanted[index];
  if (!same) wanted.push(base);
  else wanted[index] = { ...same, for: [...same.for, ...base.for] };
}

function keyOf({ latestOf, reference, containers }: BaseRequest): string {
  return [reference, latestOf ?? '', ...containers].join();
}

type Registration = Pick<EffectOf<'register'>, 'base' | 'for' | 'containers' | 'latest'>;

/** The revisions are known: nothing is registered before every one of them fits the image. */
export function basesRead(
  ctx: Context,
  release: ReleaseDraft,
  requests: readonly BaseRequest[],
  bases: readonly ObservedBase[],
): string {
  for (const base of bases) {
    const cause = unfit(release, base);
    if (cause) return failRelease(ctx, release, { cause, ...blame(base) });
  }
  const registrations = new Map<string, Registration>();
  for (const base of bases) {
    for (const what of base.notTaken ?? []) note(release, `not taken: ${what}`);
    const request = requests.find((other) => other.for.some((what) => base.for.includes(what)));
    const { latestOf, containers = [] } = request ?? {};
    const needed = settle(ctx, release, base);
    if (needed.length === 0) continue;
    // A task's family may well be that of a service: one revision serves both.
    const key = `register:${base.revision}:${containers.join()}`;
    const { for: others = [], latest = false } = registrations.get(key) ?? {};
    registrations.set(key, {
      base: base.revision,
      for: [...others, ...needed],
      containers,
      latest: latest || latestOf !== undefined,
    });
  }
  for (const [key, registration] of registrations) {
    enqueue(ctx, key, {
      kind: 'register',
      ...registration,
      image: release.image,
      releaseId: release.id,
      release: release.number,
    });
  }

  const { services } = release;
  if (services.length > 0 && services.every((rollout) => rollout.state === 'unchanged')) {
    for (const step of release.steps) if (step.state === 'pending') step.state = 'skipped';
    closeStep(release, 'prepare', 'done', ctx.now);
    return endRelease(ctx, release, 'live', 'every service runs this image already: nothing was changed');
  }
  return proceed(ctx);
}

function unfit(release: ReleaseDraft, base: ObservedBase) {
  const name = revisionName(base.revision);
  if (base.refusal !== undefined)
    return causeOf('noContainer', `No new revision can be made from ${name}: ${base.refusal}.`);
  if (base.launchRefusal !== undefined) return causeOf('launchSettings', base.launchRefusal);
  if (!base.takesImage) return undefined;
  const misfit = platformFits(release.image.platforms, base.platform);
  if (misfit === undefined) return undefined;
  return causeOf('wrongPlatform', `The image ${release.image.tag} cannot run on ${name}: ${misfit}.`);
}

function blame(base: ObservedBase): { service?: string; task?: string } {
  const [kind, name] = (base.for[0] ?? '').split(':', 2);
  if (!name) return {};
  return kind === 'task' ? { task: name } : { service: name };
}

/** What needs a new revision made from this base; the rest runs on the base itself. */
function settle(ctx: Context, release: ReleaseDraft, base: ObservedBase): string[] {
  const needed: string[] = [];
  for (const what of base.for) {
    const [kind, name] = what.split(':', 2);
    const rollout = release.services.find((other) => kind === 'service' && other.service === name);
    const run = tasksOfRelease(ctx, release).find((other) => kind === 'task' && other.task === name);
    if (rollout) {
      if (base.runs !== undefined && rollout.before) rollout.before.digest = base.runs;
      if (base.runs === release.image.digest && base.current) {
        rollout.state = 'unchanged';
        continue;
      }
      if (rollout.before && !base.current) {
        note(
          release,
          `${rollout.service} ran ${revisionName(rollout.before.taskDefinition)}; its new revision is made from ${revisionName(base.revision)}`,
        );
      }
    }
    const place = memberOf(base.places, name ?? '');
    if (run && place) Object.assign(run, structuredClone(place));
    if (run && (!base.takesImage || base.runs === release.image.digest)) {
      run.revision = base.revision;
      continue;
    }
    needed.push(what);
  }
  return needed;
}

/** A new revision exists: it becomes the target of what it was made for. */
export function registered(
  ctx: Context,
  release: ReleaseDraft,
  what: readonly string[],
  { revision, droppedTags }: { readonly revision: string; readonly droppedTags: readonly string[] },
): string {
  if (droppedTags.length > 0) {
    const name = revisionName(revision);
    note(release, `${name} has 50 tags, as many as ECS takes, without its base's ${droppedTags.join(', ')}`);
  }
  for (const entry of what) {
    const [kind, name] = entry.split(':', 2);
    for (const rollout of release.services) {
      if (kind === 'service' && rollout.service === name) rollout.target = revision;
    }
    for (const run of tasksOfRelease(ctx, release)) {
      if (kind === 'task' && run.task === name) run.revision = revision;
    }
  }
  proceed(ctx);
  return `registered ${revisionName(revision)}`;
}

function note(release: ReleaseDraft, sentence: string): void {
  if (!release.notes.includes(sentence)) release.notes.push(sentence);
}
