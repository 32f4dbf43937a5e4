import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCard } from '../../cli/docs/card.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';
import { ALERTS, anAlertOf } from './alerts.ts';
import { renderSlack, renderSns } from './rendered.ts';
import { aRun, aStoryOf, news } from './situations.ts';

/** Writes the examples into the page instead of comparing them: `WRITE_EXAMPLES=1 npx jest test/announce`. */
const WRITE = process.env.WRITE_EXAMPLES === '1';
const PAGE = join(import.meta.dirname, '../../docs/announcements.md');
const EXAMPLE = /<!-- example: (card|broadcast|e-mail) (.+?) -->\n[\s\S]*?<!-- end -->/g;

function announcementOf(name: string): Announcement {
  if (name === 'of news') return news();
  if (name === 'of a run') return aRun();
  return name in ALERTS ? anAlertOf(name) : aStoryOf(name);
}

function render(kind: string, name: string): string {
  const announcement = announcementOf(name);
  if (kind === 'e-mail') {
    const { subject, message } = renderSns(announcement);
    return `Subject: ${subject}\n\n${message}`;
  }
  const { replies, ...message } = renderSlack(announcement);
  const payload = kind === 'broadcast' ? { text: replies.find(({ broadcast }) => broadcast)?.text } : message;
  return renderCard(payload, { width: 88, colour: false });
}

describe('docs/announcements.md', () => {
  const page = readFileSync(PAGE, 'utf8');
  const current = page.replace(
    EXAMPLE,
    (_, kind: string, name: string) =>
      `<!-- example: ${kind} ${name} -->\n\`\`\`text\n${render(kind, name)}\n\`\`\`\n<!-- end -->`,
  );

  it('shows what is really said', () => {
    if (WRITE) writeFileSync(PAGE, current);
    else expect(page).toBe(current);
  });

  it('has an example of each kind', () => {
    const kinds = new Set(Array.from(page.matchAll(EXAMPLE), ([, kind]) => kind));
    expect(kinds).toEqual(new Set(['card', 'broadcast', 'e-mail']));
  });
});
