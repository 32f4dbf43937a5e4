import type { App } from '../../../shared/domain/app.ts';
import { type IndependentRun, isIndependent, type Run } from '../../../shared/domain/run.ts';
import { parseSchedule } from '../../../shared/domain/schedules/schedule.ts';
import type { Change } from '../history.ts';
import { asObject } from '../objects.ts';
import { FIRST_SIGHT } from '../plan.ts';
import { type Played, statesOf } from '../play.ts';
import { byFunctions } from './facts.ts';

/** Invariants about tasks apart from releases. Each answers a sentence per violation. */

/** A call of a schedule, however often it is delivered, makes one run. */
export function oneRunPerCall(played: Played): string[] {
  const ids = new Map<string, Set<string>>();
  for (const run of runsOf(played)) {
    if (run.owner.kind !== 'schedule') continue;
    const call = `${run.task} for ${new Date(run.owner.at).toISOString()}`;
    ids.set(call, (ids.get(call) ?? new Set()).add(run.id));
  }
  return [...ids].flatMap(([call, some]) => (some.size > 1 ? [`${some.size} runs of ${call}`] : []));
}

/** Each attempt starts its tasks once, and no more attempts are made than were asked for. */
export function runsStartOnce(played: Played): string[] {
  const started = new Map<string, Set<string>>();
  for (const change of startsOf(played)) {
    const { effect } = change.by;
    if (effect.kind !== 'startRun') continue;
    const key = `${effect.task} ${effect.run}, attempt ${effect.attempt}`;
    const sets = started.get(key) ?? new Set();
    const arns = arnsOf(change);
    if (arns.length > 0) sets.add(arns.toSorted().join());
    started.set(key, sets);
  }
  return [...started].flatMap(([key, sets]) =>
    sets.size > 1 ? [`${key} was started ${sets.size} times`] : [],
  );
}

/** What has succeeded is not started again: no run has more tasks that ended with 0 than it was to have. */
export function successIsNotRepeated(played: Played): string[] {
  return runsOf(played).flatMap((run) => {
    const arns = startsOf(played).flatMap((change) => {
      const { effect } = change.by;
      return effect.kind === 'startRun' && effect.run === run.id ? arnsOf(change) : [];
    });
    const successes = [...new Set(arns)].filter((arn) => exitCode(played, arn, run.container) === 0);
    return successes.length > run.count
      ? [`${run.id} was to succeed ${run.count} times and did so ${successes.length} times`]
      : [];
  });
}

/** What has ended, by whatever end, starts nothing any more. */
export function endedRunsStartNothing(played: Played): string[] {
  const seen = new Set<string>();
  const ends = endsOf(played);
  return startsOf(played).flatMap((change) => {
    const { effect } = change.by;
    // A repeat answers the same tasks again.
    const fresh = arnsOf(change).filter((arn) => !seen.has(arn));
    for (const arn of fresh) seen.add(arn);
    if (effect.kind !== 'startRun' || fresh.length === 0) return [];
    return change.at > (ends.get(effect.run) ?? Number.POSITIVE_INFINITY)
      ? [`${effect.run} had ended and was started`]
      : [];
  });
}

/** When each run was saved as ended, by the one true clock: those of functions may be wrong. */
function endsOf({ world }: Played): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { at, state } of world.history.saves) {
    for (const run of state.runs) if (run.state === 'ended' && !ends.has(run.id)) ends.set(run.id, at);
  }
  return ends;
}

/** Tasks of two runs of one task never run at the same time. */
export function runsDoNotOverlap(played: Played): string[] {
  const spans = startsOf(played).flatMap((change) => {
    const { effect } = change.by;
    if (effect.kind !== 'startRun' || effect.release !== undefined) return [];
    return arnsOf(change).map((arn) => ({
      run: effect.run,
      task: effect.task,
      from: change.at,
      to: stoppedAt(played, arn),
    }));
  });
  return spans.flatMap((one, index) =>
    spans
      .slice(index + 1)
      .filter((other) => other.task === one.task && other.run !== one.run)
      .filter((other) => one.from < other.to && other.from < one.to)
      .filter((other) => !isGivenUp(played, one.run) && !isGivenUp(played, other.run))
      .map((other) => `${one.task}: the runs ${one.run} and ${other.run} run at the same time`),
  );
}

/** Whether a run ended before ECS has said that its tasks had stopped: it was stopped, and that was not confirmed. */
function isGivenUp(played: Played, id: string): boolean {
  const run = runsOf(played).find((other) => other.id === id);
  return run?.reason?.includes('has not confirmed') === true || run?.cause?.kind === 'vanished';
}

/** It runs the digest that was live, by a revision that is pinned to it. */
export function runsAreLive(played: Played): string[] {
  const live = new Set(
    played.world.history.saves.flatMap(({ state }) =>
      state.live ? [`${state.app} ${state.live.digest}`] : [],
    ),
  );
  return runsOf(played).flatMap((run) => {
    if (!run.image || run.revision === undefined) return [];
    if (!live.has(`${run.app} ${run.image.digest}`))
      return [`${run.task} ran ${run.image.tag}, which never was live`];
    const { taskDefinition } = played.world.cloud.call('ecs', 'DescribeTaskDefinition', {
      taskDefinition: run.revision,
    });
    const pinned = JSON.stringify(taskDefinition).includes(run.image.digest);
    return pinned ? [] : [`${run.task} ran ${run.revision}, which is not pinned to ${run.image.digest}`];
  });
}

/** Success is exit code 0 of the named container in every task, and nothing else. */
export function successMeansZero(played: Played): string[] {
  return runsOf(played).flatMap((run) => {
    if (run.outcome !== 'succeeded') return [];
    const codes = run.tasks.map(({ taskArn }) => exitCode(played, taskArn, run.container));
    const wrong = codes.filter((code) => code !== 0);
    return wrong.length === 0 && codes.length > 0 ? [] : [`${run.id} succeeded with ${codes.join(', ')}`];
  });
}

/** A schedule that repeatedly misses is announced once, and so are all runs that one run blocks. */
function isSaidAlready(run: Run, said: { readonly outcome: string; readonly reason: string }): boolean {
  if (said.outcome !== run.outcome) return false;
  return run.outcome === 'missed' || (run.outcome === 'skipped' && said.reason === run.reason);
}

/** Every requested run is in the history with an outcome, and was announced where its settings say so. */
export function noRunVanishes(played: Played): string[] {
  const { table, history } = played.world;
  const recorded = new Map(
    table
      .items()
      .filter((item) => item.sk?.S?.startsWith('run#'))
      .map((item): [string, Run] => {
        const run: Run = JSON.parse(item.run?.S ?? '{}');
        return [run.id, run];
      }),
  );
  return runsOf(played).flatMap((run) => {
    const entry = recorded.get(run.id);
    if (!entry?.outcome || !entry.reason) return [`the run ${run.id} of ${run.task} is not in the history`];
    if (entry.outcome === 'succeeded') return [];
    const told = history.told.some(
      ({ announcement }) =>
        announcement.kind === 'run' &&
        (announcement.runId === run.id ||
          (announcement.task === run.task && isSaidAlready(run, announcement))),
    );
    return told ? [] : [`the run ${run.id} of ${run.task} ${entry.outcome}, and that was not announced`];
  });
}

/** Every time that a schedule named became a run, or was reported as missed. */
export function noCallVanishes(played: Played): string[] {
  const states = new Map(statesOf(played.world).map((state) => [state.app, state]));
  return played.world.apps.flatMap((app) =>
    app.tasks.flatMap((task) => {
      const memory = states.get(app.name)?.schedules[task.name];
      const { schedule } = task;
      if (!schedule) return [];
      if (!memory) return [`the schedule of ${task.name} was never checked`];
      const minutes = Number(/^rate\((\d+)/.exec(schedule.expression)?.[1] ?? 0);
      // When a rate that never called would have is only known to within its interval.
      const tolerance = minutes * 60_000;
      // A rate counts from when the schedule was created, and AWS does not report when that was.
      const next = parseSchedule(schedule.expression, played.world.cloud.createdAt);
      const times: number[] = [];
      const end = (schedule.end ?? 0) - tolerance;
      // At the end itself a schedule may call or not.
      for (let at = next(Math.max(memory.since, FIRST_SIGHT)); at !== undefined && at < end; at = next(at))
        times.push(at);
      const oldest = memory.seen[19] ?? 0;
      return times
        .filter((at) => at >= oldest && !isSeen(memory.seen, at, tolerance))
        .map((at) => `${task.name} was due at ${new Date(at).toISOString()}, and nothing came of it`);
    }),
  );
}

function isSeen(seen: readonly number[], at: number, tolerance: number): boolean {
  return seen.some((one) => Math.abs(one - at) <= tolerance);
}

/** Every run there was, as it was saved last. */
function runsOf({ world }: Played): (IndependentRun & { readonly app: App['name'] })[] {
  const found = new Map<string, IndependentRun & { readonly app: string }>();
  for (const { state } of world.history.saves) {
    for (const run of state.runs.filter(isIndependent)) found.set(run.id, { ...run, app: state.app });
  }
  return [...found.values()];
}

function startsOf(played: Played) {
  return byFunctions(played, 'RunTask');
}

function arnsOf({ output }: Change): string[] {
  const tasks = Array.isArray(output.tasks) ? output.tasks : [];
  return tasks.map(asObject).flatMap(({ taskArn }) => (typeof taskArn === 'string' ? [taskArn] : []));
}

/** When ECS said that a task had stopped; never, if it has not. */
function stoppedAt(played: Played, arn: string): number {
  return stopOf(played, arn)?.at ?? Number.POSITIVE_INFINITY;
}

function exitCode(played: Played, arn: string, container: string): unknown {
  const containers = stopOf(played, arn)?.detail.containers;
  const list = Array.isArray(containers) ? containers.map(asObject) : [];
  return list.find(({ name }) => name === container)?.exitCode;
}

function stopOf({ world }: Played, arn: string) {
  return world.history.emitted.find(
    ({ detail }) => detail.taskArn === arn && detail.lastStatus === 'STOPPED',
  );
}
