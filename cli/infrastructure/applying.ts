import { ApplyError, type ApplyPorts, type AppOrder, apply } from '../../shared/infrastructure/apply.ts';
import { describeRevision } from '../../shared/infrastructure/kinds/taskDefinition.ts';
import { KINDS } from '../../shared/infrastructure/kinds.ts';
import { type Change, isEmpty, type Plan } from '../../shared/infrastructure/plan.ts';
import type { Context } from '../command.ts';
import { exitCode, Failure } from '../failure.ts';
import { ENDED_BY } from '../keyboard.ts';
import type { Style } from '../style.ts';
import { print } from '../surroundings.ts';
import { locked } from './lock.ts';
import { renderPlan } from './print.ts';
import { isSamePlan, refuseOtherPlan, type SavedPlan } from './savedPlan.ts';
import type { Session } from './session.ts';

/** Carries out a plan in a terminal, and waits for the first image where a service needs one. */

export interface ApplyOptions {
  readonly yes: boolean;
  /** Ends without waiting for the first image. */
  readonly noWait: boolean;
  readonly firstImage?: string;
  readonly only: readonly string[];
  /** A plan that was made earlier: nothing else is done. */
  readonly saved?: SavedPlan;
}

/** Milliseconds between two looks for the first image. */
const BETWEEN_LOOKS = 5_000;

export async function applyDeclared(
  session: Session,
  wanted: ApplyOptions,
  context: Context,
  style: Style,
): Promise<number> {
  const { around } = context;
  const plan = await session.plan(wanted);
  if (wanted.saved) refuseOtherPlan(wanted.saved, session.place, plan);
  print(around.out, renderPlan(plan, style));
  if (isEmpty(plan)) return exitCode.done;
  if (!wanted.yes && !(await isConfirmed(session, context))) {
    print(around.err, 'Nothing was changed.');
    return exitCode.failed;
  }
  await locked(session.connection, context, async () => {
    if (!isSamePlan(plan, await session.plan(wanted))) throw changedMeanwhile();
    await carryOut(plan, session, context, style);
  });
  return waitingFor(plan).length === 0 || wanted.noWait
    ? finished(plan, context, style)
    : afterFirstImage(plan, session, wanted, context, style);
}

function changedMeanwhile(): Failure {
  return new Failure(
    exitCode.failed,
    'AWS has changed since the plan was shown, and nothing was changed: run `fairway apply` again',
  );
}

async function isConfirmed({ connection }: Session, { around }: Context): Promise<boolean> {
  const keyboard = around.keyboard?.();
  try {
    const answer = await keyboard?.confirm(`Apply this in ${connection.where}? [y/N] `);
    if (answer !== undefined) return answer;
  } finally {
    keyboard?.close();
  }
  throw new Failure(exitCode.usage, 'there is no terminal to confirm the plan in: pass --yes to apply it');
}

async function carryOut(plan: Plan, session: Session, context: Context, style: Style): Promise<void> {
  const { around } = context;
  const ports: ApplyPorts = {
    aws: session.aws,
    release: (order) => orderRelease(order, session, context),
    onDone: (change) => print(around.out, `${style.good('✓')} ${described(change)}`),
    onOrdered: ({ app }, said) =>
      print(around.out, `${style.good('✓')} ordered a release of ${app}: ${said}`),
  };
  try {
    await apply(plan, ports);
  } catch (error) {
    if (!(error instanceof ApplyError)) throw error;
    throw new Failure(
      exitCode.failed,
      `${error.message}\nFix the cause, then run \`fairway apply\` again: it resumes there.`,
      {
        cause: error,
      },
    );
  }
}

function described({ action, kind, name }: Change): string {
  return `${action === 'create' ? 'created' : 'changed'} ${KINDS[kind].title} ${name}`;
}

/** The functions deploy: they make new revisions of the live image from these bases. */
async function orderRelease(
  { app, families, settings }: AppOrder,
  { connection, aws }: Session,
  { ask }: Context,
): Promise<string> {
  const bases = Object.fromEntries(
    await Promise.all(
      families.map(async (family) => [family, (await describeRevision(family, aws))?.arn ?? family] as const),
    ),
  );
  const texts = Object.entries(settings).map(([service, { to, from }]) => [
    service,
    { to: JSON.stringify(to), from: JSON.stringify(from) },
  ]);
  const order = {
    ...(families.length > 0 ? { bases } : {}),
    ...(texts.length > 0 ? { settings: Object.fromEntries(texts) } : {}),
  };
  const answer = await ask({ command: 'deploy', app, live: true, ...order }, connection);
  if (!answer.ok) throw new Error(answer.message);
  return answer.sentence;
}

function waitingFor({ changes }: Plan): readonly string[] {
  return [...new Set(changes.flatMap((change) => (change.action === 'wait' ? [change.repository] : [])))];
}

function finished(plan: Plan, { around }: Context, style: Style): number {
  const waiting = waitingFor(plan);
  if (waiting.length > 0)
    print(
      around.out,
      `Push an image to ${waiting.join(' and ')}, then run \`fairway apply\` again to create the rest.`,
    );
  const byHand = plan.changes.flatMap((change) => (change.action === 'change' ? change.byHand : []));
  for (const how of byHand) print(around.out, `${style.bad('!')} not done: ${how}`);
  return byHand.length > 0 ? exitCode.failed : exitCode.done;
}

async function afterFirstImage(
  plan: Plan,
  session: Session,
  wanted: ApplyOptions,
  context: Context,
  style: Style,
): Promise<number> {
  const { around } = context;
  print(
    around.out,
    `Waiting for the first image in ${waitingFor(plan).join(' and ')} (Ctrl-C ends this; apply again later)`,
  );
  const keyboard = around.keyboard?.();
  try {
    for (;;) {
      const next = await session.plan(wanted);
      const creations = next.changes.filter(({ action }) => action === 'create');
      if (creations.length > 0) {
        // Other changes were made while it waited, and were not confirmed.
        const due = { ...next, changes: creations };
        await locked(session.connection, context, () => carryOut(due, session, context, style));
      }
      // Someone else may have created what waited.
      if (waitingFor(next).length === 0) return finished(next, context, style);
      await (keyboard?.wait(BETWEEN_LOOKS) ?? new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS)));
      const signal = keyboard?.interrupted();
      if (signal !== undefined) return ENDED_BY[signal];
    }
  } finally {
    keyboard?.close();
  }
}
