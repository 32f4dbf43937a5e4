import type { JsonObject } from '../../../local/contract.ts';
import { compileEarly } from '../../../local/events/early.ts';
import { compilePattern } from '../../../local/events/pattern.ts';

const TASK = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change' };
const STATUSES = ['PENDING', 'RUNNING', 'STOPPED'] as const;
const STARTED = ['ecs-svc/1', 'fairway/1', undefined] as const;
const REASONS = ['Scaling activity', 'Essential container in task exited', undefined] as const;

/** Everything that is known of a task early, in all combinations. */
const EVERY: readonly JsonObject[] = STATUSES.flatMap((lastStatus) =>
  STARTED.flatMap((startedBy) => REASONS.map((stoppedReason) => ({ lastStatus, startedBy, stoppedReason }))),
);

const PATTERNS: readonly [string, JsonObject][] = [
  ['of statuses', { ...lists(TASK), detail: { lastStatus: ['STOPPED'] } }],
  [
    'of a prefix',
    { ...lists(TASK), detail: { lastStatus: ['RUNNING'], startedBy: [{ prefix: 'fairway/' }] } },
  ],
  [
    'of what is absent',
    {
      ...lists(TASK),
      detail: { stoppedReason: [{ 'anything-but': { prefix: 'Scaling' } }, { exists: false }] },
    },
  ],
  ['of what is present', { ...lists(TASK), detail: { startedBy: [{ exists: true }] } }],
  ['of members that are not known early', { ...lists(TASK), detail: { containers: { exitCode: [1] } } }],
  ['of alternatives', { detail: { $or: [{ lastStatus: ['STOPPED'] }, { startedBy: ['ecs-svc/1'] }] } }],
  ['of another detail type', { 'detail-type': ['ECS Deployment State Change'] }],
  ['of another source', { source: ['aws.ecr'] }],
  ['of everything', { source: [{ prefix: '' }] }],
];

function lists(event: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, [value]]));
}

describe('an early look at a pattern', () => {
  it.each(PATTERNS)('%s never says no where the whole event matches', (_, pattern) => {
    const matches = compilePattern(pattern);
    const early = compileEarly(pattern);
    for (const known of EVERY) {
      const detail = { ...known, containers: [{ exitCode: 1 }] };
      if (matches({ ...TASK, detail })) expect([known, early(TASK, known)]).toEqual([known, true]);
    }
  });

  it('excludes events that a rule cannot match', () => {
    const count = (pattern: JsonObject) => EVERY.filter((known) => compileEarly(pattern)(TASK, known)).length;
    const counts = PATTERNS.map(([name, pattern]) => [name, count(pattern)]);
    expect(Object.fromEntries(counts)).toEqual({
      'of statuses': 9,
      'of a prefix': 3,
      'of what is absent': 18,
      'of what is present': 18,
      'of members that are not known early': 27,
      'of alternatives': 27,
      'of another detail type': 0,
      'of another source': 0,
      'of everything': 27,
    });
  });

  it('does not exclude events with unknown fields', () => {
    const early = compileEarly({ detail: { lastStatus: ['STOPPED'] } });
    expect(early(TASK, {})).toBe(true);
    expect(early(TASK, { lastStatus: undefined })).toBe(false);
  });
});
