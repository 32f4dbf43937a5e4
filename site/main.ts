import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pagesOfSite, pageText, ROOT } from './pages.ts';

/** Builds the documentation as a site, in `site/.vitepress/dist`. `npm run site -- dev` serves it while you write. */

const folder = join(ROOT, 'site');
const generator = join(folder, 'node_modules/vitepress/bin/vitepress.js');

/** GitHub Actions sets these. Elsewhere, the address of the repository is unknown. */
function addressOfRepository(): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_SHA: commit } = process.env;
  return server && name && commit && `${server}/${name}/blob/${commit}`;
}

function writePages(to: string, repository: string | undefined): void {
  rmSync(to, { recursive: true, force: true });
  for (const [document, page] of pagesOfSite()) {
    mkdirSync(join(to, dirname(page)), { recursive: true });
    writeFileSync(join(to, page), pageText(document, repository));
  }
  cpSync(join(ROOT, 'docs/release.svg'), join(to, 'release.svg'));
}

function main([task = 'build']: readonly string[]): void {
  if (!existsSync(generator)) {
    process.stderr.write(
      'The generator of the site is not installed. Run "npm ci --prefix site --ignore-scripts", then "npm run site" again.\n',
    );
    process.exitCode = 1;
    return;
  }
  writePages(join(folder, 'pages'), addressOfRepository());
  execFileSync(process.execPath, [generator, task, folder], { stdio: 'inherit' });
}

main(process.argv.slice(2));
