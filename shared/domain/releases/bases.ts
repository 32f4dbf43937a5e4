import { copyOf } from '../data.ts';
import type { AnswerTo, EffectOf } from '../effects.ts';
import { causeOf } from '../kernel/causes.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import { memberOf } from '../member.ts';
import type { ObservedBase } from '../observations.ts';
import type { BaseRequest } from '../requests.ts';
import { platformFits, revisionName } from '../revision.ts';
import { releaseTaskOf } from '../runs/settings.ts';
import { forService, forTask, useOf } from '../uses.ts';
import { endUnchanged } from './ending.ts';
import { failRelease } from './failing.ts';
import { note } from './notes.ts';
import { proceed } from './proceeding.ts';
import { tasksOfRelease } from './releaseTasks.ts';

/** The revisions that a release's own are made from. */

/** Asks for the revisions that the release's own are made from. */
export function askForBases(ctx: Context, release: ReleaseDraft): void {
  enqueue(ctx, 'bases', { kind: 'readBases', bases: basesOf(ctx, release) });
}

function basesOf(ctx: Context, release: ReleaseDraft): BaseRequest[] {
  const wanted: BaseRequest[] = [];
  for (const { name, family, containers } of ctx.app.services) {
    const before = release.services.find((other) => other.service === name)?.before;
    if (!before) continue;
    addBase(wanted, {
      reference: before.taskDefinition,
      ...chosenBase(ctx, release, family),
      containers,
      for: [forService(name)],
    });
  }
  for (const run of tasksOfRelease(ctx, release)) {
    const task = releaseTaskOf(ctx.app, run.task);
    if (task) addBase(wanted, { reference: task.family, containers: [], for: [forTask(task.name)] });
  }
  return wanted;
}

/** Another revision to start from than the one that runs. */
function chosenBase({ app }: Context, { trigger }: ReleaseDraft, family: string) {
  const from = trigger.kind === 'deploy' && trigger.bases ? memberOf(trigger.bases, family) : undefined;
  if (from !== undefined) return { from };
  return app.baseRevision === 'latest' ? { latestOf: family } : {};
}

/** The same base with the same containers is read once. */
function addBase(wanted: BaseRequest[], base: BaseRequest): void {
  const index = wanted.findIndex((other) => keyOf(other) === keyOf(base));
  const same = wanted[index];
  if (!same) wanted.push(base);
  else wanted[index] = { ...same, for: [...same.for, ...base.for] };
}

function keyOf({ from, latestOf, reference, containers }: BaseRequest): string {
  return [reference, from ?? latestOf ?? '', ...containers].join();
}

type Registration = Pick<EffectOf<'register'>, 'base' | 'for' | 'containers' | 'latest'>;

/** The revisions are known: nothing is registered before every one of them fits the image. */
export function basesRead(
  ctx: Context,
  release: ReleaseDraft,
  requests: readonly BaseRequest[],
  { bases, traffic }: AnswerTo<'readBases'>,
): string {
  for (const sentence of [...(traffic?.findings ?? []), ...(traffic?.unchecked ?? [])])
    note(release, sentence);
  const [misled] = traffic?.findings ?? [];
  if (misled !== undefined && ctx.app.refusesResetWeights)
    return failRelease(ctx, release, { cause: causeOf('resetWeights', misled) });
  for (const base of bases) {
    const cause = unfit(release, base);
    if (cause) return failRelease(ctx, release, { cause, ...blame(base) });
  }
  const registrations = new Map<string, Registration>();
  for (const base of bases) {
    for (const what of base.notTaken ?? []) note(release, `not taken: ${what}`);
    const request = requests.find((other) => other.for.some((what) => base.for.includes(what)));
    const { from, latestOf, containers = [] } = request ?? {};
    const needed = settle(ctx, release, base);
    if (needed.length === 0) continue;
    // A task's family may well be that of a service: one revision serves both.
    const key = `register:${base.revision}:${containers.join()}`;
    const { for: others = [], latest = false } = registrations.get(key) ?? {};
    registrations.set(key, {
      base: base.revision,
      for: [...others, ...needed],
      containers,
      latest: latest || from !== undefined || latestOf !== undefined,
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
  if (services.length > 0 && services.every((rollout) => rollout.state === 'unchanged'))
    return endUnchanged(ctx, release);
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

function blame({ for: [first = ''] }: ObservedBase): { service?: string; task?: string } {
  const use = useOf(first);
  if (!use) return {};
  return use.kind === 'task' ? { task: use.name } : { service: use.name };
}

/** What needs a new revision made from this base; the rest runs on the base itself. */
function settle(ctx: Context, release: ReleaseDraft, base: ObservedBase): readonly string[] {
  return base.for.filter((what) => {
    const use = useOf(what);
    if (use?.kind === 'service') return !settleService(release, use.name, base);
    return use?.kind === 'task' && !settleTask(ctx, release, use.name, base);
  });
}

/** Whether the service stays on what it runs. */
function settleService(release: ReleaseDraft, name: string, base: ObservedBase): boolean {
  const rollout = release.services.find(({ service }) => service === name);
  if (!rollout) return false;
  const { before } = rollout;
  if (base.runs !== undefined && before) before.digest = base.runs;
  if (base.runs === release.image.digest && base.current && !replacesTasks(release, rollout)) {
    rollout.state = 'unchanged';
    return true;
  }
  if (before && !base.current) {
    const [from, to] = [revisionName(before.taskDefinition), revisionName(base.revision)];
    note(release, `${name} ran ${from}; its new revision is made from ${to}`);
  }
  return false;
}

/** A restart, or changed settings: new tasks of the same image. */
function replacesTasks({ trigger }: ReleaseDraft, { settings }: ReleaseDraft['services'][number]): boolean {
  return settings !== undefined || (trigger.kind === 'deploy' && trigger.restart === true);
}

/** Whether the task runs on the base itself: that takes another image, or has this one. */
function settleTask(ctx: Context, release: ReleaseDraft, name: string, base: ObservedBase): boolean {
  const run = tasksOfRelease(ctx, release).find(({ task }) => task === name);
  if (!run) return false;
  Object.assign(run, copyOf(memberOf(base.places, name)));
  if (base.takesImage && base.runs !== release.image.digest) return false;
  run.revision = base.revision;
  return true;
}
