import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replacePackage } from '../../../cli/package/folder.ts';

const OLD = 'sweep-000000000000.zip';
const NEW = 'sweep-111111111111.zip';
const OF_PACKAGE = ['INSTRUCTIONS.md', 'manifest.json', 'template.json'];

let parent = '';
let directory = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'fairway-test-folder-'));
  directory = join(parent, 'dist');
});
afterEach(() => rmSync(parent, { recursive: true }));

function manifestOf(...archives: readonly string[]) {
  return JSON.stringify({ writtenBy: 'fairway-ecs', uploads: archives.map((file) => ({ file })) });
}

/** Writes a package with these archives; `text` is the content of each of its files but the manifest. */
const package_ = (text: string, ...archives: readonly string[]) =>
  replacePackage(directory, 'dist', async (folder) => {
    for (const file of [...OF_PACKAGE, ...archives]) writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, 'manifest.json'), manifestOf(...archives));
    return 'written';
  });
const write = (files: Readonly<Record<string, string>>) => {
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
};
const names = () => readdirSync(directory).toSorted();
const textOf = (name: string) => readFileSync(join(directory, name), 'utf8');
const REFUSED = /^failed to package to dist: the folder has files, and no package of Fairway\. .*--out/;

describe('the folder of a package', () => {
  it('is created', async () => {
    expect(await package_('new', NEW)).toBe('written');
    expect(names()).toEqual([...OF_PACKAGE, NEW].toSorted());
  });

  it('loses the archives of the package before, and no other file', async () => {
    await package_('old', OLD);
    write({ 'main.tf': 'terraform', 'terraform.tfstate': '{}', 'sweep-222222222222.zip': 'not listed' });
    mkdirSync(join(directory, '.git'));
    await package_('new', NEW);
    expect(names()).toEqual(
      [...OF_PACKAGE, NEW, '.git', 'main.tf', 'sweep-222222222222.zip', 'terraform.tfstate'].toSorted(),
    );
    expect(textOf('template.json')).toBe('new');
  });

  it('keeps an archive that did not change', async () => {
    await package_('old', OLD);
    await package_('new', OLD);
    expect(names()).toEqual([...OF_PACKAGE, OLD].toSorted());
  });

  it.each([
    ['a web app', { 'manifest.json': '{"name":"app","start_url":"/"}', 'index.html': '<html>' }],
    ['a manifest that is not JSON', { 'manifest.json': 'text', 'index.html': '<html>' }],
    ['a manifest that is null', { 'manifest.json': 'null' }],
    [
      'uploads without the name of Fairway',
      { 'manifest.json': `{"uploads":[{"file":"${OLD}"}]}`, [OLD]: '' },
    ],
    ['no manifest', { 'template.json': '{}' }],
    ['instructions and a template only', { 'template.json': '{}', 'INSTRUCTIONS.md': '' }],
    ['an archive beside other files', { [OLD]: '', 'main.tf': '' }],
  ])('is refused with %s, and keeps every file', async (_, files: Readonly<Record<string, string>>) => {
    write(files);
    await expect(package_('new', NEW)).rejects.toThrow(REFUSED);
    expect(names()).toEqual(Object.keys(files).toSorted());
  });

  it.each(['../outside.txt', 'sub/outside.txt', 'outside.txt', '.', ''])(
    'is refused if its manifest lists "%s", which Fairway never writes',
    async (file) => {
      write({ 'manifest.json': manifestOf(file), 'outside.txt': '' });
      mkdirSync(join(directory, 'sub'));
      for (const place of [parent, join(directory, 'sub')]) writeFileSync(join(place, 'outside.txt'), '');
      await expect(package_('new', NEW)).rejects.toThrow(REFUSED);
      expect(existsSync(join(parent, 'outside.txt')) && existsSync(join(directory, 'sub/outside.txt'))).toBe(
        true,
      );
    },
  );

  it('can be a symbolic link', async () => {
    mkdirSync(join(parent, 'elsewhere'));
    symlinkSync(join(parent, 'elsewhere'), directory);
    await package_('new', NEW);
    expect(readdirSync(join(parent, 'elsewhere')).toSorted()).toEqual([...OF_PACKAGE, NEW].toSorted());
  });
});

describe('a run that does not finish', () => {
  it('keeps the package before, whole', async () => {
    await package_('old', OLD);
    const failing = replacePackage(directory, 'dist', async (folder) => {
      for (const file of [...OF_PACKAGE, NEW]) writeFileSync(join(folder, file), 'new');
      throw new Error('interrupted');
    });
    await expect(failing).rejects.toThrow('interrupted');
    expect(names()).toEqual([...OF_PACKAGE, OLD].toSorted());
    expect(OF_PACKAGE.filter((name) => textOf(name).includes('new'))).toEqual([]);
  });

  it('has everything that a manifest lists in place before the manifest', async () => {
    await package_('old', OLD);
    // A folder of this name cannot be replaced by a file: the run ends there.
    rmSync(join(directory, 'template.json'));
    mkdirSync(join(directory, 'template.json', 'full'), { recursive: true });
    await expect(package_('new', NEW)).rejects.toThrow(/^failed to package to dist: /);
    expect(textOf('manifest.json')).toBe(manifestOf(OLD));
    expect(names()).toEqual([...OF_PACKAGE, OLD, NEW].toSorted());
  });

  it('can be repeated after it was killed, the first one as well', async () => {
    write({ [OLD]: '', 'INSTRUCTIONS.md': '' });
    const abandoned = join(directory, '.fairway-package-abcdef');
    mkdirSync(abandoned);
    const before = new Date(Date.now() - 61 * 60 * 1000);
    utimesSync(abandoned, before, before);
    await package_('new', NEW);
    expect(names()).toEqual([...OF_PACKAGE, NEW].toSorted());
  });

  it('is not disturbed by a second run, which leaves files with similar names', async () => {
    await package_('old', OLD);
    write({ '.fairway-package-notes.txt': 'of the user' });
    const first = replacePackage(directory, 'dist', async (folder) => {
      await package_('second', OLD);
      for (const file of [...OF_PACKAGE, NEW]) writeFileSync(join(folder, file), 'first');
    });
    await first;
    expect(textOf('template.json')).toBe('first');
    expect(textOf('.fairway-package-notes.txt')).toBe('of the user');
  });
});

describe('a folder that cannot be written to', () => {
  const failure = async () => {
    try {
      return await package_('new', NEW);
    } catch (error) {
      return error;
    }
  };

  it('is a file', async () => {
    writeFileSync(directory, 'text');
    expect(await failure()).toMatchObject({
      exit: 1,
      message: 'failed to package to dist: a part of the path is a file: choose another place (ENOTDIR)',
    });
    expect(readFileSync(directory, 'utf8')).toBe('text');
  });

  it('is below a file', async () => {
    writeFileSync(directory, 'text');
    directory = join(directory, 'below');
    expect(await failure()).toMatchObject({
      message: expect.stringContaining('a part of the path is a file'),
    });
  });

  it('is reported with the reason', async () => {
    const failing = replacePackage(directory, 'dist', async () => {
      throw Object.assign(new Error('EROFS'), { code: 'EROFS', syscall: 'mkdir' });
    });
    await expect(failing).rejects.toThrow(/^failed to package to dist: the file system is read-only: /);
  });
});
