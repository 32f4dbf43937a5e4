import { authorize } from '../../../local/iam/authorize.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';
import { createRecorder } from '../../../local/iam/recorder.ts';

const policies = [
  parsePolicy('p', {
    Statement: [
      { Sid: 'Read', Effect: 'Allow', Action: ['ecs:Describe*', 'ecs:ListTasks'], Resource: '*' },
      { Effect: 'Deny', Action: 'ecs:DeleteCluster', Resource: '*' },
    ],
  }),
];

describe('the recorder', () => {
  it('lists every allowed action that no call has used', () => {
    const recorder = createRecorder();
    const verdict = authorize(policies, [{ action: 'ecs:DescribeTasks', resource: '*', context: {} }], 'me');
    recorder.record('role', verdict.allowed ? verdict.statements : []);
    expect(recorder.unused('role', policies)).toEqual([
      { owner: 'role', policy: 'p', statement: 0, sid: 'Read', action: 'ecs:ListTasks' },
    ]);
  });

  it('keeps what different roles used apart', () => {
    const recorder = createRecorder();
    recorder.record('one', [{ policy: 'p', statement: 0, action: 'ecs:ListTasks' }]);
    expect(recorder.unused('other', policies)).toHaveLength(2);
  });

  it('can import what another one recorded', () => {
    const first = createRecorder();
    first.record('role', [{ policy: 'p', statement: 0, action: 'ecs:ListTasks' }]);
    const second = createRecorder();
    for (const use of first.uses()) second.record(use.owner, [use]);
    expect(second.unused('role', policies).map(({ action }) => action)).toEqual(['ecs:Describe*']);
  });
});
