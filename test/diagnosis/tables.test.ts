import { APPLICATION, applicationCause } from '../../shared/domain/diagnosis/application.ts';
import { HEADS } from '../../shared/domain/logs/heads.ts';
import { NOISE } from '../../shared/domain/logs/noise.ts';

describe('the table of what applications write', () => {
  it.each(APPLICATION.map((row) => [row.example, row] as const))('knows the cause of %s', (example, row) => {
    const known = applicationCause(example);
    expect(known?.row).toBe(row);
    if (!known) return;
    const means = row.means(known.found, undefined);
    expect(means).toMatch(/^\S.*[^.]$/);
    expect(means).not.toMatch(/undefined|\$\{/);
    expect(typeof row.advice === 'string' ? row.advice : row.advice(known.found)).toMatch(/^[A-Z].*\.$/);
  });

  it('takes no line of noise for a cause that it knows by its head', () => {
    const heads = HEADS.map(({ example }) => example).filter((example) =>
      NOISE.some(({ pattern }) => pattern.test(example)),
    );
    expect(heads).toEqual([]);
  });
});

describe.each([
  ['noise', NOISE],
  ['beginnings', HEADS],
] as const)('the table of %s', (_, marks) => {
  it.each(marks.map((mark) => [mark.what, mark] as const))('knows %s by its first row', (_what, mark) => {
    expect(marks.find(({ pattern }) => pattern.test(mark.example))).toBe(mark);
  });
});
