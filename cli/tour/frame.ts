import { duration } from '../../shared/domain/duration.ts';
import { shortDigest } from '../../shared/domain/image.ts';
import { pad, type Style } from '../style.ts';
import { stateWord } from '../words.ts';
import { type Chapter, type Dot, migrationExit, type Snapshot } from './chapter.ts';

/** One line of the live picture. `time` changes all the time, and is shown only where lines are redrawn. */
export interface Line {
  readonly key: string;
  readonly text: string;
  readonly time?: string;
}

type Mark = 'waiting' | 'busy' | 'done' | 'failed';

const glyphs: Readonly<Record<Dot, string>> = {
  starting: '○',
  checking: '◐',
  up: '●',
  stopping: '◌',
  crashed: '✗',
};

/** What the dots mean. */
export const legend = '● healthy  ◐ running  ○ starting  ◌ stopping  ✗ crashed';

/** The chapter as lines: one per step, and the tasks. */
export function frame(chapter: Chapter, style: Style): Line[] {
  return [
    step('push', 'done', `${chapter.image} pushed`, style.dim(shortDigest(chapter.digest)), style),
    ...migrationLine(chapter, style),
    ...rollLines(chapter, style),
    ...backLine(chapter, style),
    ...outcomeLine(chapter, style),
  ];
}

interface Start {
  readonly service: string;
  readonly seen: Snapshot;
  /** Since the service was created. */
  readonly time: number;
  /** The tag that Fairway calls live. */
  readonly live: string | undefined;
}

/** A service that starts with its first image. */
export function startLines({ service, seen, time, live }: Start, style: Style): Line[] {
  const tasks = seen.tasks.filter(({ group }) => group === `service:${service}`);
  const up = tasks.filter(({ healthy }) => healthy).length;
  const done = up >= seen.desired;
  const text = `${up}/${seen.desired} healthy`;
  return [
    step('start', done ? 'done' : 'busy', `start ${service}`, text, style, duration(time)),
    ...(live === undefined
      ? []
      : [step('live', 'done', `${live} is live`, 'the next push is a release', style)]),
  ];
}

function migrationLine(chapter: Chapter, style: Style): Line[] {
  if (chapter.migration === undefined) return [];
  const { family } = chapter.migration;
  const last = chapter.migrations.at(-1);
  if (last === undefined) return [step('migration', 'waiting', family, '', style)];
  const time = duration((last.stoppedAt ?? chapter.now) - last.createdAt);
  if (last.lastStatus !== 'STOPPED')
    return [step('migration', 'busy', family, last.lastStatus.toLowerCase(), style, time)];
  const code = migrationExit(chapter);
  const text = code === undefined ? 'never ran' : `exit code ${code}`;
  return [step('migration', code === 0 ? 'done' : 'failed', family, `${text}, ${time}`, style)];
}

function rollLines(chapter: Chapter, style: Style): Line[] {
  const name = `roll ${chapter.service}`;
  const before = step('roll', 'waiting', name, `${chapter.desired} tasks at ${chapter.base}`, style);
  if (chapter.target === undefined || chapter.rollStartedAt === undefined)
    return [before, tasksLine(chapter, style)];
  const failed = chapter.backStartedAt !== undefined;
  const mark: Mark = failed ? 'failed' : chapter.rolledAt === undefined ? 'busy' : 'done';
  const end = chapter.backStartedAt ?? chapter.rolledAt;
  const up = chapter.newTasks.filter((dot) => dot === 'up').length;
  const progress = failed ? 'stopped' : `${up}/${chapter.desired} healthy`;
  const time = duration((end ?? chapter.now) - chapter.rollStartedAt);
  const text = `${chapter.base} → ${chapter.target}, ${progress}`;
  const line =
    end === undefined
      ? step('roll', mark, name, text, style, time)
      : step('roll', mark, name, `${text}, ${time}`, style);
  return [line, tasksLine(chapter, style)];
}

function tasksLine(chapter: Chapter, style: Style): Line {
  const crashed = chapter.crashed.map((): Dot => 'crashed');
  const row = (dots: readonly Dot[]) => dots.map((dot) => paint(dot, style)).join('') || style.dim('–');
  const fresh = chapter.target === undefined ? '' : `   new ${row([...chapter.newTasks, ...crashed])}`;
  return { key: 'tasks', text: `    old ${row(chapter.oldTasks)}${fresh}` };
}

function backLine(chapter: Chapter, style: Style): Line[] {
  if (chapter.backStartedAt === undefined) return [];
  const time = duration((chapter.backAt ?? chapter.now) - chapter.backStartedAt);
  if (chapter.backAt === undefined)
    return [step('back', 'busy', 'roll back', `to ${chapter.base}`, style, time)];
  return [step('back', 'done', 'roll back', `to ${chapter.base}, ${time}`, style)];
}

function outcomeLine(chapter: Chapter, style: Style): Line[] {
  if (chapter.outcome === undefined) return [];
  const { release, state, reason } = chapter.outcome;
  const paintState = state === 'live' ? style.good : style.bad;
  return [
    { key: 'outcome', text: `  ${style.bold(paintState(`v${release} ${stateWord(state)}`))}  ${reason}` },
  ];
}

function step(key: string, mark: Mark, name: string, text: string, style: Style, time?: string): Line {
  const signs = {
    waiting: style.dim('☐'),
    busy: style.accent('◐'),
    done: style.good('✓'),
    failed: style.bad('✗'),
  };
  const line = `  ${signs[mark]} ${pad(name, 22)} ${text}`.trimEnd();
  return { key, text: line, ...(time === undefined ? {} : { time }) };
}

function paint(dot: Dot, style: Style): string {
  if (dot === 'up') return style.good(glyphs.up);
  if (dot === 'crashed') return style.bad(glyphs.crashed);
  if (dot === 'stopping') return style.dim(glyphs.stopping);
  return style.warn(glyphs[dot]);
}
