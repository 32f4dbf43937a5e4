import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package or checkout, wherever this code runs from: the sources, `compiled/` or `dist/`. */
export function packageRoot(folder: string = import.meta.dirname): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('failed to find the folder of Fairway: install the package again');
  return packageRoot(parent);
}

/** Whether this is a checkout, which has the sources, and not the installed package. */
export function isCheckout(root: string): boolean {
  return existsSync(join(root, 'cli', 'main.ts'));
}

/** Where the functions of the installed package are. */
export function functionsFolder(root: string): string {
  return join(root, 'dist', 'functions');
}
