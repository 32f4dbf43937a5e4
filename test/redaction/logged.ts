import { createLogger } from '../../shared/lambda/withRedaction.ts';
import type { Case } from './corpus.ts';
import { expectNone } from './table.ts';

/** What the functions log, for texts and the secrets in them. */
export function describeLogged(cases: readonly Case[]): void {
  describe('invariant 11, secrets stay secret: nothing leaves with', () => {
    it.each(cases)('%s, in a log line', (_, text, secrets) => {
      const lines = loggedBy((logger) => {
        const error = new Error(text, { cause: new Error(text) });
        logger.info(text, { reason: text, answer: { evidence: [text] }, error });
        logger.error('invocation failed', { event: { detail: { stoppedReason: text } }, error });
      });
      expect(lines).toHaveLength(2);
      expectNone(lines, secrets);
    });
  });
}

export function loggedBy(log: (logger: ReturnType<typeof createLogger>) => void): unknown[] {
  const lines: unknown[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)));
    return true;
  });
  const complain = jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(JSON.parse(String(line)));
    return true;
  });
  log(createLogger());
  write.mockRestore();
  complain.mockRestore();
  return lines;
}
