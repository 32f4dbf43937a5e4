import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { billOfMaterials, bundledPackages, licensesText } from '../../build/packages.ts';

describe('the packages of bundled sources', () => {
  const root = mkdtempSync(join(tmpdir(), 'fairway-test-packages-'));
  afterAll(() => rmSync(root, { recursive: true }));

  function install(name: string, manifest: object, files: Readonly<Record<string, string>> = {}) {
    const folder = join(root, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    return `node_modules/${name}/lib/index.js`;
  }

  it('are listed once each, with the texts of their licenses', () => {
    const sources = [
      'cli/main.ts',
      install('@b/b', { license: 'Apache-2.0' }, { LICENSE: 'text of b', 'NOTICE.txt': 'notice of b' }),
      install('a', { license: { type: 'MIT' } }),
      'node_modules/a/other.js',
    ];
    const packages = bundledPackages(root, sources);
    expect(packages.map(({ name, license }) => [name, license])).toEqual([
      ['@b/b', 'Apache-2.0'],
      ['a', 'MIT'],
    ]);
    expect(licensesText(packages)).toMatch(
      /## @b\/b 1\.0\.0\n\n.*\n\ntext of b\n\nnotice of b\n\n## a 1\.0\.0\n\nLicense: MIT\n\nThe package has no text of it\./,
    );
    expect(billOfMaterials({ name: 'x', version: '2.0.0' }, packages)).toMatchObject({
      bomFormat: 'CycloneDX',
      components: [{ purl: 'pkg:npm/%40b/b@1.0.0' }, { purl: 'pkg:npm/a@1.0.0', version: '1.0.0' }],
      dependencies: [{ ref: 'pkg:npm/x@2.0.0', dependsOn: ['pkg:npm/%40b/b@1.0.0', 'pkg:npm/a@1.0.0'] }],
    });
  });

  it('may not have a license that our license does not allow', () => {
    const source = install('c', { license: 'AGPL-3.0' });
    expect(() => bundledPackages(root, [source])).toThrow('failed to bundle c: its license AGPL-3.0');
  });
});
