import { parse } from '../../cli/arguments.ts';
import { commandHelp, helpText } from '../../cli/help.ts';
import { commonOptions } from '../../cli/options.ts';
import { commands } from '../../cli/registry.ts';
import { plain } from '../../cli/style.ts';

describe('the list of commands', () => {
  it('separates the summary from the syntax, however long that is', () => {
    const text = helpText(commands, plain);
    for (const line of text.split('\n')) expect(line).not.toMatch(/[\]…][^\s\]]/);
    expect(text).toContain(
      `  run APP TASK [--detach] [-- COMMAND …]\n${' '.repeat(28)}run a task on the live image`,
    );
  });

  it('names every command, its summary, and the exit codes', () => {
    const text = helpText(commands, plain);
    for (const { usage, summary } of Object.values(commands)) {
      expect(text).toContain(`  ${usage}`);
      expect(text).toContain(summary);
    }
    expect(text).toContain('  3                   AWS cannot be reached');
  });
});

describe.each(Object.entries(commands))('the command %s', (name, command) => {
  const { usage, summary, examples = [], options = {}, exitCodes = [], rest } = command;

  it('has a summary in lower case, without a full stop, of one line', () => {
    expect(summary).toMatch(/^[a-z].*[^.]$/);
    expect(summary.length).toBeLessThan(90);
  });

  it('has a usage that begins with its name, and examples that it understands', () => {
    expect(usage.split(' ')[0]).toBe(name);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const words = [...example.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
      expect(words.slice(0, 2)).toEqual(['fairway', name]);
      expect(() => parse(words.slice(1), commands)).not.toThrow();
    }
  });

  it('has help with its examples, its options and its exit codes', () => {
    const text = commandHelp(command, plain);
    for (const part of examples) expect(text).toContain(`  ${part}\n`);
    for (const [option, { about }] of Object.entries({ ...options, ...commonOptions }))
      expect(text).toMatch(new RegExp(`--${option}\\b.* ${about.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
    for (const [code, meaning] of [...exitCodes, ...(rest ? [rest] : [])])
      expect(text).toMatch(new RegExp(`  ${code} +${meaning}`));
  });

  it('lists its exit codes in order', () => {
    const [, list = ''] = commandHelp(command, plain).split('Exit codes\n');
    const codes = list.split('\n').map((line) => Number.parseInt(line, 10));
    expect(codes).toEqual(codes.toSorted((one, other) => one - other));
  });

  it('takes no option whose name and type mean something else in another command', () => {
    for (const [option, { type, short }] of Object.entries(options))
      for (const other of Object.values(commands)) {
        const same = { ...commonOptions, ...other.options }[option];
        if (same) expect(same).toMatchObject({ type, ...(short && { short }) });
      }
  });
});
