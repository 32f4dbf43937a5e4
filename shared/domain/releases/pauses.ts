import { announceApp, announceRelease } from '../kernel/announcing.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { enqueue } from '../kernel/outbox.ts';
import type { ObservedServiceDeployment } from '../observations.ts';
import type { OperatorRequest } from '../operator.ts';
import type { Release } from '../release.ts';
import { pausesOf } from '../strategies/shifting.ts';

/** Deployments that wait for a person: announced, reminded of, and continued. */

type Rollout = ReleaseDraft['services'][number];
type Pause = NonNullable<Rollout['pauses']>[number];

/** The last reminder comes this long before ECS decides on its own. */
const LAST_CALL = 5 * 60_000;

/** What a look at our deployment says about its pauses. Each step of a traffic shift has new ones. */
export function noticePauses(
  ctx: Context,
  release: ReleaseDraft,
  rollout: Rollout,
  ours: ObservedServiceDeployment,
): void {
  const before = rollout.pauses ?? [];
  const now = pausesOf(ours);
  const fresh = now.filter(({ id }) => !before.some((other) => other.id === id));
  const kept = before.filter(({ id }) => now.some((other) => other.id === id));
  const added = fresh.map(({ id, expiresAt, timeoutAction }): Pause => {
    const pause: Pause = {
      id,
      stage: ours.stage ?? 'a pause',
      since: ctx.now,
      deployment: ours.arn,
      reminders: 0,
    };
    if (expiresAt !== undefined) pause.expiresAt = expiresAt;
    if (timeoutAction !== undefined) pause.timeoutAction = timeoutAction;
    return pause;
  });
  if (added.length === 0 && kept.length === before.length) return;
  rollout.pauses = [...kept, ...added];
  for (const pause of added)
    announceApp(ctx, 'paused', 'warning', `${waits(rollout, pause)}. ${choices(ctx, rollout)}`);
  // What a person took to decide is not the rollout's time.
  if (rollout.pauses.length === 0)
    release.deadline = Math.max(release.deadline, ctx.now + ctx.app.timeouts.rollout);
  announceRelease(ctx, release);
}

/** Reminds people at half time, and shortly before ECS decides. */
export function remindOfPauses(ctx: Context, release: ReleaseDraft): void {
  for (const rollout of release.services) {
    for (const pause of rollout.pauses ?? []) {
      const due = reminderAt(pause);
      if (!isUnderWay(rollout) || due === undefined || ctx.now < due) continue;
      pause.reminders = pause.expiresAt !== undefined && ctx.now >= pause.expiresAt - LAST_CALL ? 2 : 1;
      announceApp(ctx, 'paused', 'warning', `${waits(rollout, pause)}. ${choices(ctx, rollout)}`);
    }
  }
}

/** When the next reminder is due; undefined: none is. */
function reminderAt({ since, expiresAt, reminders, continuedBy }: Readonly<Pause>): number | undefined {
  if (expiresAt === undefined || continuedBy !== undefined || reminders >= 2) return undefined;
  return reminders === 0 ? Math.min((since + expiresAt) / 2, expiresAt - LAST_CALL) : expiresAt - LAST_CALL;
}

/** When a reminder of the release is due. */
export function remindersDueAt(release: Release): readonly number[] {
  return release.services.flatMap((rollout) =>
    isUnderWay(rollout) ? (rollout.pauses ?? []).flatMap((pause) => reminderAt(pause) ?? []) : [],
  );
}

/** Whether a deployment of it is open, forwards or back: only then a pause can wait. */
export function isUnderWay({ state }: Pick<Rollout, 'state'>): boolean {
  return state === 'rolling' || state === 'rollingBack';
}

/**
 * "web-app waits for a person at POST_TEST_TRAFFIC_SHIFT until 14:05 UTC, then rolls back". The deployment that takes a
 * service back to its earlier revision passes the same hooks.
 */
export function waits(
  { service, state }: Pick<Rollout, 'service' | 'state'>,
  { stage, expiresAt, timeoutAction }: Pick<Pause, 'stage' | 'expiresAt' | 'timeoutAction'>,
): string {
  const isBack = state === 'rollingBack';
  const until =
    expiresAt === undefined ? '' : ` until ${new Date(expiresAt).toISOString().slice(11, 16)} UTC`;
  const givesUp = isBack ? 'fails' : 'rolls back';
  const after =
    timeoutAction === undefined ? '' : `, then ${timeoutAction === 'CONTINUE' ? 'continues' : givesUp}`;
  return `${isBack ? `the rollback of ${service}` : service} waits for a person at ${stage}${until}${after}`;
}

function choices({ app }: Context, { state }: Rollout): string {
  const proceed = `\`fairway continue ${app.name}\` continues it`;
  return state === 'rollingBack'
    ? `${proceed}.`
    : `${proceed}, \`fairway cancel ${app.name}\` rolls it back.`;
}

type Continue = Extract<OperatorRequest, { command: 'continue' }>;

/** A person continues a deployment. Bound to the pause that they saw: each step has another one. */
export function continuePause(
  ctx: Context,
  { hook, who, reason }: Continue,
): { reason: string; refused?: true } {
  const { app, state } = ctx;
  const { release } = state;
  const waiting = (release?.services ?? []).flatMap((rollout) =>
    isUnderWay(rollout) ? (rollout.pauses ?? []).map((pause) => ({ rollout, pause })) : [],
  );
  const open = waiting.filter(({ pause }) => pause.continuedBy === undefined);
  if (!release || open.length === 0) return refused(`no deployment of ${app.name} waits for a person`);
  const found = hook === undefined ? open : open.filter(({ pause }) => pause.id === hook);
  const [one] = found;
  if (!one) return refused(`${hook} no longer waits: ${open.map(({ pause }) => pause.id).join(', ')} does`);
  if (found.length > 1) {
    const named = found.map(({ rollout, pause }) => `${waits(rollout, pause)}: --hook ${pause.id}`);
    return refused(`several pauses wait, name one of them: ${named.join('; ')}`);
  }
  const { rollout, pause } = one;
  pause.continuedBy = who;
  const why = reason === undefined ? '' : `: ${reason}`;
  release.notes.push(`${who} continued ${rollout.service} at ${pause.stage}${why}`);
  enqueue(ctx, `pause:${pause.id}`, {
    kind: 'answerPause',
    service: rollout.service,
    deployment: pause.deployment,
    hook: pause.id,
    action: 'CONTINUE',
    who,
  });
  announceRelease(ctx, release);
  return { reason: `${rollout.service} continues at ${pause.stage}` };
}

function refused(reason: string) {
  return { reason, refused: true as const };
}

/** ECS did not accept the decision: the pause still waits, or has ended by now. */
export function pauseNotAnswered(release: ReleaseDraft, hook: string, sentence: string): string {
  for (const rollout of release.services)
    for (const pause of rollout.pauses ?? []) if (pause.id === hook) delete pause.continuedBy;
  release.notes.push(sentence);
  return sentence;
}
