import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inputShapesOf, writtenShapes } from './inputs.ts';
import { startWorld } from './world.ts';

/** Writes local/front/shapes.json anew: after an operation is added, and after an update of the SDK's clients. */
const cloud = await startWorld();
const file = join(import.meta.dirname, '..', '..', 'local', 'front', 'shapes.json');
await writeFile(file, writtenShapes(inputShapesOf(cloud.apis)));
await cloud.stop();
process.stdout.write(`${file}\n`);
