import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installedIn, installsInto, pathFrom, textsAbove } from '../../../cli/init/folders.ts';
import { ignoreText } from '../../../cli/init/ignored.ts';

describe('the folders above', () => {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'fairway-test-folders-')));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  const member = () => join(root, 'packages', 'deploys');

  it.each([
    ['{ "workspaces": ["packages/*"] }', true],
    ['{ "workspaces": { "packages": ["./packages/deploys/"] } }', true],
    ['{ "workspaces": ["**"] }', true],
    ['{ "workspaces": ["apps/*", "package/deploys", "packages"] }', false],
    ['{ "workspaces": ["packages/*", "!packages/deploys"] }', false],
    ['{ "workspaces": ["!packages/deploys", "./packages/*"] }', true],
    ['{ "workspaces": ["packages/deploy?"] }', true],
    ['{ "workspaces": ["packages?deploys", "packages/deploys?"] }', false],
    ['{ "name": "a" }', false],
    ['{', false],
  ])('%s: whether npm installs into the root is %p', (manifest, isMember) => {
    write('package.json', manifest);
    expect(installsInto(member())).toBe(isMember ? root : member());
  });

  it('say where a package is installed', () => {
    write('packages/deploys/package.json', '{}');
    expect(installedIn(member(), 'fairway-ecs')).toBeUndefined();
    write('node_modules/fairway-ecs/package.json', '{}');
    expect(installedIn(member(), 'fairway-ecs')).toBe(root);
    expect(pathFrom(member(), join(root, 'node_modules'))).toBe('../../node_modules');
    expect(pathFrom(root, join(root, 'node_modules'))).toBe('./node_modules');
  });

  it('have texts that count only within the repository', () => {
    write('.gitignore', 'root');
    write('packages/.gitignore', 'packages');
    mkdirSync(member());
    expect(textsAbove(member(), '.gitignore')).toEqual([]);
    mkdirSync(join(root, '.git'));
    expect(textsAbove(member(), '.gitignore')).toEqual(['packages', 'root']);
    mkdirSync(join(member(), '.git'));
    expect(textsAbove(member(), '.gitignore')).toEqual([]);
  });
});

describe('.gitignore', () => {
  it.each([
    ['is new', undefined, [], 'node_modules/\n.serverless/\n'],
    ['gets what is missing', 'node_modules\n!a', [], 'node_modules\n!a\n.serverless/\n'],
    ['keeps its line endings', '/node_modules/\r\n', [], '/node_modules/\r\n.serverless/\r\n'],
    ['stays', '**/node_modules\n.serverless/*\n', [], '**/node_modules\n.serverless/*\n'],
    ['is not needed', undefined, ['node_modules/\n', '.serverless'], undefined],
    ['is needed', undefined, ['/node_modules/\n.serverless/'], 'node_modules/\n'],
  ])('%s', (_, before, above, after) => {
    expect(ignoreText(before, above)).toBe(after);
  });
});
