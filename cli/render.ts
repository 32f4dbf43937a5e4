import { shortDigest } from '../shared/domain/image.ts';
import type { LiveSpan, OperatorAnswer, PushSummary, ReleaseSummary } from '../shared/domain/operator.ts';
import { renderRelease } from './renderRelease.ts';
import { renderRuns } from './renderRuns.ts';
import { renderStatus } from './renderStatus.ts';
import { ago, type Style, span, table } from './style.ts';
import { stateText } from './words.ts';

/** An answer as people read it: the sentence, and below it what belongs to it. `now` is epoch milliseconds. */
export function renderAnswer(answer: OperatorAnswer, now: number, style: Style): string {
  if (!answer.ok) return answer.message;
  const blocks = [
    ...(answer.apps?.map((app) => renderStatus(app, now, style)) ?? []),
    ...(answer.shown ? [renderRelease(answer.shown, now, style)] : []),
    ...(answer.releases?.length ? [renderReleases(answer.releases, now, style)] : []),
    ...(answer.runs?.length ? [renderRuns(answer.runs, now, style, (name) => stateText(name, style))] : []),
    ...(answer.pushes?.length ? [renderPushes(answer.pushes, now, style)] : []),
  ];
  return [answer.sentence, ...blocks].filter((text) => text !== '').join('\n\n');
}

function renderReleases(releases: readonly ReleaseSummary[], now: number, style: Style): string {
  const rows = releases.map((release) => [
    `v${release.number}`,
    release.tag,
    shortDigest(release.digest),
    stateText(since(release.state, release.live), style),
    ago(release.startedAt, now),
    span((release.endedAt ?? now) - release.startedAt),
    release.by,
    release.live?.sentence ?? release.reason,
  ]);
  return table(['RELEASE', 'TAG', 'DIGEST', 'STATE', 'STARTED', 'TOOK', 'BY', 'REASON'], rows, style).join(
    '\n',
  );
}

function renderPushes(pushes: readonly PushSummary[], now: number, style: Style): string {
  const rows = pushes.map((push) => [
    `${push.app}:${push.tag}`,
    shortDigest(push.digest),
    stateText(since(push.outcome === 'ignored' && push.live ? 'live' : push.outcome, push.live), style),
    releaseName(push.release ?? push.live?.release),
    ago(push.pushedAt ?? push.at, now),
    push.live?.sentence ?? push.reason,
  ]);
  return table(['IMAGE', 'DIGEST', 'OUTCOME', 'RELEASE', 'PUSHED', 'REASON'], rows, style).join('\n');
}

/** What went live is live only until something replaced it. */
function since(state: string, live: LiveSpan | undefined): string {
  return state === 'live' && live?.until !== undefined ? 'wasLive' : state;
}

function releaseName(release: number | undefined): string {
  return release === undefined ? '' : `v${release}`;
}
