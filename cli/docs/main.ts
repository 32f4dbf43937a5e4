import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents.ts';

const root = join(import.meta.dirname, '..', '..');
for (const [file, text] of Object.entries(documents())) {
  writeFileSync(join(root, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
