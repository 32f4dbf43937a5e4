import { ALERT_EFFECTS } from '../alerts/effects.ts';
import { alertLinesRead } from '../alerts/lines.ts';
import type { Answer } from '../answers.ts';
import { copyOf } from '../data.ts';
import { type Effect, type EffectKind, type EffectOf, isAnswerTo } from '../effects.ts';
import type { Context } from '../kernel/context.ts';
import { type Handler, type Handlers, onlyReported } from '../kernel/handlers.ts';
import { stopAccepted as releaseStopAccepted } from '../releases/abandoning.ts';
import { noted, ofOpenRelease, RELEASE_EFFECTS, rememberMessage } from '../releases/effects.ts';
import { lateTaskRefused, lateTaskStops } from '../releases/lateTasks.ts';
import { linesRead as releaseLinesRead } from '../releases/lines.ts';
import { serviceTaskSeen } from '../releases/stoppedTasks.ts';
import { releaseTaskSeen, stopRefused } from '../releases/tasks.ts';
import { RUN_EFFECTS } from '../runs/effects.ts';
import { announceAtOnce, linesRead as runLinesRead } from '../runs/ending.ts';
import { notStopped, runTaskSeen } from '../runs/following.ts';
import { runOfTask } from '../runs/parts.ts';
import { stopAccepted as runStopAccepted } from '../runs/stopping.ts';

/** An effect was performed, or could not be. Answers to what is no longer pending change nothing. */
export function answered(ctx: Context, key: string, answer: Answer): string {
  const { state, now } = ctx;
  const entry = state.outbox.find((other) => other.key === key);
  if (!entry) return 'the effect is no longer wanted';
  if (answer.kind === 'retry') {
    entry.attempt += 1;
    entry.notBefore = now + answer.wait;
    entry.why = answer.why;
    if (entry.effect.kind === 'announceRelease') rememberMessage(ctx, entry.effect, answer.memory);
    return `tried again in ${Math.round(answer.wait / 1000)} s: ${answer.why}`;
  }
  const effect = copyOf(entry.effect) as Effect;
  if (entry.again) {
    delete entry.again;
    delete entry.notBefore;
  } else {
    state.outbox = state.outbox.filter((other) => other !== entry);
  }
  return apply(ctx, effect, answer, entry.attempt);
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

const taskOfRelease = ofOpenRelease<'lookAtTask'>({
  answered: (ctx, release, _, { task }) => {
    const releaseTask = release.tasks.find(({ taskArn }) => taskArn === task.taskArn);
    return releaseTask
      ? releaseTaskSeen(ctx, release, releaseTask, task)
      : serviceTaskSeen(ctx, release, task);
  },
  refused: noted,
});

const stopOfRelease = ofOpenRelease<'stopTask'>({
  answered: (ctx, release, { taskArn }) => releaseStopAccepted(ctx, release, taskArn),
  refused: (ctx, release, { taskArn }, cause) => stopRefused(ctx, release, taskArn, cause),
});

/** Effects that runs, releases and alerts have in common: whose they are decides. */
const COMMON_EFFECTS: Handlers<'lookAtTask' | 'stopTask' | 'readLines' | 'announceApp'> = {
  lookAtTask: {
    answered: (ctx, effect, answer) => {
      const run = runOfTask(ctx, effect.taskArn);
      return run ? runTaskSeen(ctx, run, answer.task) : taskOfRelease.answered(ctx, effect, answer);
    },
    refused: (ctx, effect, cause, attempt) =>
      runOfTask(ctx, effect.taskArn) ? cause.sentence : taskOfRelease.refused(ctx, effect, cause, attempt),
  },
  stopTask: {
    answered: (ctx, effect, answer) => {
      const run = runOfTask(ctx, effect.taskArn);
      if (run) return runStopAccepted(ctx, run);
      return lateTaskStops(ctx, effect.taskArn) ?? stopOfRelease.answered(ctx, effect, answer);
    },
    refused: (ctx, effect, cause, attempt) => {
      const run = runOfTask(ctx, effect.taskArn);
      if (run) return notStopped(ctx, run, cause);
      return (
        lateTaskRefused(ctx, effect.taskArn, cause) ?? stopOfRelease.refused(ctx, effect, cause, attempt)
      );
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

const HANDLERS: Handlers<EffectKind> = {
  ...RELEASE_EFFECTS,
  ...RUN_EFFECTS,
  ...ALERT_EFFECTS,
  ...COMMON_EFFECTS,
};
