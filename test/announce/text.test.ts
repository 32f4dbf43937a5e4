import { clean } from '../../shared/announce/text.ts';

describe('what terminals take for colours, titles and links', () => {
  it.each([
    ['a colour', '\u001b[31merror\u001b[0m', 'error'],
    ['24 bits of it', '\u001b[1;38;2;255;100;100;48;2;0;0;0merror\u001b[m', 'error'],
    ['colons in it', '\u001b[38:5:2merror\u001b[39m', 'error'],
    ['what hides the cursor', '\u001b[?25l\u001b[2Kerror\u001b[?25h', 'error'],
    ['a link', 'see \u001b]8;;https://example.com\u0007the page\u001b]8;;\u0007', 'see the page'],
    ['a title', '\u001b]0;title\u001b\\error', 'error'],
  ])('goes, where it is %s', (_, text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it.each([
    ['a colour', '\u001b[36mpassword\u001b[39m=\u001b[1;38;2;255;100;100mhunter2horse\u001b[0m'],
    ['a link', '\u001b]8;;https://example.com\u0007password\u001b]8;;\u0007=hunter2horse'],
    ['a space without width', 'pass\u200bword=hunter2horse'],
  ])('hides no secret behind %s', (_, text) => {
    expect(clean(text)).toBe('password=[redacted]');
  });
});
