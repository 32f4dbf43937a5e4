import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCard } from '../../cli/docs/card.ts';
import { renderPicture } from '../../cli/docs/picture.ts';
import { CHANNELS } from '../../shared/announce/channels.ts';
import { compose } from '../../shared/announce/compose.ts';
import { renderWebhook } from '../../shared/announce/webhook.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { ALERTS, anAlertOf } from './alerts.ts';
import { renderSlack, renderSns } from './rendered.ts';
import { aRun, aStoryOf, news } from './situations.ts';

/** Writes the examples and the picture instead of comparing them: `WRITE_EXAMPLES=1 npx jest test/announce`. */
const WRITE = process.env.WRITE_EXAMPLES === '1';
const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/announcements.md');
const PICTURE = join(ROOT, 'docs/release.svg');
const EXAMPLE = /<!-- example: (card|broadcast|e-mail|webhook) (.+?) -->\n[\s\S]*?<!-- end -->/g;

function announcementOf(name: string): Announcement {
  if (name === 'of news') return news();
  if (name === 'of a run') return aRun();
  return name in ALERTS ? anAlertOf(name) : aStoryOf(name);
}

const bodyOf = (announcement: Announcement) => renderWebhook(compose(announcement));

function render(kind: string, name: string): string {
  const announcement = announcementOf(name);
  if (kind === 'e-mail') {
    const { subject, message } = renderSns(announcement);
    return `Subject: ${subject}\n\n${message}`;
  }
  if (kind === 'webhook') return JSON.stringify(JSON.parse(bodyOf(announcement)), null, 2);
  const { replies, ...message } = renderSlack(announcement);
  const payload = kind === 'broadcast' ? { text: replies.find(({ broadcast }) => broadcast)?.text } : message;
  return renderCard(payload, { width: 88, colour: false });
}

describe('docs/announcements.md', () => {
  const page = readFileSync(PAGE, 'utf8');
  const current = page.replace(
    EXAMPLE,
    (_, kind: string, name: string) =>
      `<!-- example: ${kind} ${name} -->\n\`\`\`${kind === 'webhook' ? 'json' : 'text'}\n${render(kind, name)}\n\`\`\`\n<!-- end -->`,
  );

  it('shows what is sent', () => {
    if (WRITE) writeFileSync(PAGE, current);
    else expect(page).toBe(current);
  });

  it('has an example of each kind', () => {
    const kinds = new Set(Array.from(page.matchAll(EXAMPLE), ([, kind]) => kind));
    expect(kinds).toEqual(new Set(['card', 'broadcast', 'e-mail', 'webhook']));
  });

  it('explains every member of a webhook', () => {
    const all = [
      aStoryOf('rollback failed'),
      aRun({ tailOf: 1, earlier: ['x'] }),
      anAlertOf('recovered'),
      news(),
    ];
    const names = all.flatMap((announcement) => {
      const { data, ...envelope } = JSON.parse(bodyOf(announcement));
      return [...Object.keys(envelope), ...Object.keys(data).map((name) => `data.${name}`)];
    });
    const section = page.slice(page.indexOf('### What is sent'), page.indexOf('### When the receiver'));
    for (const name of new Set(names))
      expect(section).toMatch(new RegExp(`^\\|[^|]*\`${name}\`[^|]*\\|`, 'm'));
  });

  it.each(CHANNELS)('has a section for each kind of channel: $kind', ({ kind }) => {
    expect(page).toMatch(new RegExp(`^## .*\\b${kind}\\b`, 'im'));
  });
});

const release = aStoryOf('failed, rolled back');
const message = renderSlack(release);
const drawn = renderPicture(release, message.blocks);
const words = drawn
  .replace(/<style>[\s\S]*?<\/style>/, '')
  .replace(/<[^>]+>/g, ' ')
  .replace(/\s+/g, ' ');

describe('docs/release.svg, the picture of the README', () => {
  it('is what a release and its message look like', () => {
    if (WRITE) writeFileSync(PICTURE, drawn);
    else expect(readFileSync(PICTURE, 'utf8')).toBe(drawn);
  });

  it('is shown by the README', () => {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain('](docs/release.svg)');
  });

  it('shows each step and the cause', () => {
    for (const { name } of release.steps) expect(words).toContain(name);
    expect(words).toContain(release.failure?.cause.sentence);
  });

  it('has all of its text and bars inside its frame', () => {
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(drawn)?.map(Number) ?? [];
    const places = Array.from(
      drawn.matchAll(/<text[^>]* x="([\d.]+)" y="([\d.]+)" font-size="(\d+)"[^>]*>(.*?)<\/text>/g),
    );
    expect(places.length).toBeGreaterThan(12);
    for (const [, x, y, size, content = ''] of places) {
      const characters = content.replace(/<[^>]+>/g, '').replace(/&\w+;/g, '&').length;
      // The widest of the fonts needs 0.62 of its size for a letter on average.
      expect(Number(x) + characters * Number(size) * 0.62).toBeLessThan(width);
      expect(Number(y)).toBeLessThan(height);
    }
    for (const [, x, bar] of drawn.matchAll(
      /<rect class="(?:done|failed|back)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g,
    ))
      expect(Number(x) + Number(bar)).toBeLessThan(width);
  });

  it('keeps markup of the message from becoming markup of the picture', () => {
    const blocks = [{ type: 'section', text: { type: 'plain_text', text: '<script>&</script>' } }];
    expect(renderPicture(release, blocks)).toContain('&lt;script&gt;&amp;&lt;/script&gt;');
  });
});
