import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, describeFault, shownFile } from '../../shared/config/faults.ts';
import { compileConfiguration, loadConfiguration, migratedFile } from '../../shared/config/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'fairway-text-'));
const file = join(directory, 'fairway.yml');
afterAll(() => rmSync(directory, { recursive: true }));

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.faults.map((fault) => describeFault('', fault).replace(/^:(\d+):\d+/, '$1'));
  }
}

const TEXT = 'environment: production\napps: { web: { onFailure: putBack } }\n';

describe('a file that is not UTF-8', () => {
  const latin1 = Buffer.concat([
    Buffer.from('environment: p\n'),
    Buffer.from('# caf\u00e9\napps: {}\n', 'latin1'),
  ]);
  it.each([
    ['Latin-1', latin1, '2: expected UTF-8, and this line has other bytes: save the file as UTF-8'],
    [
      'UTF-16 with a byte order mark',
      Buffer.from(`\ufeff${TEXT}`, 'utf16le'),
      '1: expected UTF-8, and the file is UTF-16: save it as UTF-8, such as with iconv -f UTF-16 -t UTF-8',
    ],
    [
      'UTF-16 without one',
      Buffer.from(TEXT, 'utf16le'),
      '1: expected UTF-8, and the file is UTF-16: save it as UTF-8, such as with iconv -f UTF-16LE -t UTF-8',
    ],
    [
      'UTF-16 with the other order of bytes',
      Buffer.from(TEXT, 'utf16le').swap16(),
      '1: expected UTF-8, and the file is UTF-16: save it as UTF-8, such as with iconv -f UTF-16BE -t UTF-8',
    ],
    [
      'far too large',
      Buffer.alloc(5_000_001, 0x23),
      '1: expected at most 5 MB: use several files with an `installation` each',
    ],
  ])('is refused by every reader: %s', (_, bytes, fault) => {
    writeFileSync(file, bytes);
    expect(faultsOf(() => loadConfiguration(file))).toEqual([fault]);
    expect(faultsOf(() => migratedFile(file))).toEqual([fault]);
  });

  it('is not one that begins with the byte order mark of UTF-8, which stays', () => {
    writeFileSync(file, `\ufeff${TEXT}`);
    expect(migratedFile(file).after).toBe(`\ufeff${TEXT.replace('putBack', 'rollBack')}`);
  });
});

describe('a file that is nested too deeply', () => {
  const deep = (one: string) => faultsOf(() => compileConfiguration(`apps:\n  ${one}`, 'fairway.yml'));
  it.each([
    ['lists', '['.repeat(20_000)],
    ['mappings', '{a: '.repeat(20_000)],
    ['items', '- '.repeat(20_000)],
    ['names', '? '.repeat(20_000)],
    ['lines', Array.from({ length: 3_000 }, (_, index) => `${' '.repeat(index)}a:`).join('\n  ')],
  ])('is refused at the place where it is: %s', (_, text) => {
    const [fault, ...others] = deep(text);
    expect(fault).toMatch(/^\d+: expected fewer levels: this is nested too deeply to be read$/);
    expect(others).toEqual([]);
  });

  it('is not one with many brackets beside each other, or in a text', () => {
    const text = `{ a: [${'[1], '.repeat(500)}], b: "${'['.repeat(500)}" }`;
    expect(deep(text).join()).not.toContain('levels');
  });
});

describe('the message about many mistakes', () => {
  const error = (count: number) => {
    const text = Array.from({ length: count }, (_, index) => `x${index}: 1`).join('\n');
    try {
      compileConfiguration(text, 'fairway.yml');
    } catch (thrown) {
      return String(thrown instanceof Error ? thrown.message : thrown).split('\n');
    }
    return [];
  };

  it('shows the first ones, and how many there are', () => {
    const lines = error(5_000);
    expect(lines).toHaveLength(102);
    expect(lines[0]).toMatch(/^failed to read fairway\.yml: 5\d{3} mistakes$/);
    expect(lines.at(-1)).toMatch(/^ {2}and \d+ more$/);
  });

  it('shows all of a few', () => {
    expect(error(20).at(-1)).not.toContain('more');
  });
});

describe('the name of a file in messages', () => {
  it('is relative if the file is in the current folder or below', () => {
    expect(shownFile(join(process.cwd(), 'examples', 'fairway.yml'))).toBe('examples/fairway.yml');
    expect(shownFile('fairway.yml')).toBe('fairway.yml');
    expect(shownFile('/elsewhere/fairway.yml')).toBe('/elsewhere/fairway.yml');
  });
});
