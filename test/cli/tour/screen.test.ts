import { plain } from '../../../cli/style.ts';
import { screenOn } from '../../../cli/tour/screen.ts';

const up = (rows: number) => `\u001b[${rows}A`;

function output() {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), columns: 40 };
}

describe('a screen that moves', () => {
  it('draws over what it drew before', () => {
    const out = output();
    const screen = screenOn(out, true, plain);
    screen.draw('0:01', [{ key: 'a', text: 'one' }]);
    screen.draw('0:02', [{ key: 'a', text: 'two', time: '3 s' }]);
    expect(out.written).toEqual([
      '\u001b[2K0:01\n\u001b[2Kone\n',
      `${up(2)}\u001b[2K0:02\n\u001b[2Ktwo 3 s\n`,
    ]);
  });

  it('writes nothing when nothing changed', () => {
    const out = output();
    const screen = screenOn(out, true, plain);
    screen.draw('', [{ key: 'a', text: 'one' }]);
    screen.draw('', [{ key: 'a', text: 'one' }]);
    expect(out.written).toHaveLength(1);
  });

  it('cuts lines, since one that wraps would be drawn over wrongly', () => {
    const out = output();
    screenOn(out, true, plain).draw('', [{ key: 'a', text: 'x'.repeat(60) }]);
    expect(out.written[0]).toBe(`\u001b[2K${'x'.repeat(38)}…\n`);
  });

  it('leaves what was said and kept alone', () => {
    const out = output();
    const screen = screenOn(out, true, plain);
    screen.draw('', [{ key: 'a', text: 'one' }]);
    screen.keep();
    screen.draw('', [{ key: 'a', text: 'two' }]);
    screen.say('three');
    screen.draw('', [{ key: 'a', text: 'four' }]);
    expect(out.written.join('')).not.toContain('\u001b[1A');
  });
});

describe('a screen that does not move', () => {
  it('prints a line when it changed, with the time, and no escape', () => {
    const out = output();
    const screen = screenOn(out, false, plain);
    screen.draw('0:01', [
      { key: 'a', text: 'one' },
      { key: 'b', text: 'still', time: '1 s' },
    ]);
    screen.draw('0:02', [
      { key: 'a', text: 'two' },
      { key: 'b', text: 'still', time: '2 s' },
    ]);
    expect(out.written).toEqual(['0:01 one\n', '0:01 still\n', '0:02 two\n']);
  });
});
