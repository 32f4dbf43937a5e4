import { redact } from '../../shared/domain/redaction/redact.ts';
import { TAINTED } from './corpus.ts';
import { HARMLESS } from './harmless.ts';

describe('redact', () => {
  it.each(TAINTED.map(({ what, text, secrets }) => [what, text, secrets] as const))(
    'masks %s',
    (_, text, secrets) => {
      const redacted = redact(text);
      for (const secret of secrets) {
        expect(text).toContain(secret);
        expect(redacted).not.toContain(secret);
      }
      expect(redacted).toContain('[redacted]');
      expect(redact(redacted)).toBe(redacted);
    },
  );

  it.each(HARMLESS)('leaves alone: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});
