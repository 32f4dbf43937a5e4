import { redact } from '../../shared/domain/redaction/redact.ts';
import { CASES } from './corpus.ts';
import { HARMLESS } from './harmless.ts';

describe('redact', () => {
  it.each(CASES)('masks %s', (_, text, secrets) => {
    const redacted = redact(text);
    for (const secret of secrets) {
      expect(text).toContain(secret);
      expect(redacted).not.toContain(secret);
    }
    expect(redacted).toContain('[redacted]');
    expect(redact(redacted)).toBe(redacted);
  });

  it('takes a password with spaces to the end of its line', () => {
    expect(redact('user: web\npassword: correct hunter2 staple\nport: 80')).toBe(
      'user: web\npassword: [redacted]\nport: 80',
    );
    expect(redact('login failed with password: hunter2 (3 times)')).toBe(
      'login failed with password: [redacted] (3 times)',
    );
  });

  it('keeps colors unless they are inside a secret', () => {
    expect(redact('\u001b[31mpassword\u001b[0m=hunter2horse \u001b[1mfailed\u001b[0m')).toBe(
      '\u001b[31mpassword\u001b[0m=[redacted] \u001b[1mfailed\u001b[0m',
    );
    expect(redact('\u001b[1mpass\u001b[0mword=hunter2horse')).toBe('password=[redacted]');
  });

  it.each(HARMLESS)('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
