import type { JsonObject } from '../../contract.ts';
import { emitHook } from '../events.ts';
import type { Context, Service, ServiceDeployment } from '../model.ts';
import { object, objects, text, texts } from '../read.ts';
import type { Hook, Shift, Stage } from './model.ts';

/** Lifecycle hooks: functions that a stage calls, and pauses for a person. AWS docs: deployment-lifecycle-hooks. */

/** A deployment at a stage; a rolling one shifts no traffic. */
type AskedShift = Pick<Shift, 'stage' | 'hooks'> & Partial<Pick<Shift, 'test' | 'production'>>;

const MINUTE = 60_000;
/** Default of `timeoutInMinutes`. */
const USUAL_TIMEOUT = 1_440;

/** Starts the hooks of the stage, each with a separate ID. */
export function startHooks(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  shift: Pick<Shift, 'stage' | 'hooks'>,
  types: readonly Hook['type'][],
): void {
  const { stage } = shift;
  shift.hooks = configuredHooks(deployment, stage)
    .map((document) => newHook(ctx, document))
    .filter(({ type }) => types.includes(type));
  for (const hook of shift.hooks) {
    emitHook(ctx, service, deployment, hook, hook.type === 'PAUSE' ? 'AWAITING_ACTION' : 'IN_PROGRESS');
  }
}

/** What the hooks of the stage come to: wait, go on, or roll back for this reason. */
export function reviewHooks(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  shift: AskedShift,
): 'open' | 'passed' | { readonly failed: string } {
  for (const hook of shift.hooks) {
    if (hook.status === 'IN_PROGRESS' && ctx.clock.now() >= (hook.askAt ?? 0))
      askFunction(ctx, service, deployment, hook, shift);
    if (isOpen(hook) && ctx.clock.now() >= hook.expiresAt) end(ctx, service, deployment, hook, 'TIMED_OUT');
  }
  const reasons = shift.hooks.flatMap((hook) => whyFailed(hook, shift.stage) ?? []);
  if (reasons[0] !== undefined) return { failed: reasons[0] };
  return shift.hooks.some(isOpen) ? 'open' : 'passed';
}

/** When the first open hook expires, or its function is asked again. */
export function hooksDue(ctx: Context, { hooks }: Pick<Shift, 'hooks'>): number | undefined {
  const times = hooks
    .filter(isOpen)
    .map((hook) =>
      hook.type === 'PAUSE'
        ? hook.expiresAt
        : Math.min(hook.expiresAt, hook.askAt ?? ctx.clock.now() + CALL_BACK * 1_000),
    );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** The default of `callBackDelay`, seconds. */
const CALL_BACK = 30;

/** A person has decided about a pause. */
export function answerPause(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  hook: Hook,
  action: 'CONTINUE' | 'ROLLBACK',
): void {
  end(ctx, service, deployment, hook, action === 'CONTINUE' ? 'SUCCEEDED' : 'FAILED');
}

export function isOpen({ status }: Hook): boolean {
  return status === 'AWAITING_ACTION' || status === 'IN_PROGRESS';
}

function configuredHooks({ configuration }: ServiceDeployment, stage: Stage): readonly JsonObject[] {
  return objects(configuration.document, 'lifecycleHooks').filter((hook) =>
    texts(hook, 'lifecycleStages').includes(stage),
  );
}

function newHook(ctx: Context, document: JsonObject): Hook {
  const isPause = text(document, 'targetType') === 'PAUSE';
  const timeout = object(document, 'timeoutConfiguration') ?? {};
  const minutes = typeof timeout.timeoutInMinutes === 'number' ? timeout.timeoutInMinutes : USUAL_TIMEOUT;
  const target = text(document, 'hookTargetArn');
  return {
    id: `ecs-${isPause ? 'pause' : 'lambda'}-${ctx.ids.urlSafe(21)}`,
    type: isPause ? 'PAUSE' : 'AWS_LAMBDA',
    ...(target === undefined ? {} : { target }),
    expiresAt: ctx.clock.now() + minutes * MINUTE,
    timeoutAction: text(timeout, 'action') === 'CONTINUE' ? 'CONTINUE' : 'ROLLBACK',
    status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
  };
}

function askFunction(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  hook: Hook,
  shift: AskedShift,
): void {
  const { stage } = shift;
  const payload = payloadFor(service, deployment, hook, shift);
  const answer = ctx.hookAnswer({ id: hook.id, functionArn: hook.target ?? '', stage, payload });
  hook.answer = answer;
  hook.askAt = ctx.clock.now() + (answer.callBackDelay ?? CALL_BACK) * 1_000;
  if (answer.status !== 'IN_PROGRESS') end(ctx, service, deployment, hook, answer.status);
}

/** The weights are there once traffic shifts. AWS docs: deployment-lifecycle-hooks. */
function payloadFor(
  service: Service,
  deployment: ServiceDeployment,
  hook: Hook,
  shift: AskedShift,
): JsonObject {
  const { target, sources } = deployment;
  const weights = (ofTarget: number | undefined): JsonObject =>
    ofTarget === undefined || ofTarget === 0
      ? {}
      : { [target.arn]: ofTarget, ...(sources[0] && { [sources[0].arn]: 100 - ofTarget }) };
  return {
    executionId: hook.id,
    lifecycleStage: shift.stage,
    resourceArn: deployment.arn,
    executionDetails: {
      serviceArn: service.arn,
      targetServiceRevisionArn: target.arn,
      testTrafficWeights: weights(shift.test),
      productionTrafficWeights: weights(shift.production),
    },
    ...(hook.answer?.details === undefined ? {} : { hookDetails: hook.answer.details }),
  };
}

function end(
  ctx: Context,
  service: Service,
  deployment: ServiceDeployment,
  hook: Hook,
  status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT',
): void {
  hook.status = status;
  emitHook(ctx, service, deployment, hook, status);
}

/** AWS docs: troubleshooting-blue-green. */
function whyFailed(hook: Hook, stage: Stage): string | undefined {
  const rolledBack = 'Service deployment rolled back because';
  if (hook.status === 'TIMED_OUT') {
    if (hook.timeoutAction === 'CONTINUE') return undefined;
    return `${rolledBack} ${stage} ${hook.type === 'PAUSE' ? 'pause' : 'lifecycle'} hook timed out.`;
  }
  if (hook.status !== 'FAILED') return undefined;
  if (hook.type === 'PAUSE') return `${rolledBack} ${stage} pause hook was rolled back by a user.`;
  const why = hook.answer?.reason ?? `Lifecycle hook target ${hook.target ?? ''} returned FAILED status.`;
  return `${rolledBack} ${stage} lifecycle hook(s) failed. ${why}`;
}
