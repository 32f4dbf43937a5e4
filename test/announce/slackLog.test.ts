import { logText } from '../../shared/announce/slackMarkup.ts';
import { logOf } from '../../shared/announce/text.ts';
import type { LogTail } from '../../shared/domain/logs.ts';
import { renderSlack } from './rendered.ts';
import { aStoryOf, CRASH } from './situations.ts';

const said = (...texts: readonly string[]) => texts.map((text, at) => ({ at, container: 'web', text }));
/** In at most so many characters. */
function slackLog(tail: LogTail, room: number): string {
  const log = logOf(tail);
  return log ? logText(log, room) : '';
}

const fences = (text: string) => text.split('```').length - 1;

describe('the last lines of a log in Slack', () => {
  it.each([
    ['many ampersands', '&'.repeat(299)],
    ['many brackets', `<a>${'<'.repeat(290)}`],
    ['a long word', 'x'.repeat(5_000)],
  ])('are shown where the last one has %s', (_, last) => {
    const shown = slackLog({ lines: said('first', last), elsewhere: ['db logs through splunk'] }, 900);
    expect(shown).toMatch(/^```\n[\s\S]+…\n```\ndb logs through splunk$/);
    expect(shown.length).toBeLessThanOrEqual(900);
    expect(shown).not.toMatch(/&[a-z]{0,3}…/);
  });

  it('leave room for themselves where many containers log elsewhere', () => {
    const elsewhere = Array.from(
      { length: 40 },
      (_, index) => `container-${index} logs to /ecs/web in eu-west-1`,
    );
    const shown = slackLog({ lines: said('the last words'), elsewhere }, 900);
    expect(shown).toContain('the last words');
    expect(shown).toContain('container-0 logs to');
    expect(shown.length).toBeLessThanOrEqual(900);
  });

  it('are nothing where there is no room for a line', () => {
    expect(slackLog({ lines: said('words'), elsewhere: ['db logs through splunk'] }, 20)).toBe('');
  });

  it('end their fence in every reply, whatever stands before', () => {
    const tail: LogTail = {
      lines: said(...Array.from({ length: 12 }, () => 'x'.repeat(90))),
      elsewhere: [],
    };
    const cause = {
      ...CRASH,
      sentence: 'why '.repeat(500),
      advice: 'fix '.repeat(200),
      evidence: ['words '.repeat(400)],
    };
    const story = { ...aStoryOf('rollback failed'), failure: { service: 'web-app', cause, tail } };
    for (const { text } of renderSlack(story).replies) {
      expect(fences(text) % 2).toBe(0);
      expect(text.length).toBeLessThanOrEqual(3_500);
    }
  });
});
