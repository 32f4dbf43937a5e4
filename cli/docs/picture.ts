import type { ReleaseAnnouncement, StepFact } from '../../shared/domain/announcement.ts';
import { duration } from '../../shared/domain/duration.ts';
import { type Line, type Look, markupLines, plainLines, wrap } from './cardText.ts';

/** The picture of the README: the steps of a release, and the message about it in Slack, as SVG. */

const WIDTH = 920;
const MARGIN = 24;
const ROW = 30;

/** Bars begin here and share this width. */
const BARS = { left: 200, width: 560 };

/** Where text beside Slack's avatar begins. */
const TEXT_LEFT = MARGIN + 68;

interface Face {
  readonly size: number;
  readonly height: number;
  /** Characters that fit into a line in the widest of the fonts. */
  readonly columns: number;
  readonly class: string;
}

const HEADING: Face = { size: 17, height: 30, columns: 74, class: 'bold' };
const BODY: Face = { size: 15, height: 24, columns: 84, class: '' };
const CONTEXT: Face = { size: 13, height: 20, columns: 98, class: 'faint' };

/** Colors for light and dark screens; GitHub passes on what the reader prefers. */
const STYLE = `
  text { font-family: -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1d1c1d; }
  .mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  .page { fill: #ffffff; stroke: #d0d7de; }
  .rule { stroke: #d0d7de; }
  .bold { font-weight: 700; }
  .faint { fill: #616061; }
  .link { fill: #1264a3; }
  .code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #a3352b; }
  .done { fill: #2da44e; }
  .failed { fill: #cf222e; }
  .back { fill: #bf8700; }
  .avatar { fill: #1264a3; }
  .letter { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; stroke: #30363d; }
    .rule { stroke: #30363d; }
    .faint { fill: #9198a1; }
    .link { fill: #58a6ff; }
    .code { fill: #ff9492; }
  }`;

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string } | undefined;
  readonly elements?: readonly { readonly type: string; readonly text?: string }[] | undefined;
}

/** Draws a release that has ended, and the blocks of its message in Slack. `blocks`: header, section, context. */
export function renderPicture(release: ReleaseAnnouncement, blocks: readonly unknown[]): string {
  const steps = release.steps.map((step, index) => stepRow(step, MARGIN + 40 + index * ROW, release));
  const below = MARGIN + 40 + release.steps.length * ROW;
  const message = messageRows(blocks.filter(isBlock), below + 66);
  const height = message.bottom + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>A release of ${escaped(release.app)} in Fairway, and its message in Slack</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(MARGIN, MARGIN + 20, 15, 'mono', `$ docker push …/web-app:${escaped(release.image.tag)}`),
    ...steps,
    `<line class="rule" x1="${MARGIN}" x2="${WIDTH - MARGIN}" y1="${below + 6}" y2="${below + 6}"/>`,
    `<rect class="avatar" x="${MARGIN}" y="${below + 26}" width="48" height="48" rx="8"/>`,
    `<text class="letter bold" x="${MARGIN + 24}" y="${below + 59}" font-size="26" text-anchor="middle">F</text>`,
    `<text x="${TEXT_LEFT}" y="${below + 40}" font-size="15"><tspan class="bold">Fairway</tspan><tspan class="faint" dx="8" font-size="12">in Slack</tspan></text>`,
    ...message.rows,
    '</svg>',
    '',
  ].join('\n');
}

function stepRow(
  { name, kind, state, startedAt, endedAt }: StepFact,
  y: number,
  release: ReleaseAnnouncement,
) {
  const baseline = y + 20;
  const label = text(MARGIN, baseline, 14, '', `${SIGNS[state] ?? ''} ${escaped(name)}`);
  if (startedAt === undefined || endedAt === undefined)
    return label + text(BARS.left, baseline, 13, 'faint', state);
  const scale = BARS.width / (release.at - release.startedAt);
  const x = BARS.left + (startedAt - release.startedAt) * scale;
  const width = Math.max(3, (endedAt - startedAt) * scale);
  const color = state === 'failed' ? 'failed' : kind === 'putBack' ? 'back' : 'done';
  return [
    label,
    `<rect class="${color}" x="${round(x)}" y="${y + 7}" width="${round(width)}" height="16" rx="3"/>`,
    text(round(x + width + 8), baseline, 13, 'faint', duration(endedAt - startedAt)),
  ].join('');
}

const SIGNS: Readonly<Partial<Record<StepFact['state'], string>>> = { done: '✓', failed: '✗', skipped: '–' };

function messageRows(
  blocks: readonly Block[],
  top: number,
): { readonly rows: string[]; readonly bottom: number } {
  const rows: string[] = [];
  let y = top;
  for (const block of blocks) {
    for (const { line, face } of linesOf(block)) {
      rows.push(text(TEXT_LEFT, y, face.size, face.class, line.map(spanOf).join('')));
      y += face.height;
    }
  }
  return { rows, bottom: y };
}

function linesOf({ type, text: own, elements = [] }: Block): { readonly line: Line; readonly face: Face }[] {
  const face = type === 'header' ? HEADING : type === 'context' ? CONTEXT : BODY;
  return [...(own === undefined ? [] : [own]), ...elements]
    .flatMap(({ type, text = '' }) => (type === 'plain_text' ? plainLines(text) : markupLines(text)))
    .flatMap((line) => wrap(line, face.columns))
    .map((line) => ({ line, face }));
}

function spanOf({ text, looks }: Line[number]): string {
  const known: readonly Look[] = ['bold', 'code', 'link', 'faint'];
  const classes = looks.filter((look) => known.includes(look)).join(' ');
  const drawn = escaped(text).replaceAll('❌', CROSS);
  return classes === '' ? drawn : `<tspan class="${classes}">${drawn}</tspan>`;
}

/** Slack draws its emoji; an SVG needs a font for them, which many machines lack. */
const CROSS = '<tspan class="failed">✗</tspan>';

function text(x: number, y: number, size: number, classes: string, content: string): string {
  const named = classes === '' ? '' : ` class="${classes}"`;
  return `<text${named} x="${x}" y="${y}" font-size="${size}" xml:space="preserve">${content}</text>`;
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && 'type' in value && value.type !== 'divider';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
