import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeDigest } from '../../stack/codeDigest.ts';

describe('the digest of the code', () => {
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true });
  });

  function aRoot(files: Readonly<Record<string, string>>): string {
    const root = mkdtempSync(join(tmpdir(), 'fairway-digest-'));
    roots.push(root);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(root, name, '..'), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return root;
  }

  const sources = { 'functions/sweep/handler.ts': 'a', 'shared/b.ts': 'b', 'package-lock.json': '{}' };

  it('is the same for the same sources, wherever they are', async () => {
    const docs = { ...sources, 'docs/page.md': 'another' };
    expect(await codeDigest(aRoot(docs))).toBe(await codeDigest(aRoot(sources)));
  });

  it.each(Object.keys(sources))('is another one where the sources are: %s', async (name) => {
    expect(await codeDigest(aRoot({ ...sources, [name]: 'changed' }))).not.toBe(
      await codeDigest(aRoot(sources)),
    );
  });

  it('is that of the published archives in a package', async () => {
    const published = (archive: string) => codeDigest(aRoot({ 'dist/functions/sweep.zip': archive }));
    expect(await published('1')).toBe(await published('1'));
    expect(await published('1')).not.toBe(await published('2'));
  });
});
