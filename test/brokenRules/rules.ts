import { EDGE_RULES } from './edges.ts';
import { RELEASE_RULES } from './releases.ts';
import type { BrokenRule } from './rule.ts';
import { TASK_RULES } from './tasks.ts';

export const BROKEN_RULES: readonly BrokenRule[] = [...RELEASE_RULES, ...TASK_RULES, ...EDGE_RULES];
