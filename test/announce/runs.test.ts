import type { RunOutcome } from '../../shared/domain/run.ts';
import { renderSlack, renderSns } from './rendered.ts';
import { aRun } from './situations.ts';

const text = (of: unknown) => JSON.stringify(of);

describe('the end of a run', () => {
  it.each<[RunOutcome, string, string]>([
    ['succeeded', 'nightly-report of web succeeded in production', 'info'],
    ['failed', 'nightly-report of web failed in production: exit code 3', 'failure'],
    ['neverStarted', 'nightly-report of web never started in production', 'failure'],
    ['timedOut', 'nightly-report of web timed out and was stopped in production', 'failure'],
    ['stopped', 'nightly-report of web was stopped in production', 'warning'],
    ['replaced', 'nightly-report of web was replaced by its next run in production', 'warning'],
    ['skipped', 'nightly-report of web was skipped in production', 'warning'],
    ['missed', 'nightly-report of web missed its schedule in production', 'warning'],
  ])('that %s has its own headline and severity', (outcome, headline, severity) => {
    const run = aRun({ outcome });
    expect(renderSlack(run).text).toContain(headline);
    expect(renderSns(run)).toMatchObject({
      subject: headline,
      attributes: { outcome, severity, kind: 'run' },
    });
  });

  it('says why, what to do, the attempts before and the last lines', () => {
    const cause = {
      kind: 'x',
      sentence: 'It broke.',
      advice: 'Fix it.',
      evidence: ['words'],
      canHeal: false,
    };
    const run = aRun({ reason: 'it broke', cause, earlier: ['The registry did not answer.'] });
    for (const rendered of [text(renderSlack(run)), renderSns(run).message]) {
      expect(rendered).toContain('It broke');
      expect(rendered).toContain('Fix it.');
      expect(rendered).toContain('attempt 1: The registry did not answer.');
      expect(rendered).toContain('relation');
    }
  });

  it('says which attempt the lines are from', () => {
    const run = aRun({ earlier: ['Container web exited with code 75.'], tailOf: 1 });
    expect(text(renderSlack(run))).toContain('*Last lines of attempt 1:*');
    expect(renderSns(run).message).toContain('Last lines of attempt 1\n');
    expect(text(renderSlack(aRun()))).not.toContain('Last lines');
    expect(renderSns(aRun()).message).toContain('Last lines\n');
  });

  it("shows AWS's own words in an e-mail as lines of plain text", () => {
    const evidence = [
      '\u001b[31mCannotPullContainerError\u001b[0m: by arn:aws:iam::1:user/ann\nsecond line\u0007',
    ];
    const cause = { kind: 'x', sentence: 'It broke.', evidence, canHeal: false };
    const { message } = renderSns(aRun({ cause }));
    expect(message).toContain('Messages from AWS\n  CannotPullContainerError: by ann\n  second line\n');
  });

  it('shows the newest lines of many, escaped', () => {
    const lines = Array.from({ length: 100 }, (_, index) => ({
      at: index,
      container: index % 2 ? 'web' : 'proxy',
      text: `line ${index} ${'x'.repeat(60)} <!channel> \`\`\``,
    }));
    const { blocks } = renderSlack(aRun({ tail: { lines, elsewhere: ['db logs through splunk'] } }));
    const shown = text(blocks);
    expect(shown).toContain('web | line 99');
    expect(shown).not.toContain('line 0 ');
    expect(shown).not.toContain('<!channel>');
    expect(shown).toContain('db logs through splunk');
    for (const block of blocks)
      if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(3_000);
    expect(shown.length).toBeLessThan(10_000);
  });
});
