import { shortDigest } from '../shared/domain/image.ts';
import type { RunSummary } from '../shared/domain/operator.ts';
import { claimed } from '../shared/domain/person.ts';
import { ago, type Style, span, table } from './style.ts';

/** Runs as people read them. `state` colours a state's word; `now` is epoch milliseconds. */
export function renderRuns(
  runs: readonly RunSummary[],
  now: number,
  style: Style,
  state: (name: string) => string,
): string {
  const [run, another] = runs;
  if (run && !another) return renderRun(run, now, style, state);
  const rows = runs.map((each) => [
    each.task,
    each.id.slice(0, 8),
    state(each.state),
    each.exitCode === undefined ? '' : String(each.exitCode),
    ago(each.askedAt, now),
    tookOf(each, now),
    each.revision ?? '',
    nameOf(each.by),
    each.reason.replaceAll(each.by, nameOf(each.by)),
  ]);
  const heading = ['TASK', 'RUN', 'STATE', 'EXIT', 'ASKED', 'TOOK', 'REVISION', 'BY', 'REASON'];
  const first = `fairway runs ${run?.id.slice(0, 8)}`;
  return [...table(heading, rows, style), '', style.dim(`\`${first}\` shows all about one`)].join('\n');
}

/** The whole record, a line each. */
function renderRun(run: RunSummary, now: number, style: Style, state: (name: string) => string): string {
  const { askedAt, startedAt, endedAt, exitCode, tag, digest } = run;
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z (${ago(at, now)})`;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['run', run.id],
    ['trigger', run.by === 'schedule' ? 'its schedule' : claimed(run.by)],
    ['request', run.requestId],
    ['state', state(run.state)],
    ['exit code', exitCode === undefined ? undefined : String(exitCode)],
    ['reason', run.reason],
    ['stopped', run.stoppedBy && `by ${claimed(run.stoppedBy.who)}`],
    ['request', run.stoppedBy?.requestId],
    ['asked', time(askedAt)],
    ['started', startedAt === undefined ? undefined : time(startedAt)],
    ['ended', endedAt === undefined ? undefined : time(endedAt)],
    ['took', tookOf(run, now) || undefined],
    ['image', tag === undefined || digest === undefined ? undefined : `${tag} (${shortDigest(digest)})`],
    ['revision', run.revision],
    ...run.taskArns.map((arn) => ['task', arn] as const),
    ['attempts', String(run.attempts)],
    ...(run.earlier ?? []).map((why, index) => ['', `attempt ${index + 1}: ${why}`] as const),
    ...run.logs.map((place) => ['log', place] as const),
    ...(run.notTaken ?? []).map((what) => ['not taken', what] as const),
  ];
  const shown = lines.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${style.dim(name.padEnd(9))} ${text}`],
  );
  const more = `\`fairway follow ${run.app} ${run.id.slice(0, 8)}\` shows what it wrote`;
  const hasLog = run.taskArns.length > 0;
  return [style.bold(`${run.task} of ${run.app}`), ...shown, ...(hasLog ? ['', style.dim(more)] : [])].join(
    '\n',
  );
}

function tookOf({ startedAt, endedAt }: RunSummary, now: number): string {
  return startedAt === undefined ? '' : span((endedAt ?? now) - startedAt);
}

/** The last part of an ARN: "ann" of a user, the session's name of a role. */
function nameOf(who: string): string {
  return who.startsWith('arn:') ? who.slice(who.lastIndexOf('/') + 1) : who;
}
