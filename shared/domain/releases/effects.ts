import type { AnswerTo, EffectKind, EffectOf } from '../effects.ts';
import type { Context, ReleaseDraft } from '../kernel/context.ts';
import { type Handler, type Handlers, onlyReported } from '../kernel/handlers.ts';
import { SECOND_LOOK } from '../observations.ts';
import type { Cause } from '../release.ts';
import { adopted } from './adopting.ts';
import { basesRead } from './bases.ts';
import { endedUnseen, serviceDeploymentsRead, serviceDeploymentsUnread } from './endedByEcs.ts';
import { forgetEnded } from './ending.ts';
import { failRelease } from './failing.ts';
import { imageInspected, imageMissing, lookUpFailed } from './inspecting.ts';
import { lookAtRollouts } from './looking.ts';
import { pauseNotAnswered } from './pauses.ts';
import { servicesFound } from './preparing.ts';
import { startWaiting } from './pushes.ts';
import { registered } from './registering.ts';
import {
  finishRollback,
  leftToOthers,
  rollbackRefused,
  rollbackUnproven,
  rollingBack,
} from './rollingBack.ts';
import { servicesSeen, serviceUpdated } from './rollouts.ts';
import { shiftsUnseen } from './shiftLooks.ts';
import { shiftStopping, shiftsSeen } from './shifts.ts';
import { causeFound, healthyCounted } from './stoppedTasks.ts';
import { endRolloutOf } from './verdict.ts';

/** What the answers to a release's effects mean, and to those of what leads to a release. */
export const RELEASE_EFFECTS: Handlers<
  | 'adopt'
  | 'inspectImage'
  | 'lookAtServices'
  | 'readBases'
  | 'register'
  | 'updateService'
  | 'readServiceDeployments'
  | 'lookAtShifts'
  | 'answerPause'
  | 'findCause'
  | 'countHealthy'
  | 'rollBack'
  | 'recordPush'
  | 'recordRelease'
  | 'announceRelease'
> = {
  adopt: {
    answered: (ctx, { since }, { services }) => thenStart(ctx, adopted(ctx, services, since)),
    refused: (ctx, _, { sentence }) => thenStart(ctx, sentence),
  },
  inspectImage: {
    answered: (ctx, effect, answer) =>
      answer.kind === 'imageInspected'
        ? imageInspected(ctx, effect, answer)
        : imageMissing(ctx, effect, answer.reason, answer.digest),
    refused: (ctx, effect, { sentence }) => lookUpFailed(ctx, effect, sentence),
  },
  lookAtServices: ofOpenRelease({
    answered: (ctx, release, _, { services }) =>
      release.step === 'preparing'
        ? servicesFound(ctx, release, services)
        : servicesSeen(ctx, release, services),
    refused: servicesUnseen,
  }),
  readBases: ofOpenRelease({
    answered: (ctx, release, { bases }, answer) =>
      release.step === 'preparing' ? basesRead(ctx, release, bases, answer) : 'not preparing',
    refused: failsRelease,
  }),
  register: ofOpenRelease({
    answered: (ctx, release, effect, answer) => registered(ctx, release, effect.for, answer),
    refused: failsRelease,
  }),
  updateService: ofOpenRelease({
    answered: (ctx, release, { service }, answer) => {
      if (answer.kind === 'serviceUpdated') return serviceUpdated(ctx, release, service, answer);
      if (answer.kind === 'foreign')
        return endRolloutOf(ctx, release, service, { kind: 'deployedOver', theirs: answer });
      return endedUnseen(ctx, release, service, answer);
    },
    refused: (ctx, release, { service }, cause) =>
      endRolloutOf(ctx, release, service, { kind: 'refused', cause }),
  }),
  lookAtShifts: {
    answered: (ctx, effect, answer) =>
      ctx.state.release ? shiftsSeen(ctx, ctx.state.release, effect, answer) : 'the release has ended',
    refused: (ctx, _, cause) =>
      ctx.state.release ? shiftsUnseen(ctx, ctx.state.release, cause) : cause.sentence,
  },
  answerPause: ofOpenRelease({
    answered: (_, __, { service }) => `${service} continues`,
    refused: (_, release, { hook }, { sentence }) => pauseNotAnswered(release, hook, sentence),
  }),
  readServiceDeployments: ofOpenRelease({
    answered: serviceDeploymentsRead,
    refused: (ctx, release, effect, { sentence }) => serviceDeploymentsUnread(ctx, release, effect, sentence),
  }),
  findCause: ofOpenRelease({
    answered: (ctx, release, _, answer) => causeFound(ctx, release, answer),
    refused: noted,
  }),
  countHealthy: ofOpenRelease({
    answered: (ctx, release, { service }, { healthy }) => healthyCounted(ctx, release, service, healthy),
    refused: noted,
  }),
  rollBack: ofOpenRelease({
    answered: (ctx, release, effect, answer) => {
      if (answer.kind === 'rollingBack') return rollingBack(ctx, release, effect.service, answer);
      if (answer.kind === 'stopping') return shiftStopping(ctx, release, effect.service, answer);
      if (answer.kind === 'foreign') return leftToOthers(ctx, release, effect.service, answer);
      return rollbackUnproven(ctx, release, effect);
    },
    refused: (ctx, release, { service }, cause) => rollbackRefused(ctx, release, service, cause),
  }),
  recordPush: { answered: () => 'recorded', refused: onlyReported },
  recordRelease: {
    answered: (ctx) => {
      forgetEnded(ctx);
      return 'recorded';
    },
    refused: onlyReported,
  },
  announceRelease: {
    answered: (ctx, effect, { memory }) => {
      rememberMessage(ctx, effect, memory);
      return `announced to ${effect.channel}`;
    },
    refused: onlyReported,
  },
};

interface ReleaseHandler<Kind extends EffectKind> {
  readonly answered: (
    ctx: Context,
    release: ReleaseDraft,
    effect: EffectOf<Kind>,
    answer: AnswerTo<Kind>,
  ) => string;
  readonly refused: (
    ctx: Context,
    release: ReleaseDraft,
    effect: EffectOf<Kind>,
    cause: Cause,
    attempt: number,
  ) => string;
}

/** An effect of the open release: its answer shows that ECS was asked about it just now. */
export function ofOpenRelease<Kind extends EffectKind>(handler: ReleaseHandler<Kind>): Handler<Kind> {
  const open = (ctx: Context, then: (release: ReleaseDraft) => string) => {
    const { release } = ctx.state;
    if (!release) return 'the release has ended';
    release.lookedAt = ctx.now;
    return then(release);
  };
  return {
    answered: (ctx, effect, answer) => open(ctx, (release) => handler.answered(ctx, release, effect, answer)),
    refused: (ctx, effect, cause, attempt) =>
      open(ctx, (release) => handler.refused(ctx, release, effect, cause, attempt)),
  };
}

/** What a channel has to know when the same release is announced again. */
export function rememberMessage(
  { state }: Context,
  { releaseId, channel }: EffectOf<'announceRelease'>,
  memory: string | undefined,
): void {
  if (memory !== undefined) state.channelMemory[`${releaseId}/${channel}`] = memory;
}

/** What a look found out is wanted, and not needed. */
export function noted(_ctx: Context, release: ReleaseDraft, _effect: unknown, { sentence }: Cause): string {
  release.notes.push(sentence);
  return sentence;
}

function failsRelease(ctx: Context, release: ReleaseDraft, _effect: unknown, cause: Cause): string {
  return failRelease(ctx, release, { cause });
}

/** A rollback does not end because nothing can be read: its orders have separate answers. A last look is repeated. */
function servicesUnseen(ctx: Context, release: ReleaseDraft, effect: unknown, cause: Cause): string {
  if (release.step !== 'rollingBack') return failsRelease(ctx, release, effect, cause);
  if (!release.notes.includes(cause.sentence)) release.notes.push(cause.sentence);
  for (const rollout of release.services) delete rollout.doubtedAt;
  if (ctx.now >= release.deadline) lookAtRollouts(ctx, release, ctx.now + SECOND_LOOK);
  return finishRollback(ctx, release);
}

/** A resumed app starts what waits once it is known what runs, or that it cannot be known. */
function thenStart(ctx: Context, reason: string): string {
  const next = startWaiting(ctx);
  return next === undefined ? reason : `${reason}; ${next}`;
}
