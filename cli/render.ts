import { shortDigest } from '../shared/domain/image.ts';
import type { AppStatus, LedgerEntry, OperatorAnswer, ReleaseSummary } from '../shared/domain/operator.ts';
import { renderRuns } from './renderRuns.ts';
import { ago, type Style, span, table } from './style.ts';

const words: Readonly<Record<string, string>> = {
  rolledBack: 'rolled back',
  rollingBack: 'rolling back',
  neverStarted: 'never started',
  timedOut: 'timed out',
};
const goodStates = new Set(['live', 'succeeded']);
const badStates = new Set([
  'failed',
  'rolledBack',
  'stranded',
  'rejected',
  'expired',
  'neverStarted',
  'timedOut',
  'missed',
]);

/** An answer as people read it: the sentence, and below it what belongs to it. `now` is epoch milliseconds. */
export function renderAnswer(answer: OperatorAnswer, now: number, style: Style): string {
  if (!answer.ok) return answer.message;
  const blocks = [
    ...(answer.apps?.map((app) => renderApp(app, now, style)) ?? []),
    ...(answer.releases?.length ? [renderReleases(answer.releases, now, style)] : []),
    ...(answer.runs?.length ? [renderRuns(answer.runs, now, style, (name) => state(name, style))] : []),
    ...(answer.pushes?.length ? [renderPushes(answer.pushes, now, style)] : []),
  ];
  return [answer.sentence, ...blocks].filter((text) => text !== '').join('\n\n');
}

function renderApp(app: AppStatus, now: number, style: Style): string {
  const lines: (readonly [string, string])[] = [
    ['live', app.live ? liveText(app.live, now) : style.dim('not known yet')],
  ];
  if (app.open)
    lines.push([
      'open',
      `${style.accent(`v${app.open.number} ${stateWord(app.open.state)}`)}  ${image(app.open)}  for ${span(now - app.open.startedAt)}, by ${app.open.by}`,
    ]);
  if (app.waiting) lines.push(['waiting', waitingText(app.waiting)]);
  if (app.alsoWaiting) lines.push(['then', waitingText(app.alsoWaiting)]);
  if (app.hold)
    lines.push(['held', style.warn(`${ago(app.hold.at, now)} by ${app.hold.by}: ${app.hold.reason}`)]);
  for (const { sentence, why, firstAt } of app.alerts ?? [])
    lines.push(['alert', `${style.bad(sentence)}  since ${ago(firstAt, now)}: ${why}`]);
  lines.push(['services', `${app.services.join(', ')} ${style.dim(`in ${app.cluster}`)}`]);
  return [style.bold(app.app), ...lines.map(([name, text]) => `  ${style.dim(name.padEnd(9))} ${text}`)].join(
    '\n',
  );
}

function waitingText(waiting: NonNullable<AppStatus['waiting']>): string {
  if (waiting.by === undefined) return image(waiting);
  return `${image(waiting)}  ${waiting.by === 'push' ? 'pushed' : `ordered by ${waiting.by}`}`;
}

function liveText(live: NonNullable<AppStatus['live']>, now: number): string {
  const release = live.release === undefined ? 'from before Fairway' : `v${live.release}`;
  return `${image(live)}  ${release}, since ${ago(live.since, now)}`;
}

function renderReleases(releases: readonly ReleaseSummary[], now: number, style: Style): string {
  const rows = releases.map((release) => [
    `v${release.number}`,
    release.tag,
    shortDigest(release.digest),
    state(release.state, style),
    ago(release.startedAt, now),
    span((release.endedAt ?? now) - release.startedAt),
    release.by,
    release.reason,
  ]);
  return table(['RELEASE', 'TAG', 'DIGEST', 'STATE', 'STARTED', 'TOOK', 'BY', 'REASON'], rows, style).join(
    '\n',
  );
}

function renderPushes(pushes: readonly LedgerEntry[], now: number, style: Style): string {
  const rows = pushes.map((push) => [
    `${push.app}:${push.tag}`,
    shortDigest(push.digest),
    state(push.outcome, style),
    push.release === undefined ? '' : `v${push.release}`,
    ago(push.at, now),
    push.reason,
  ]);
  return table(['IMAGE', 'DIGEST', 'OUTCOME', 'RELEASE', 'PUSHED', 'REASON'], rows, style).join('\n');
}

function image(name: { readonly tag: string; readonly digest: string }): string {
  return `${name.tag} (${shortDigest(name.digest)})`;
}

function state(name: string, style: Style): string {
  if (goodStates.has(name)) return style.good(stateWord(name));
  if (badStates.has(name)) return style.bad(stateWord(name));
  return stateWord(name);
}

function stateWord(name: string): string {
  return words[name] ?? name;
}
