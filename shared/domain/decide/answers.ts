import { ALERT_EFFECTS } from '../alerts/effects.ts';
import { alertLinesRead } from '../alerts/lines.ts';
import type { Answer } from '../answers.ts';
import { type Effect, type EffectKind, type EffectOf, isAnswerTo } from '../effects.ts';
import type { Context, Draft } from '../kernel/context.ts';
import { type Handler, type Handlers, onlyReported } from '../kernel/handlers.ts';
import { resumeDeadline, throttled, throttledNoLonger } from '../kernel/rateLimits.ts';
import { noted, ofOpenRelease, RELEASE_EFFECTS, rememberMessage } from '../releases/effects.ts';
import { linesRead as releaseLinesRead } from '../releases/lines.ts';
import { serviceTaskSeen } from '../releases/stoppedTasks.ts';
import { withOwner } from '../releases/taskEnds.ts';
import { starterOf } from '../run.ts';
import { RUN_EFFECTS } from '../runs/effects.ts';
import { announceAtOnce, linesRead as runLinesRead } from '../runs/ending.ts';
import { runTaskSeen } from '../runs/following.ts';
import { lateTaskRefused, lateTaskStops } from '../runs/lateTasks.ts';
import { type RunDraft, runOfTask } from '../runs/parts.ts';
import { notStopped, stopAccepted } from '../runs/stopping.ts';
import type { PendingEffect } from '../state.ts';

/** An effect was performed, or could not be. Answers to what is no longer pending change nothing. */
export function answered(ctx: Context, key: string, answer: Answer): string {
  const { state, now } = ctx;
  const entry = state.outbox.find((other) => other.key === key);
  if (!entry) return 'the effect is no longer wanted';
  if (answer.kind === 'retry' && answer.throttling) {
    const { throttling } = answer;
    throttled(ctx, entry, { ...answer, throttling });
    return `waits for AWS's rate limit: ${answer.why}`;
  }
  throttledNoLonger(ctx, entry);
  if (answer.kind === 'retry') {
    entry.attempt += 1;
    entry.notBefore = now + answer.wait;
    entry.why = answer.why;
    if (entry.effect.kind === 'announceRelease') rememberMessage(ctx, entry.effect, answer.memory);
    return `tried again in ${Math.round(answer.wait / 1000)} s: ${answer.why}`;
  }
  const effect = structuredClone(entry.effect) as Effect;
  if (entry.again) renew(ctx, entry);
  else {
    state.outbox = state.outbox.filter((other) => other !== entry);
  }
  const reason = apply(ctx, effect, answer, entry.attempt);
  resumeDeadline(ctx);
  return reason;
}

/** It was asked for once more while it was performed: it has not waited for longer than that. */
function renew({ now }: Context, entry: Draft<PendingEffect>): void {
  for (const member of ['again', 'notBefore', 'reported', 'why'] as const) delete entry[member];
  entry.since = now;
}

function apply<Kind extends EffectKind>(
  ctx: Context,
  effect: EffectOf<Kind>,
  answer: Exclude<Answer, { kind: 'retry' }>,
  attempt: number,
): string {
  const handler: Handler<Kind> = HANDLERS[effect.kind];
  if (answer.kind === 'refused') return handler.refused(ctx, effect, answer.cause, attempt);
  if (!isAnswerTo(effect, answer)) return `${answer.kind} is no answer to ${effect.kind}: nothing is known`;
  return handler.answered(ctx, effect, answer);
}

const taskOfService = ofOpenRelease<'lookAtTask'>({
  answered: (ctx, release, _, { task }) => serviceTaskSeen(ctx, release, task),
  refused: noted,
});

/** Has a run go on by what AWS has answered, and the release that owns it, which need not ask just now. */
function goOn(ctx: Context, run: RunDraft, act: () => string): string {
  const { release } = ctx.state;
  if (release && starterOf(run) === release.id) release.lookedAt = ctx.now;
  return withOwner(ctx, run, act);
}

/** Effects that runs, releases and alerts have in common: whose they are decides. */
const COMMON_EFFECTS: Handlers<'lookAtTask' | 'stopTask' | 'readLines' | 'announceApp'> = {
  lookAtTask: {
    answered: (ctx, effect, answer) => {
      const run = runOfTask(ctx, effect.taskArn);
      return run
        ? goOn(ctx, run, () => runTaskSeen(ctx, run, answer.task))
        : taskOfService.answered(ctx, effect, answer);
    },
    refused: (ctx, effect, cause, attempt) =>
      runOfTask(ctx, effect.taskArn) ? cause.sentence : taskOfService.refused(ctx, effect, cause, attempt),
  },
  stopTask: {
    answered: (ctx, { taskArn }) => {
      const run = runOfTask(ctx, taskArn);
      return run ? stopAccepted(ctx, run) : (lateTaskStops(ctx, taskArn) ?? 'ECS is stopping it');
    },
    refused: (ctx, { taskArn }, cause) => {
      const run = runOfTask(ctx, taskArn);
      if (run) return goOn(ctx, run, () => notStopped(ctx, run, cause));
      return lateTaskRefused(ctx, taskArn, cause) ?? cause.sentence;
    },
  },
  readLines: {
    answered: (ctx, effect, { tail }) => {
      if (effect.of === 'alert') return alertLinesRead(ctx, effect, tail);
      if (effect.of === 'release') return releaseLinesRead(ctx, effect.id, tail);
      announceAtOnce(ctx, effect.id);
      return runLinesRead(ctx, effect.id, tail);
    },
    refused: (ctx, { of, id }) => {
      if (of === 'run') announceAtOnce(ctx, id);
      return 'its log was not read';
    },
  },
  announceApp: { answered: (_, { channel }) => `announced to ${channel}`, refused: onlyReported },
};

const START: Handler<'startRun'> = {
  answered: (ctx, effect, answer) =>
    ofRun(ctx, effect, () => RUN_EFFECTS.startRun.answered(ctx, effect, answer)),
  refused: (ctx, effect, cause, attempt) =>
    ofRun(ctx, effect, () => RUN_EFFECTS.startRun.refused(ctx, effect, cause, attempt)),
};

function ofRun(ctx: Context, { run: id }: EffectOf<'startRun'>, act: () => string): string {
  const run = ctx.state.runs.find((other) => other.id === id && other.state !== 'ended');
  return run ? goOn(ctx, run, act) : 'the run has ended';
}

const HANDLERS: Handlers<EffectKind> = {
  ...RELEASE_EFFECTS,
  ...RUN_EFFECTS,
  ...ALERT_EFFECTS,
  ...COMMON_EFFECTS,
  startRun: START,
};
