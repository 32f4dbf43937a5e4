import { rmSync } from 'node:fs';

/** Removes the bundle of this run. */
export default function unbundle() {
  const folder = process.env.TEST_BUNDLE;
  delete process.env.TEST_BUNDLE;
  if (folder) rmSync(folder, { recursive: true, force: true });
}
