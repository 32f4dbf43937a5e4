import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './judging.ts';
import { MISLEADING } from './misleading.ts';
import { OWN_LOGS } from './ownLogs.ts';
import { OWN_WORDINGS } from './ownWordings.ts';

/** Situations that were seen to be explained badly, and what they should say. */
const HANDED: readonly Case[] = readFileSync(join(import.meta.dirname, 'handed.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

export const SETS: Readonly<Record<string, readonly Case[]>> = {
  handed: HANDED,
  logs: OWN_LOGS,
  wordings: OWN_WORDINGS,
  misleading: MISLEADING,
};
