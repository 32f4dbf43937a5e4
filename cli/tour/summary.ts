import { duration } from '../../shared/domain/duration.ts';
import { type Style, table } from '../style.ts';
import { stateWord } from '../words.ts';
import type { Chapter } from './chapter.ts';
import type { RecordedCall } from './control.ts';

/** One release, for the summary and its checks. Durations are in milliseconds. */
export interface ReleaseRecord {
  readonly chapter: Chapter;
  readonly simulated: number;
  readonly real: number;
  /** The functions' calls to AWS, except those of `operate`: the tour invokes it, the release does not. */
  readonly calls: readonly RecordedCall[];
  /** The text of all messages about it. */
  readonly messages: string;
}

interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** What was found instead. */
  readonly seen: string;
}

/** The calls of a release: made by functions between two moments, except those for the operator's requests. */
export function callsBetween(calls: readonly RecordedCall[], from: number, to: number): RecordedCall[] {
  return calls.filter(({ at, caller }) => {
    const time = Date.parse(at);
    return caller !== 'external' && !caller.endsWith('operate') && time >= from && time <= to;
  });
}

/** Whether the tour showed what it promises. */
export function judge(good: ReleaseRecord, bad: ReleaseRecord): Check[] {
  const first = good.chapter;
  const second = bad.chapter;
  return [
    check(
      `${first.image} is live`,
      first.outcome?.state === 'live' && first.rolledAt !== undefined,
      outcome(first),
    ),
    ...migrationCheck(first),
    check(
      `${second.image} failed`,
      second.outcome?.state === 'failed' || second.outcome?.state === 'rolledBack',
      outcome(second),
    ),
    ...migrationCheck(second),
    check(
      'the image before runs again',
      second.backAt !== undefined && second.base === first.target,
      backTo(second),
    ),
    check('the cause is named', /\bcode 1\b/i.test(second.outcome?.reason ?? ''), outcome(second)),
    check('messages were sent', good.messages !== '' && bad.messages !== '', 'no message'),
  ];
}

function migrationCheck(chapter: Chapter): Check[] {
  if (chapter.migration === undefined) return [];
  const runs = chapter.migrations.length;
  return [check(`${chapter.image} was migrated once`, runs === 1, `${runs} migration tasks`)];
}

function check(what: string, ok: boolean, seen: string): Check {
  return { what, ok, seen };
}

function outcome({ outcome: ended }: Chapter): string {
  return ended ? `v${ended.release} ${stateWord(ended.state)}: ${ended.reason}` : 'no outcome';
}

function backTo({ backAt, base, target }: Chapter): string {
  return backAt === undefined ? `still ${target ?? base}` : `back at ${base}`;
}

/** The table at the end: both releases, their time, the AWS calls they took. */
export function summary(
  releases: readonly ReleaseRecord[],
  checks: readonly Check[],
  totalReal: number,
  style: Style,
): string[] {
  const rows = releases.map(({ chapter, simulated, real, calls }) => [
    chapter.image,
    chapter.outcome?.state === 'live'
      ? style.good('live')
      : style.bad(stateWord(chapter.outcome?.state ?? 'unknown')),
    duration(simulated),
    duration(real),
    String(count(calls, 'ecs')),
    String(count(calls, 'ecr')),
    String(calls.length - count(calls, 'ecs') - count(calls, 'ecr')),
  ]);
  return [
    style.bold('Summary'),
    ...table(['IMAGE', 'OUTCOME', 'SIMULATED', 'REAL', 'ECS CALLS', 'ECR', 'OTHER AWS'], rows, style),
    '',
    ...releases.flatMap(({ chapter, calls }) => [
      `${chapter.image}: ${byOperation(calls, 'ecs')}`,
      `${' '.repeat(chapter.image.length)}  ${style.dim(`${byOperation(calls, 'ecr')} · ${byService(calls)}`)}`,
    ]),
    '',
    ...checks.map(({ what, ok, seen }) =>
      ok ? `${style.good('✓')} ${what}` : `${style.bad('✗')} ${what}: no, ${seen}`,
    ),
    style.dim(`${duration(totalReal)} in all, packaging included.`),
  ];
}

function count(calls: readonly RecordedCall[], service: string): number {
  return calls.filter((call) => call.service === service).length;
}

function byOperation(calls: readonly RecordedCall[], service: string): string {
  return tally(calls.filter((call) => call.service === service).map(({ operation }) => operation));
}

function byService(calls: readonly RecordedCall[]): string {
  return tally(
    calls.filter(({ service }) => service !== 'ecs' && service !== 'ecr').map(({ service }) => service),
  );
}

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  if (counts.size === 0) return 'none';
  return [...counts].map(([name, times]) => (times === 1 ? name : `${name} ×${times}`)).join(', ');
}
