import { duration } from '../../shared/domain/duration.ts';
import { shortDigest } from '../../shared/domain/image.ts';
import { claimed } from '../../shared/domain/person.ts';
import type { RunSummary } from '../../shared/domain/summaries.ts';
import { asking, type Render } from '../answering.ts';
import { defineCommand, type Question } from '../command.ts';
import { atMost, wholeNumber } from '../reading.ts';
import { ago, type Style, table } from '../style.ts';
import { stateText } from '../words.ts';

export const runs = defineCommand({
  usage: 'runs [TASK|RUN] [--app APP] [--limit N]',
  summary: 'list recent task runs; with the id of a run, show it in full',
  options: {
    app: { type: 'string', value: 'APP', about: 'only the runs of that app' },
    limit: { type: 'string', value: 'N', about: 'how many at most; default: 20' },
  },
  examples: ['fairway runs', 'fairway runs nightly-report --limit 5', 'fairway runs 4f9c2e1b'],
  read({ words, text }) {
    const [task] = atMost(1, words);
    const [app, limit] = [text('app'), text('limit')];
    const question: Question = {
      command: 'runs',
      ...(task === undefined ? {} : { task }),
      ...(app === undefined ? {} : { app }),
      ...(limit === undefined ? {} : { limit: wholeNumber('--limit', limit) }),
    };
    return asking(question, renderRuns);
  },
});

export const renderRuns: Render = ({ runs: found = [] }, now, style) => {
  const [run, another] = found;
  if (!run) return [];
  return [another ? renderTable(found, now, style) : renderRun(run, now, style)];
};

function renderTable(found: readonly RunSummary[], now: number, style: Style): string {
  const rows = found.map((each) => [
    each.task,
    each.id.slice(0, 8),
    stateText(each.state, style),
    each.exitCode === undefined ? '' : String(each.exitCode),
    ago(each.askedAt, now),
    tookOf(each, now),
    each.revision ?? '',
    nameOf(each.by),
    each.reason.replaceAll(each.by, nameOf(each.by)),
  ]);
  const heading = ['TASK', 'RUN', 'STATE', 'EXIT', 'CREATED', 'TOOK', 'REVISION', 'BY', 'REASON'];
  const first = `fairway runs ${found[0]?.id.slice(0, 8)}`;
  return [...table(heading, rows, style), '', style.dim(`\`${first}\` shows a run in full`)].join('\n');
}

/** Everything about one run, a line for each fact. */
function renderRun(run: RunSummary, now: number, style: Style): string {
  const { askedAt, startedAt, endedAt, exitCode, tag, digest } = run;
  const time = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z (${ago(at, now)})`;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['run', run.id],
    ['trigger', run.by === 'schedule' ? 'its schedule' : claimed(run.by)],
    ['request', run.requestId],
    ['state', stateText(run.state, style)],
    ['exit code', exitCode === undefined ? undefined : String(exitCode)],
    ['reason', run.reason],
    ['stopped', run.stoppedBy && `by ${claimed(run.stoppedBy.who)}`],
    ['request', run.stoppedBy?.requestId],
    ['created', time(askedAt)],
    ['started', startedAt === undefined ? undefined : time(startedAt)],
    ['ended', endedAt === undefined ? undefined : time(endedAt)],
    ['took', tookOf(run, now) || undefined],
    ['image', tag === undefined || digest === undefined ? undefined : `${tag} (${shortDigest(digest)})`],
    ['revision', run.revision],
    ...run.taskArns.map((arn) => ['task', arn] as const),
    ['attempts', String(run.attempts)],
    ...(run.earlier ?? []).map((why, index) => ['', `attempt ${index + 1}: ${why}`] as const),
    ...run.logs.map((place) => ['log', place] as const),
    ...(run.notTaken ?? []).map((what) => ['not used', what] as const),
  ];
  const shown = lines.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${style.dim(name.padEnd(9))} ${text}`],
  );
  const more = `\`fairway follow ${run.app} ${run.id.slice(0, 8)}\` shows its output`;
  const hasLog = run.taskArns.length > 0;
  return [style.bold(`${run.task} of ${run.app}`), ...shown, ...(hasLog ? ['', style.dim(more)] : [])].join(
    '\n',
  );
}

function tookOf({ startedAt, endedAt }: RunSummary, now: number): string {
  return startedAt === undefined ? '' : duration((endedAt ?? now) - startedAt);
}

/** The last part of an ARN: "ann" of a user, the session's name of a role. */
function nameOf(who: string): string {
  return who.startsWith('arn:') ? who.slice(who.lastIndexOf('/') + 1) : who;
}
